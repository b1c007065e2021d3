"""The submissions desk, as a district lead and the business team meet it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.actions import answers, profiles, reviews, submissions
from cases.actions.profiles import Line
from cases.actions.submissions import Submission
from cases.lifecycle import ALLOWS, Activity
from cases.models import Case, District, Question, Review, Role, Stage
from cases.models.case import ANSWERED_AT
from kscmp_review.accounts.models import Session, User
from kscmp_review.audit.models import AuditEvent
from tests import build
from tests.cases.conftest import signed_in

pytestmark = pytest.mark.django_db

ID = "0012345"
FORM = {
    "liberi_id": ID,
    "assessment_date_day": "5",
    "assessment_date_month": "3",
    "assessment_date_year": "2021",
    "presence-parental-mental-health": "present",
    "evidence-parental-mental-health": "Both parents were in treatment.",
    "presence-housing-issues": "absent",
}


def url(name: str, review: Review, *more: str) -> str:
    return reverse(name, args=[review.slug, *more])


def submit_by_form(client: Client, review: Review, **changed: str) -> Case:
    """The whole way: form, check answers, confirmation; the case it made."""
    filled = client.post(url("submission_new", review), {**FORM, **changed})
    assert filled.status_code == 302, filled.content.decode()
    check = client.get(url("submission_check", review))
    confirmed = client.post(url("submission_check", review), {"token": check.context["token"]})
    assert confirmed.status_code == 302
    return Case.objects.of(review).order_by("-sequence")[0]


def test_district_lead_submits_a_case_and_is_given_a_reference(review: Review, nora: User) -> None:
    client = signed_in(nora)
    case = submit_by_form(client, review)
    assert (case.liberi_id, case.district.name, case.assessment_date.isoformat()) == (
        ID,
        "North",
        "2021-03-05",
    )
    reported = dict(case.answers.values_list("characteristic__slug", "reported"))
    assert reported == {
        "parental-mental-health": "present",
        "parental-substance-misuse": "not known",
        "housing-issues": "absent",
        "family-history": "not known",
    }
    page = client.get(url("submission_done", review, case.public_id)).content.decode()
    assert case.reference in page
    assert "1 of 3 cases" in page
    assert ID not in page


def test_check_answers_says_which_lines_were_left_unanswered(review: Review, nora: User) -> None:
    client = signed_in(nora)
    client.post(url("submission_new", review), FORM)
    page = client.get(url("submission_check", review)).content.decode()
    assert page.count("you left this unanswered") == 2
    assert "2 of the 4 lines are unanswered and will be stored as not known" in page
    assert not Case.objects.exists()


def test_a_liberi_id_is_in_no_address_and_not_in_the_session(review: Review, nora: User) -> None:
    client = signed_in(nora)
    filled = client.post(url("submission_new", review), FORM)
    assert ID not in filled["Location"]
    assert ID not in str([session.get_decoded() for session in Session.objects.all()])
    case = submit_by_form(client, review)
    assert ID not in url("submission_done", review, case.public_id)


def test_a_confirmation_sent_twice_makes_one_case(review: Review, nora: User) -> None:
    client = signed_in(nora)
    client.post(url("submission_new", review), FORM)
    token = client.get(url("submission_check", review)).context["token"]
    for _ in range(2):
        client.post(url("submission_check", review), {"token": token})
    assert Case.objects.count() == 1


def test_confirming_another_draft_than_the_one_shown_stores_nothing(review: Review, nora: User) -> None:
    client = signed_in(nora)
    client.post(url("submission_new", review), FORM)
    shown = client.get(url("submission_check", review)).context["token"]
    client.post(url("submission_new", review), {**FORM, "liberi_id": "777"})
    answer = client.post(url("submission_check", review), {"token": shown})
    assert answer.status_code == 200
    assert not Case.objects.exists()


def test_a_faulty_form_keeps_what_was_typed_and_leads_to_each_fault(review: Review, nora: User) -> None:
    typed = {**FORM, "liberi_id": "Smith", "assessment_date_month": "13"}
    page = signed_in(nora).post(url("submission_new", review), typed).content.decode()
    assert "<title>Error: Submit a case" in page
    assert 'href="#id_liberi_id"' in page
    assert 'href="#id_assessment_date_1"' in page
    assert "Both parents were in treatment." in page
    assert 'value="Smith"' in page


def test_the_fourth_case_of_three_is_refused_in_words(review: Review, nora: User) -> None:
    client = signed_in(nora)
    for liberi_id in ("1", "2", "3"):
        submit_by_form(client, review, liberi_id=liberi_id)
    client.post(url("submission_new", review), FORM)
    token = client.get(url("submission_check", review)).context["token"]
    page = client.post(url("submission_check", review), {"token": token}).content.decode()
    assert "North has put forward all 3 of its cases." in page
    assert Case.objects.count() == 3


def test_a_district_is_not_told_that_another_holds_the_id(review: Review, nora: User, bola: User) -> None:
    build.case(review, "South", ID, "pppp", by=bola)
    client = signed_in(nora)
    client.post(url("submission_new", review), FORM)
    token = client.get(url("submission_check", review)).context["token"]
    page = client.post(url("submission_check", review), {"token": token}).content.decode()
    assert "This Liberi ID cannot be put forward in this review." in page
    assert "South" not in page


def test_the_desk_shows_own_cases_and_logs_it(review: Review, nora: User, bola: User) -> None:
    build.case(review, "North", "0011", "pa??", by=bola)
    build.case(review, "South", "0022", "pppp", by=bola)
    page = signed_in(nora).get(url("submissions", review)).content.decode()
    assert "1 of 3" in page
    assert "0011" in page
    assert "0022" not in page
    assert "2 of the 4 characteristics" in page
    event = AuditEvent.objects.get(action="submissions.viewed")
    assert event.after == {"cases": 1, "liberi_ids": True}


def test_the_desk_does_not_show_a_district_what_the_business_team_verified(
    review: Review, nora: User, bola: User
) -> None:
    case = build.case(review, "North", "0011", "????", by=bola)
    build.verified(case, "housing-issues", "present", note="Seen on file.", by=bola)
    page = signed_in(nora).get(url("submissions", review)).content.decode()
    assert "4 of the 4 characteristics" in page
    assert "Seen on file." not in page


def test_the_business_team_sees_every_district_without_liberi_ids(review: Review, bola: User) -> None:
    cases = [
        build.case(review, place, number, "pa??", by=bola)
        for place, number in (("North", "0011"), ("South", "0022"))
    ]
    page = signed_in(bola).get(url("submissions", review)).content.decode()
    assert all(case.reference in page for case in cases)
    assert "0011" not in page
    only = signed_in(bola).get(url("submissions", review), {"district": "South"}).content.decode()
    assert cases[0].reference not in only
    assert cases[1].reference in only


def test_the_business_team_submits_for_any_district(review: Review, bola: User) -> None:
    south = District.objects.get(review=review, name="South")
    case = submit_by_form(signed_in(bola), review, district=str(south.pk))
    assert case.district == south


def test_a_case_is_changed_with_its_draft_shown_first(review: Review, nora: User, bola: User) -> None:
    case = build.case(review, "North", "0011", "pa??", by=bola)
    client = signed_in(nora)
    assert 'value="0011"' in client.get(url("submission_change", review, case.public_id)).content.decode()
    assert AuditEvent.objects.filter(action="case.viewed", object_id=case.public_id).exists()
    client.post(url("submission_change", review, case.public_id), {**FORM, "revision": case.revision})
    check = url("submission_change_check", review, case.public_id)
    client.post(check, {"token": client.get(check).context["token"]})
    case.refresh_from_db()
    assert (case.liberi_id, case.revision) == (ID, 2)


def test_a_draft_from_before_a_split_keeps_the_answers_that_carried_over(
    review: Review, nora: User, bola: User
) -> None:
    case = build.case(review, "North", ID, "pp?a", by=nora, evidence="In the assessment.")
    client = signed_in(nora)
    form = client.get(url("submission_change", review, case.public_id)).context["form"]
    typed = {field.html_name: field.value() or "" for field in form if "date" not in field.name}
    dates = {name: FORM[name] for name in FORM if "date" in name}
    client.post(url("submission_change", review, case.public_id), {**typed, **dates, "later": "1"})
    half = Line(
        slug="maternal-use", name="Maternal use", tier="key", answers_from="parental-substance-misuse"
    )
    profiles.change(review=review, lines=[*build.LINES, half], reason="Two questions.", by=bola)
    check = client.get(url("submission_change_check", review, case.public_id))
    client.post(url("submission_change_check", review, case.public_id), {"token": check.context["token"]})
    case.refresh_from_db()
    assert case.revision == 2
    answer = case.answers.get(characteristic__slug="maternal-use")
    assert (answer.reported, answer.evidence) == ("present", "In the assessment.")


def test_a_change_made_late_shows_both_texts_and_writes_neither(
    review: Review, nora: User, bola: User
) -> None:
    case = build.case(review, "North", "0011", "pa??", by=bola)
    client = signed_in(nora)
    client.post(
        url("submission_change", review, case.public_id), {**FORM, "liberi_id": "0011", "revision": 1}
    )
    check = url("submission_change_check", review, case.public_id)
    token = client.get(check).context["token"]
    theirs = submissions.Submission(
        liberi_id="0011", assessment_date=build.ASSESSED, answers=build.answers(review, "aaaa", "Their note.")
    )
    submissions.change(case=case, submission=theirs, revision=1, by=bola)
    page = client.post(check, {"token": token}).content.decode()
    assert "Somebody else has changed this case" in page
    assert "Their note." in page
    assert "Both parents were in treatment." in page
    assert case.answers.get(characteristic__slug="parental-mental-health").evidence == "Their note."
    client.post(check, {"token": token, "seen": "2"})
    kept = case.answers.get(characteristic__slug="parental-mental-health")
    assert kept.evidence == "Both parents were in treatment."


def test_withdrawing_asks_first_and_frees_place_and_id(review: Review, nora: User, bola: User) -> None:
    case = build.case(review, "North", ID, "pa??", by=bola)
    client = signed_in(nora)
    page = url("submission_withdraw", review, case.public_id)
    assert client.get(page).status_code == 200
    assert Case.objects.of(review).live().count() == 1
    client.post(page)
    assert Case.objects.of(review).live().count() == 0
    submit_by_form(client, review)


def test_a_question_is_answered_in_place_and_a_reply_without_an_answer_keeps_its_note(
    review: Review, nora: User, bola: User
) -> None:
    case = build.case(review, "North", "0011", "pp??", by=bola)
    answers.ask(case=case, slug="housing-issues", by=bola)
    client = signed_in(nora)
    assert "Questions from the business team" in client.get(url("submissions", review)).content.decode()
    reply, prefix = (
        url("question_reply", review, case.public_id, "housing-issues"),
        f"{case.public_id}-housing-issues",
    )
    page = client.post(reply, {f"{prefix}-evidence": "Two moves."}).content.decode()
    assert "Select present, absent or not known" in page
    assert "Two moves." in page
    client.post(reply, {f"{prefix}-evidence": "Two moves.", f"{prefix}-presence": "present"})
    answer = case.answers.get(characteristic__slug="housing-issues")
    assert (answer.reported, answer.evidence) == ("present", "Two moves.")


def test_a_case_changed_to_say_what_was_asked_is_not_asked_about_again(
    review: Review, nora: User, bola: User
) -> None:
    case = build.case(review, "North", "12", "p??a", by=nora)
    for slug in ("parental-substance-misuse", "housing-issues"):
        answers.ask(case=case, slug=slug, by=bola)
    said = Submission(liberi_id="12", assessment_date=build.ASSESSED, answers=build.answers(review, "pp?a"))
    submissions.change(case=case, submission=said, revision=case.revision, by=nora)
    open_ones = Question.objects.open().values_list("characteristic__slug", flat=True)
    assert list(open_ones) == ["housing-issues"]
    selection = signed_in(bola).get("/reviews/babies/selection/").content.decode()
    assert "Answers that have arrived" in selection


class TestQuestionsNobodyCanAnswer:
    """The page to answer them is not there: so nothing sends a district lead to it."""

    @pytest.fixture
    def asked(self, review: Review, nora: User, bola: User) -> Question:
        case = build.case(review, "North", "12", "pp?p", by=nora)
        return answers.ask(case=case, slug="housing-issues", by=bola)

    def waits(self, lead: User) -> list[bool]:
        pages = [
            signed_in(lead).get(address).content.decode() for address in ("/", "/reviews/babies/submissions/")
        ]
        return ["1 question for you" in pages[0], "Questions from the business team" in pages[1]]

    def told(self, team: User) -> list[bool]:
        overview, desk = (signed_in(team).get(f"/reviews/babies/{page}") for page in ("", "submissions/"))
        numbers = [questions for _, questions in desk.context["districts"]]
        return ["1 asked of districts" in overview.content.decode(), numbers == [1, 0]]

    def test_one_that_can_be_answered_waits(self, asked: Question, nora: User, bola: User) -> None:
        assert self.waits(nora) == self.told(bola) == [True, True]

    def test_once_the_selection_is_confirmed(
        self, asked: Question, review: Review, nora: User, bola: User
    ) -> None:
        build.confirmed(review, by=bola)
        assert self.waits(nora) == self.told(bola) == [False, False]

    def test_about_a_characteristic_that_is_no_longer_in_the_profile(
        self, asked: Question, review: Review, nora: User, bola: User
    ) -> None:
        lines = [line for line in build.LINES if line.slug != "housing-issues"]
        profiles.change(review=review, lines=lines, reason="Not asked for.", by=bola)
        assert self.waits(nora) == self.told(bola) == [False, False]
        profiles.change(review=review, lines=build.LINES, reason="Asked for after all.", by=bola)
        assert self.waits(nora) == self.told(bola) == [True, True]


def test_questions_wait_for_as_long_as_answers_may_be_corrected() -> None:
    assert {stage for stage in Stage if Activity.CORRECT in ALLOWS[stage]} == set(ANSWERED_AT)


def test_another_districts_case_is_not_there_for_a_lead(review: Review, nora: User, bola: User) -> None:
    case = build.case(review, "South", "0022", "pp??", by=bola)
    for name in ("submission_change", "submission_change_check", "submission_withdraw", "submission_done"):
        assert signed_in(nora).get(url(name, review, case.public_id)).status_code == 404
    assert Case.objects.of(review).live().count() == 1


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.BOARD_READER])
def test_other_roles_have_no_desk(review: Review, bola: User, role: str) -> None:
    client = signed_in(build.member(review, "other", role, by=bola))
    for name in ("submissions", "submission_new", "submissions_upload", "submissions_template"):
        assert client.get(url(name, review)).status_code == 403


def test_after_the_deadline_a_lead_reads_but_does_not_submit(review: Review, nora: User, bola: User) -> None:
    case = build.case(review, "North", "0011", "pp??", by=bola)
    client = signed_in(nora)
    client.post(url("submission_new", review), FORM)
    token = client.get(url("submission_check", review)).context["token"]
    Review.objects.update(submissions_close_on=timezone.localdate() - timedelta(days=1))
    page = client.get(url("submissions", review)).content.decode()
    assert "Submissions have closed" in page
    assert "Add a case" not in page
    assert client.get(url("submission_new", review)).status_code == 302
    refused = client.post(url("submission_check", review), {"token": token}).content.decode()
    assert "The deadline for submissions has passed" in refused
    client.post(url("submission_withdraw", review, case.public_id))
    assert Case.objects.of(review).live().count() == 1


def test_the_business_team_reads_that_submissions_have_closed_for_the_districts(
    review: Review, nora: User, bola: User
) -> None:
    said = "Submissions have closed for the districts. You can still submit"
    today = timezone.localdate()
    Review.objects.update(submissions_close_on=today)
    assert "Submissions close today" in signed_in(bola).get(url("submissions", review)).content.decode()
    Review.objects.update(submissions_close_on=today - timedelta(days=1))
    assert said in signed_in(bola).get(url("submissions", review)).content.decode()
    Review.objects.update(submissions_close_on=today + timedelta(days=3), stage=Stage.SELECTING)
    assert said in signed_in(bola).get(url("submissions", review)).content.decode()
    assert said not in signed_in(nora).get(url("submissions", review)).content.decode()


@pytest.mark.parametrize("role", [Role.BUSINESS_TEAM, Role.DISTRICT_LEAD])
def test_the_desk_holds_its_query_count_as_cases_grow(bola: User, role: str) -> None:
    review = build.review("long", by=bola, cases_per_district=40)
    place = "North" if role == Role.DISTRICT_LEAD else None
    client = signed_in(build.member(review, "reader", role, by=bola, district=place))
    counts = []
    for wanted in (2, 30):
        for number in range(review.cases.count(), wanted):
            build.case(review, "North", str(number), "pa??", by=bola)
        client.get(url("submissions", review))
        with CaptureQueriesContext(connection) as queries:
            client.get(url("submissions", review))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_before_it_opens_a_lead_finds_the_desk_closed(bola: User) -> None:
    review = build.review("later", by=bola, stage=Stage.SETTING_UP)
    nora = build.member(review, "nora", Role.DISTRICT_LEAD, by=bola, district="North")
    assert (
        "Submissions have not opened yet." in signed_in(nora).get(url("submissions", review)).content.decode()
    )
    reviews.move_to_stage(review=review, stage=Stage.OPEN, by=bola)
    assert "Add a case" in signed_in(nora).get(url("submissions", review)).content.decode()
