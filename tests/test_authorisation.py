"""Every address × every person × every method against a written expectation.

A row says, for a GET and for an empty POST, what each role of the review meets: `ok` (200), `go` (302),
403 or 404, in the order of ROLES; no POST column means that the address takes none (405). For every row it
holds besides that people of other reviews and administrators meet 404, that nobody gets in without signing
in, and that an object of another review under this review's address is a 404. An address without a row fails.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, TestCase
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from kscmp_review.accounts.models import User
from tests import build
from tests.world import World, world

ROLES = ("business", "north lead", "south lead", "reviewer", "board reader")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
IN_PLACE = {200, 302, 400, 409, 422}
Arguments = Callable[[World], list[object]]


def in_review(at: World) -> list[object]:
    return [at.review.slug]


def of_selected(at: World) -> list[object]:
    return [at.review.slug, at.selected.public_id]


def of_unselected(at: World) -> list[object]:
    return [at.review.slug, at.unselected.public_id]


def index_case(at: World) -> list[object]:
    return [at.review.slug, at.index_number]


def in_format(file_format: str, at: World) -> list[object]:
    return [at.review.slug, file_format]


@dataclass(frozen=True)
class Row:
    name: str
    get: str
    post: str = ""
    arguments: Arguments = in_review
    label: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.label}".strip()


TEAM_ONLY = "ok 403 403 403 403"
TEAM_AND_REVIEWER = "ok 403 403 ok 403"
REVIEWER_ONLY = "403 403 403 ok 403"
# A POST that names no version is, to whoever may restore one, not there.
REVIEWER_404 = "403 403 403 404 403"
EVERY_MEMBER = "ok ok ok ok ok"
# District leads meet 404 where the object is not of their district, or not for districts at all.
DESK = "ok ok ok 403 403"
DESK_NORTH = "ok ok 404 403 403"
DESK_SOUTH = "ok 404 ok 403 403"
NOT_ALLOWED = "405 405 405 405 405"


def member(at: World) -> list[object]:
    return [at.review.slug, at.membership.pk]


def offer(at: World) -> list[object]:
    return [at.review.slug, at.offer.pk]


def finding(at: World) -> list[object]:
    return [*of_selected(at), at.finding.public_id]


def passage(at: World) -> list[object]:
    return [*of_selected(at), at.passage.pk]


def topic(at: World) -> list[object]:
    return [at.review.slug, at.topic.pk]


def theme(at: World) -> list[object]:
    return [at.review.slug, at.theme.slug]


def section(at: World) -> list[object]:
    return [at.review.slug, at.section.key]


def released(at: World) -> list[object]:
    return [at.review.slug, at.released.number]


def point(at: World) -> list[object]:
    return [at.review.slug, at.learning_point]


def proposed(at: World) -> list[object]:
    return [at.review.slug, at.proposed.number]


ROWS: list[Row] = [
    Row("review", "ok go go go go"),
    Row("review_settings", TEAM_ONLY, TEAM_ONLY),
    Row("review_stage", TEAM_ONLY, TEAM_ONLY, lambda at: [at.review.slug, "reporting"]),
    Row("profile", TEAM_ONLY),
    Row("profile_change", TEAM_ONLY, TEAM_ONLY),
    Row("profile_add", TEAM_ONLY, TEAM_ONLY),
    Row("profile_start_over", NOT_ALLOWED, TEAM_ONLY),
    Row("profile_line", TEAM_ONLY, TEAM_ONLY, lambda at: [at.review.slug, "housing-issues"]),
    Row("profile_split", TEAM_ONLY, TEAM_ONLY, lambda at: [at.review.slug, "housing-issues"]),
    Row("profile_step", NOT_ALLOWED, "404 403 403 403 403", lambda at: [at.review.slug, "housing-issues"]),
    Row("profile_restore", NOT_ALLOWED, "404 403 403 403 403", lambda at: [at.review.slug, "housing-issues"]),
    Row("index_cases", TEAM_ONLY),
    Row("index_case_new", TEAM_ONLY, TEAM_ONLY),
    Row("index_cases_upload", TEAM_ONLY, TEAM_ONLY),
    Row("index_cases_template", TEAM_ONLY),
    Row("index_case_change", TEAM_ONLY, TEAM_ONLY, index_case),
    Row("index_case_remove", TEAM_ONLY, TEAM_ONLY, index_case),
    Row("members", TEAM_ONLY, TEAM_ONLY),
    Row("member_change", TEAM_ONLY, TEAM_ONLY, member),
    Row("member_end", TEAM_ONLY, TEAM_ONLY, member),
    Row("offer_again", NOT_ALLOWED, TEAM_ONLY, offer),
    Row("offer_withdraw", NOT_ALLOWED, TEAM_ONLY, offer),
    Row("audit", TEAM_ONLY),
    Row("messages", TEAM_ONLY),
    Row("data_protection", TEAM_ONLY),
    Row("retention_change", TEAM_ONLY, TEAM_ONLY),
    Row("legal_hold", TEAM_ONLY, TEAM_ONLY),
    Row("stays_open", TEAM_ONLY, TEAM_ONLY),
    Row("data_protection_export", TEAM_ONLY, "", partial(in_format, "csv"), "csv"),
    Row("data_protection_export", TEAM_ONLY, "", partial(in_format, "json"), "json"),
    Row("data_protection_export", TEAM_ONLY, "", partial(in_format, "xlsx"), "xlsx"),
    Row("submissions", DESK),
    # Submissions have closed in the reviews of this walk: their forms lead back to the desk.
    Row("submission_new", "go go go 403 403", DESK),
    Row("submission_check", "go go go 403 403", DESK),
    Row("submissions_upload", "go go go 403 403", DESK),
    Row("submissions_upload_check", "go go go 403 403", DESK),
    Row("submissions_template", DESK),
    Row("submission_change", "go go 404 403 403", DESK_NORTH, of_selected, "of North"),
    Row("submission_change", "go 404 go 403 403", DESK_SOUTH, of_unselected, "of South"),
    Row("submission_change_check", "go go 404 403 403", DESK_NORTH, of_selected),
    Row("submission_draft", DESK, DESK),
    Row("submission_discard", NOT_ALLOWED, DESK),
    Row("submission_change_draft", DESK_NORTH, DESK_NORTH, of_selected),
    Row("submission_change_discard", NOT_ALLOWED, DESK_NORTH, of_selected),
    Row("case_history", DESK_NORTH, "", of_selected),
    Row("submission_withdraw", DESK_NORTH, DESK_NORTH, of_selected),
    Row("submission_done", DESK_NORTH, "", of_selected),
    Row("question_reply", NOT_ALLOWED, DESK_SOUTH, lambda at: [*of_unselected(at), "housing-issues"]),
    Row("selection", TEAM_ONLY),
    Row("selection_compare", TEAM_ONLY),
    Row("selection_accept", NOT_ALLOWED, TEAM_ONLY),
    Row("selection_confirm", TEAM_ONLY, TEAM_ONLY),
    Row("selection_reopen", TEAM_ONLY, TEAM_ONLY),
    Row("selection_record", TEAM_ONLY, "", lambda at: [at.review.slug, at.selection.number]),
    *(
        Row("selection_export", TEAM_ONLY, "", partial(in_format, file_format), file_format)
        for file_format in ("csv", "xlsx", "json")
    ),
    Row("case_answers", "ok 403 403 403 403", "", of_unselected),
    Row("selection_decide", TEAM_ONLY, TEAM_ONLY, of_unselected),
    Row("case_ask", NOT_ALLOWED, TEAM_ONLY, of_unselected),
    Row("agreement", TEAM_ONLY),
    Row("robustness", TEAM_ONLY),
    Row("case_verify", TEAM_ONLY, TEAM_ONLY, of_unselected),
    Row("case_liberi_id", "ok 403 403 ok 403", "ok 403 403 ok 403", of_selected, "of a selected case"),
    Row("case_liberi_id", "ok 403 403 404 403", "ok 403 403 404 403", of_unselected, "of another case"),
    Row("cases", TEAM_AND_REVIEWER),
    Row("case", "ok ok 404 ok 403", "", of_selected, "selected, of North"),
    Row("case", "ok 404 ok 404 403", "", of_unselected, "not selected, of South"),
    Row("coverage", TEAM_AND_REVIEWER),
    Row("record_read", NOT_ALLOWED, REVIEWER_ONLY, of_selected),
    Row("second_readings", TEAM_AND_REVIEWER, REVIEWER_ONLY),
    Row("second_reading", TEAM_AND_REVIEWER, "", of_selected),
    Row("second_reading_step", NOT_ALLOWED, REVIEWER_404, of_selected),
    Row("second_reading_settle", NOT_ALLOWED, REVIEWER_ONLY, lambda at: [*of_selected(at), 0]),
    Row("second_untag", NOT_ALLOWED, REVIEWER_ONLY, lambda at: [*of_selected(at), at.second_tag]),
    Row("search_texts", TEAM_AND_REVIEWER),
    Row("finding_new", REVIEWER_ONLY, REVIEWER_ONLY, of_selected),
    Row("finding_new", "403 403 403 404 403", "403 403 403 404 403", of_unselected, "of another case"),
    Row("finding_change", REVIEWER_ONLY, REVIEWER_ONLY, finding),
    Row("finding_delete", REVIEWER_ONLY, REVIEWER_ONLY, finding),
    Row("findings_deleted", REVIEWER_ONLY, REVIEWER_404, of_selected),
    Row("text_history", TEAM_AND_REVIEWER, REVIEWER_404, finding),
    Row("writing_draft", REVIEWER_ONLY, REVIEWER_ONLY, lambda at: [*of_selected(at), "finding", "new"]),
    Row("writing_discard", NOT_ALLOWED, REVIEWER_ONLY, lambda at: [*of_selected(at), "finding", "new"]),
    Row("cell_history", TEAM_AND_REVIEWER, REVIEWER_404, lambda at: [*of_selected(at), at.theme.slug]),
    Row("passage_tag", REVIEWER_ONLY, REVIEWER_ONLY, finding),
    Row("text_read", TEAM_AND_REVIEWER, "", finding),
    Row("passage", TEAM_AND_REVIEWER, "", passage),
    Row("passage_untag", NOT_ALLOWED, REVIEWER_ONLY, passage),
    Row("passage_quotable", NOT_ALLOWED, REVIEWER_ONLY, passage),
    Row("passage_memo", NOT_ALLOWED, REVIEWER_ONLY, passage),
    Row("passage_look_done", NOT_ALLOWED, REVIEWER_ONLY, passage),
    Row("interview", REVIEWER_ONLY, REVIEWER_ONLY, of_selected),
    Row("interview_note", REVIEWER_ONLY, REVIEWER_ONLY, lambda at: [*of_selected(at), at.topic.pk]),
    Row("codebook", TEAM_AND_REVIEWER),
    Row("theme_new", REVIEWER_ONLY, REVIEWER_ONLY),
    Row("theme", TEAM_AND_REVIEWER, "", theme),
    Row("theme_history", TEAM_AND_REVIEWER, REVIEWER_404, theme),
    Row("theme_change", REVIEWER_ONLY, REVIEWER_ONLY, theme),
    Row("theme_retire", REVIEWER_ONLY, REVIEWER_ONLY, theme),
    Row("theme_restore", NOT_ALLOWED, REVIEWER_ONLY, theme),
    Row("theme_merge", REVIEWER_ONLY, REVIEWER_ONLY, theme),
    Row("theme_split", REVIEWER_ONLY, REVIEWER_ONLY, theme),
    Row("exchange", TEAM_AND_REVIEWER, REVIEWER_ONLY),
    Row("exchange_export", TEAM_AND_REVIEWER, "", partial(in_format, "qdc"), "qdc"),
    Row("codebook_undo", NOT_ALLOWED, REVIEWER_ONLY, lambda at: [at.review.slug, at.step.pk]),
    Row("theme_move", NOT_ALLOWED, REVIEWER_ONLY, theme),
    Row("matrix", TEAM_AND_REVIEWER),
    Row("matrix_strength", TEAM_AND_REVIEWER),
    Row("matrix_export", TEAM_AND_REVIEWER),
    Row("matrix_cell", TEAM_AND_REVIEWER, REVIEWER_ONLY, lambda at: [*of_selected(at), at.theme.slug]),
    Row("interviews", TEAM_AND_REVIEWER),
    Row("topic_guide", TEAM_AND_REVIEWER, REVIEWER_ONLY),
    Row("topic_question", TEAM_AND_REVIEWER, "", topic),
    Row("topic_guide_versions", TEAM_AND_REVIEWER),
    Row("topic_question_move", NOT_ALLOWED, REVIEWER_ONLY, topic),
    Row("topic_question_change", REVIEWER_ONLY, REVIEWER_ONLY, topic),
    Row("topic_question_retire", NOT_ALLOWED, REVIEWER_ONLY, topic),
    Row("report", EVERY_MEMBER),
    Row("report_start", NOT_ALLOWED, TEAM_AND_REVIEWER),
    Row("report_section", TEAM_AND_REVIEWER, TEAM_AND_REVIEWER, section),
    Row("report_section_draft", TEAM_AND_REVIEWER, TEAM_AND_REVIEWER, section),
    Row("report_section_discard", NOT_ALLOWED, TEAM_AND_REVIEWER, section),
    # A POST that names no version, or no section, is to whoever may restore one not there.
    Row("report_section_history", TEAM_AND_REVIEWER, "404 403 403 404 403", section),
    Row("report_sections_removed", TEAM_AND_REVIEWER, "404 403 403 404 403"),
    Row("report_template", TEAM_ONLY, TEAM_ONLY),
    Row("report_template_add", NOT_ALLOWED, TEAM_AND_REVIEWER),
    Row("report_section_new", TEAM_AND_REVIEWER, TEAM_AND_REVIEWER),
    Row("report_section_move", NOT_ALLOWED, TEAM_AND_REVIEWER, section),
    Row("report_section_remove", TEAM_AND_REVIEWER, TEAM_AND_REVIEWER, section),
    Row("report_checks", TEAM_AND_REVIEWER),
    Row("report_problem_accept", TEAM_ONLY, TEAM_ONLY, lambda at: [at.review.slug, at.problem]),
    Row("report_acceptance_withdraw", NOT_ALLOWED, TEAM_ONLY, lambda at: [at.review.slug, at.acceptance]),
    Row("report_preview", TEAM_AND_REVIEWER),
    Row("report_download", TEAM_AND_REVIEWER, "", partial(in_format, "html"), "html"),
    Row("report_propose", TEAM_ONLY, TEAM_ONLY),
    Row("report_approve", NOT_ALLOWED, TEAM_ONLY, proposed),
    # A version that is not released is, to whoever does not release, not there.
    Row("report_version", EVERY_MEMBER, "", released, "released"),
    Row("report_version", "ok 404 404 404 404", "", proposed, "put forward"),
    Row("report_version_changes", "ok 403 403 404 403", "", proposed),
    Row("report_changes", TEAM_AND_REVIEWER),
    Row("report_version_download", EVERY_MEMBER, "", lambda at: [*released(at), "html"], "released"),
    Row(
        "report_version_download", "ok 404 404 404 404", "", lambda at: [*proposed(at), "html"], "put forward"
    ),
    Row("version_briefing", EVERY_MEMBER, "", lambda at: [*released(at), "health"], "released"),
    Row("version_briefing", "ok 404 404 404 404", "", lambda at: [*proposed(at), "all"], "put forward"),
    Row("version_briefing_download", EVERY_MEMBER, "", lambda at: [*released(at), "all", "html"], "released"),
    Row(
        "version_briefing_download",
        "ok 404 404 404 404",
        "",
        lambda at: [*proposed(at), "all", "html"],
        "put forward",
    ),
    Row("learning", TEAM_AND_REVIEWER),
    Row("learning_new", TEAM_AND_REVIEWER, TEAM_AND_REVIEWER),
    Row("learning_change", TEAM_AND_REVIEWER, TEAM_AND_REVIEWER, point),
    Row("learning_draft", TEAM_AND_REVIEWER, TEAM_AND_REVIEWER, point),
    Row("learning_discard", NOT_ALLOWED, TEAM_AND_REVIEWER, point),
    Row("learning_move", NOT_ALLOWED, TEAM_AND_REVIEWER, point),
    Row("learning_withdraw", TEAM_AND_REVIEWER, TEAM_AND_REVIEWER, point),
    Row("learning_restore", NOT_ALLOWED, TEAM_AND_REVIEWER, point),
    Row("learning_history", TEAM_AND_REVIEWER, "404 403 403 404 403", point),
    Row("follow_up", TEAM_AND_REVIEWER),
    Row("follow_up_point", TEAM_AND_REVIEWER, TEAM_ONLY, point),
    Row("briefing", TEAM_AND_REVIEWER),
    Row("briefing_download", TEAM_AND_REVIEWER, "", lambda at: [at.review.slug, "all", "html"]),
]
# Addresses outside any review: what anyone signed in, and an administrator, meets.
OUTSIDE_REVIEWS: dict[str, str] = {
    "home": "the reviews one belongs to",
    "review_create": "for those who open reviews",
    "offer_accept": "for whoever is invited: tests/cases/test_offers.py",
    "healthz": "for machines, without signing in",
    "readyz": "for machines, without signing in",
    "metrics": "for machines that bring a token",
}
# Addresses of signing in and of accounts: tests/accounts/test_every_address.py has their rows.
ACCOUNT = ("account_", "accounts_", "mfa_", "openid_connect_")


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from patterns(each)
        else:
            yield each


def names() -> set[str]:
    return {str(pattern.name) for pattern in patterns(get_resolver())}


def test_every_address_has_its_row() -> None:
    told = {row.name for row in ROWS} | set(OUTSIDE_REVIEWS)
    assert {name for name in names() if not name.startswith(ACCOUNT)} == told


# Account → its session, signed in once for all the requests of the walk.
sessions: dict[int, str] = {}


def sign_in(user: User) -> None:
    client = Client()
    client.force_login(user)
    client.get("/healthz")
    sessions[user.pk] = client.cookies[settings.SESSION_COOKIE_NAME].value


def ask(user: User | None, method: str, url: str) -> int:
    """The status that the person meets; whatever the request changed is undone."""
    with transaction.atomic():
        client = Client()
        if user is not None:
            client.cookies[settings.SESSION_COOKIE_NAME] = sessions[user.pk]
        status = client.generic(method, url).status_code
        transaction.set_rollback(True)
    return status


def fits(expected: str, status: int, method: str) -> bool:
    if expected == "ok":
        return status == 200 if method == "GET" else status in IN_PLACE
    if expected == "go":
        return status == 302
    return status == int(expected)


def wrong_for_members(row: Row, here: World) -> list[str]:
    """Each role × GET and POST that meets something other than is written."""
    url = reverse(row.name, args=row.arguments(here))
    wrong = []
    for method, expectations in (("GET", row.get), ("POST", row.post)):
        for role, expected in zip(ROLES, (expectations or NOT_ALLOWED).split(), strict=True):
            status = ask(here.people[role], method, url)
            if not fits(expected, status, method):
                wrong.append(f"{role} {method} {url}: {status}, not {expected}")
    return wrong


def wrong_for_other_methods(row: Row, here: World) -> list[str]:
    url = reverse(row.name, args=row.arguments(here))
    met = {
        (role, method): ask(here.people[role], method, url)
        for role in ROLES
        for method in ("PUT", "PATCH", "DELETE")
    }
    return [f"{key} {url}: {status}" for key, status in met.items() if status not in {403, 404, 405}]


def wrong_for_outsiders(row: Row, here: World, outsiders: list[User]) -> list[str]:
    """People of another review and administrators meet 404, or 405 where members would too."""
    url = reverse(row.name, args=row.arguments(here))
    wrong = []
    for method, expectations in (("GET", row.get), ("POST", row.post or NOT_ALLOWED)):
        expected = 405 if expectations == NOT_ALLOWED else 404
        for outsider in outsiders:
            status = ask(outsider, method, url)
            if status != expected:
                wrong.append(f"{outsider.email} {method} {url}: {status}")
    return wrong


def wrong_without_signing_in(row: Row, here: World) -> list[str]:
    url = reverse(row.name, args=row.arguments(here))
    met = {method: Client().generic(method, url) for method in METHODS}
    return [
        f"{method} {url}: {response.status_code}"
        for method, response in met.items()
        if response.status_code != 302 or not response["Location"].startswith("/accounts/login/")
    ]


def wrong_for_strangers(row: Row, here: World, elsewhere: World) -> list[str]:
    """An object of another review under this review's address: 404 to whoever may use the address."""
    own, theirs = row.arguments(here), row.arguments(elsewhere)
    if own[1:] == theirs[1:]:
        return []
    url = reverse(row.name, args=[here.review.slug, *theirs[1:]])
    wrong = []
    for method, expectations in (("GET", row.get), ("POST", row.post)):
        for role, expected in zip(ROLES, expectations.split(), strict=False):
            status = ask(here.people[role], method, url)
            if status != 404 and (expected in {"ok", "go"} or status not in {403, 405}):
                wrong.append(f"{role} {method} {url}: {status}")
    return wrong


class TestEachAddress(TestCase):
    """One test a question, over every row: the two reviews are built once."""

    here: World
    elsewhere: World
    administrator: User

    @classmethod
    def setUpTestData(cls) -> None:
        cls.here = world("babies", first_id=7001001)
        cls.elsewhere = world("others", first_id=8001001)
        cls.administrator = build.user("ada", is_administrator=True)
        for user in (*cls.here.people.values(), *cls.elsewhere.people.values(), cls.administrator):
            sign_in(user)

    def test_each_role_meets_what_is_written(self) -> None:
        assert [fault for row in ROWS for fault in wrong_for_members(row, self.here)] == []

    def test_other_methods_are_refused(self) -> None:
        assert [fault for row in ROWS for fault in wrong_for_other_methods(row, self.here)] == []

    def test_outsiders_meet_the_same_as_where_nothing_is(self) -> None:
        outsiders = [*self.elsewhere.people.values(), self.administrator]
        assert [fault for row in ROWS for fault in wrong_for_outsiders(row, self.here, outsiders)] == []

    def test_nobody_gets_in_without_signing_in(self) -> None:
        assert [fault for row in ROWS for fault in wrong_without_signing_in(row, self.here)] == []

    def test_an_object_of_another_review_is_not_there(self) -> None:
        faults = [fault for row in ROWS for fault in wrong_for_strangers(row, self.here, self.elsewhere)]
        assert faults == []

    def test_anyone_signed_in_has_a_home(self) -> None:
        assert {ask(user, "GET", "/") for user in self.here.people.values()} == {200}
        assert ask(None, "GET", "/") == 302

    def test_only_the_business_team_opens_a_review(self) -> None:
        statuses = {role: ask(user, "GET", "/reviews/new/") for role, user in self.here.people.items()}
        assert statuses == dict.fromkeys(ROLES, 403) | {"business": 200}
        assert ask(self.administrator, "POST", "/reviews/new/") == 403

    def test_a_wrong_expectation_is_noticed(self) -> None:
        wrong = wrong_for_members(Row("audit", "ok 403 403 ok 403"), self.here)
        assert wrong == ["reviewer GET /reviews/babies/audit/: 403, not ok"]

    def test_an_address_that_lets_an_outsider_in_is_noticed(self) -> None:
        assert wrong_for_outsiders(Row("audit", TEAM_ONLY), self.here, [self.here.people["business"]]) != []


def test_health_is_told_to_anyone_and_says_no_more_than_that(db: None) -> None:
    response = Client().get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


def test_an_address_without_a_row_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.test_authorisation.ROWS", ROWS[1:])
    with pytest.raises(AssertionError):
        test_every_address_has_its_row()
