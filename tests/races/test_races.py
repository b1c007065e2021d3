"""Two hundred times each, people who meet at one moment: nothing is given twice, nothing is lost.

Whoever loses meets a sentence (Refused, Stale), never an error. Runs on whichever database is configured.
"""

from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from cases.actions import reviews, selections, submissions
from cases.actions.submissions import Submission
from cases.errors import Refused, Stale
from cases.models import Case, District, Review, Role, Selection, Stage
from kscmp_review.accounts.models import User
from kscmp_review.audit.chain import ChainState, verify
from kscmp_review.audit.models import AuditEvent
from tests import build
from tests.races.at_once import RUNS, all_at_once, tally
from tests.themes import build as of_themes
from themes.actions import findings, passages, reshaping
from themes.models import Finding, Tag

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


def trying(act: Callable[[], object], done: str = "done") -> Callable[[], str]:
    """The act, told in a word: done, refused or stale."""

    def told() -> str:
        try:
            act()
        except Stale:
            return "stale"
        except Refused:
            return "refused"
        return done

    return told


@pytest.fixture
def team() -> User:
    return build.user("team", opens_reviews=True)


def submitting(review: Review, district: District, liberi_id: str, by: User) -> Callable[[], str]:
    asked = Submission(liberi_id=liberi_id, assessment_date=build.ASSESSED)
    return trying(partial(submissions.submit, review=review, district=district, submission=asked, by=by))


def test_the_last_place_of_a_district_goes_to_one(team: User) -> None:
    review = build.review(by=team)
    north = District.objects.get(review=review, name="North")
    for liberi_id in ("1", "2"):
        build.case(review, "North", liberi_id, "????", by=team)
    for run in range(RUNS):
        at_once = 20 if run == 0 else 4
        came = tally([submitting(review, north, f"{run}00{one}", team) for one in range(at_once)])
        assert came == {"done": 1, "refused": at_once - 1}, run
        cases = Case.objects.of(review).live().from_district(north).in_order_of_submission()
        assert cases.count() == 3
        submissions.withdraw(case=cases[2], by=team)
    assert isinstance(verify(), ChainState)


def test_a_form_sent_twice_by_a_double_click_is_one_case(team: User) -> None:
    review = build.review(by=team, cases_per_district=RUNS)
    lead = build.member(review, "lead", Role.DISTRICT_LEAD, by=team, district="North")
    check = reverse("submission_check", args=[review.slug])
    client = Client()
    client.force_login(lead)

    def click(token: str) -> str:
        twin = Client()
        twin.cookies = client.cookies
        return str(twin.post(check, {"token": token}).status_code)

    for run in range(RUNS):
        typed = {"liberi_id": str(40_000 + run)}
        typed |= {"assessment_date_day": "5", "assessment_date_month": "3", "assessment_date_year": "2021"}
        client.post(reverse("submission_new", args=[review.slug]), typed)
        token = client.get(check).context["token"]
        came = all_at_once([partial(click, token), partial(click, token)])
        assert set(came) <= {"302", "200"}, came
        assert Case.objects.of(review).live().count() == run + 1, run


def test_a_selection_is_confirmed_once(team: User) -> None:
    review = build.review(by=team)
    other = build.member(review, "other", Role.BUSINESS_TEAM, by=team)
    for number, marks in enumerate(("pppp", "pppa", "ppaa"), start=1):
        build.case(review, "North", str(number), marks, by=team)
    build.confirmed(review, by=team)
    for run in range(RUNS):
        selections.reopen(review=review, reason="Looked at again.", by=team)
        review.refresh_from_db()
        came = tally([trying(partial(selections.confirm, review=review, by=one)) for one in (team, other)])
        assert came == {"done": 1, "refused": 1}, run
        review.refresh_from_db()
        assert review.stage == Stage.REVIEWING
        letters = list(Case.objects.of(review).exclude(letter="").values_list("letter", flat=True))
        assert len(letters) == len(set(letters)) == 2
    assert Selection.objects.filter(review=review).exclude(confirmed_at=None).count() == RUNS + 1


def test_nothing_is_submitted_after_the_deadline_was_drawn(team: User) -> None:
    """Whatever is stored was stored while the review was open: its event stands before the closing's."""
    late: Counter[str] = Counter()
    for run in range(RUNS):
        review = build.review(f"closing-{run}", by=team)
        north = District.objects.get(review=review, name="North")
        close = partial(reviews.move_to_stage, review=review, stage=Stage.SELECTING, by=team)
        lead = build.member(review, f"lead-{run}", Role.DISTRICT_LEAD, by=team, district="North")
        late.update(
            all_at_once(
                [trying(close, "closed"), *(submitting(review, north, str(one), lead) for one in (1, 2))]
            )
        )
        events = list(AuditEvent.objects.filter(review_id=review.pk).order_by("pk"))
        closed = max(place for place, each in enumerate(events) if each.action == "review.stage changed")
        assert "case.submitted" not in [each.action for each in events[closed:]], run
    assert late["closed"] == RUNS
    assert late["done"] + late["refused"] == 2 * RUNS


def changing(finding: Finding, text: str, revision: int, by: User) -> Callable[[], str]:
    fields = {"record_kind": "case note", "expectation": "expected", "quality": "strength"}
    return trying(
        partial(
            findings.change,
            finding=finding,
            text=text,
            record_date=None,
            revision=revision,
            by=by,
            **fields,
        )
    )


def test_of_two_who_save_one_text_the_second_is_told(db: None) -> None:
    home = of_themes.house()
    finding = of_themes.finding(home)
    for run in range(RUNS):
        revision = run + 1
        came = tally(
            [
                changing(finding, f"Words {run} of one.", revision, home.reviewer),
                changing(finding, f"Words {run} of another.", revision, home.colleague),
            ]
        )
        assert came == {"done": 1, "stale": 1}, run
    finding.refresh_from_db()
    assert finding.revision == RUNS + 1
    assert finding.history.count() == RUNS + 1


def test_no_tag_is_lost_when_a_theme_is_merged_while_it_is_tagged_with(db: None) -> None:
    home = of_themes.house()
    into = of_themes.theme(home, "Into")
    finding = of_themes.finding(home, "A passage each time. " * RUNS)
    for run in range(RUNS):
        theme = of_themes.theme(home, f"Theme {run}")
        start = run * 21
        tag = partial(
            passages.tag, source=finding, start=start, end=start + 7, themes=[theme], by=home.colleague
        )
        merge = partial(reshaping.merge, theme=theme, into=into, by=home.reviewer)
        tagged, merged = all_at_once([trying(tag), trying(merge)])
        assert merged == "done", run
        assert Tag.objects.filter(theme=theme).count() == 0, run
        kept = Tag.objects.filter(theme=into, passage__start=start).count()
        assert kept == (1 if tagged == "done" else 0), (run, tagged)
