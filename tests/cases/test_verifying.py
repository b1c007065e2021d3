"""Rule 5 in use: going through a case, correcting answers, and how far reported and verified agree."""

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.actions import answers, profiles
from cases.actions.answers import Found
from cases.actions.profiles import Line
from cases.errors import Refused, Stale
from cases.matching import agreement
from cases.models import Case, Review
from cases.ranking import rank_review
from kscmp_review.accounts.models import User
from kscmp_review.audit.models import AuditEvent
from tests import build
from tests.cases.conftest import signed_in


@pytest.fixture
def case(review: Review, nora: User) -> Case:
    return build.case(review, "North", "0077123", "p?aa", by=nora, evidence="Seen at a visit.")


@pytest.fixture
def team(bola: User) -> Client:
    return signed_in(bola)


def page(case: Case) -> str:
    return reverse("case_verify", args=[case.review.slug, case.public_id])


def agreement_page(review: Review) -> str:
    return reverse("agreement", args=[review.slug])


def test_a_case_is_verified_in_one_go_and_on_the_audit_once(case: Case, bola: User) -> None:
    found = {
        "parental-mental-health": Found("absent", " Not in the chronology. "),
        "parental-substance-misuse": Found("present"),
        "housing-issues": Found(None),
    }
    assert answers.verify(case=case, found=found, by=bola) == 2
    kept = {
        answer.characteristic.slug: (answer.reported, answer.verified, answer.verified_note)
        for answer in case.answers.select_related("characteristic")
    }
    assert kept["parental-mental-health"] == ("present", "absent", "Not in the chronology.")
    assert kept["parental-substance-misuse"] == ("not known", "present", "")
    assert kept["housing-issues"] == ("absent", None, "")
    event = AuditEvent.objects.get(action="answers.verified")
    assert event.before == {"parental-mental-health": None, "parental-substance-misuse": None}
    assert event.after == {"parental-mental-health": "absent", "parental-substance-misuse": "present"}
    case.refresh_from_db()
    assert (case.match_count, case.not_known_count, case.verified_count) == (1, 0, 2)


def test_a_verification_is_taken_back(case: Case, bola: User) -> None:
    build.verified(case, "parental-mental-health", "absent", by=bola)
    answers.verify(case=case, found={"parental-mental-health": Found(None, "A note left over.")}, by=bola)
    answer = case.answers.get(characteristic__slug="parental-mental-health")
    assert (answer.verified, answer.verified_note, answer.verified_by) == (None, "", None)
    case.refresh_from_db()
    assert (case.match_count, case.verified_count) == (1, 0)


def test_saving_what_stands_already_is_refused_and_not_on_the_audit(case: Case, bola: User) -> None:
    build.verified(case, "housing-issues", "absent", note="File.", by=bola)
    with pytest.raises(Refused, match="Nothing is different"):
        answers.verify(case=case, found={"housing-issues": Found("absent", "File.")}, by=bola)
    assert AuditEvent.objects.filter(action="answers.verified").count() == 1


def test_an_answer_reported_since_is_looked_at_again(case: Case, bola: User, nora: User) -> None:
    question = answers.ask(case=case, slug="parental-substance-misuse", by=bola)
    seen = case.revision
    answers.reply(question=question, presence="present", by=nora)
    with pytest.raises(Stale):
        answers.verify(
            case=case, found={"parental-substance-misuse": Found("absent")}, revision=seen, by=bola
        )
    assert case.answers.get(characteristic__slug="parental-substance-misuse").verified is None


def test_characteristic_outside_the_profile_is_refused(case: Case, bola: User) -> None:
    with pytest.raises(Refused, match="not in the current profile"):
        answers.verify(case=case, found={"weather": Found("present")}, by=bola)


def test_the_page_has_the_evidence_beside_each_answer(case: Case, team: Client) -> None:
    shown = team.get(page(case)).content.decode()
    assert shown.count("Seen at a visit.") == 4
    assert "0077123" not in shown
    assert AuditEvent.objects.filter(action="case.viewed", object_id=case.public_id).count() == 1


def test_verifying_on_the_page(case: Case, team: Client) -> None:
    typed = {"presence-housing-issues": "", "note-housing-issues": "Kept text.", "revision": "1"}
    refused = team.post(page(case), typed).content.decode()
    assert "Select what the note on housing issues shows" in refused
    assert "Kept text." in refused
    saved = team.post(page(case), typed | {"presence-housing-issues": "present"}, follow=True)
    assert "1 answer verified" in saved.content.decode()
    answer = case.answers.get(characteristic__slug="housing-issues")
    assert (answer.verified, answer.verified_note) == ("present", "Kept text.")


def test_late_page_shows_what_is_reported_now_and_keeps_what_was_typed(
    case: Case, bola: User, nora: User, team: Client
) -> None:
    question = answers.ask(case=case, slug="parental-substance-misuse", by=bola)
    answers.reply(question=question, presence="present", evidence="In the file of May.", by=nora)
    typed = {
        "presence-parental-substance-misuse": "absent",
        "note-parental-substance-misuse": "My own reading.",
        "revision": "1",
    }
    late = team.post(page(case), typed).content.decode()
    assert "Somebody has changed this case" in late
    assert "In the file of May." in late
    assert "My own reading." in late
    again = team.post(page(case), typed | {"revision": "2"})
    assert again.status_code == 302
    assert case.answers.get(characteristic__slug="parental-substance-misuse").verified == "absent"


def test_the_next_case_follows_in_rank_order(review: Review, case: Case, bola: User, team: Client) -> None:
    best = build.case(review, "South", "0077124", "pppp", by=bola)
    sent = {"presence-housing-issues": "absent", "revision": "1", "next": "1"}
    assert team.post(page(case), sent).headers["Location"] == page(best)
    everything = dict.fromkeys((line.slug for line in build.LINES), Found("absent"))
    answers.verify(case=case, found=everything, by=bola)
    last = team.post(page(best), sent | {"revision": "1"})
    assert last.headers["Location"] == reverse("case_answers", args=[review.slug, best.public_id])


def test_nothing_is_verified_after_the_selection_is_confirmed(
    review: Review, bola: User, team: Client
) -> None:
    case = build.case(review, "South", "0077124", "pppp", by=bola)
    build.case(review, "South", "0077125", "ppap", by=bola)
    build.confirmed(review, by=bola)
    shown = team.get(page(case)).content.decode()
    assert "Answers no longer change" in shown
    assert "<textarea" not in shown


def test_agreement_lists_disagreements_first(review: Review, case: Case, bola: User, team: Client) -> None:
    assert "0 of the 4 answers have been verified" in team.get(agreement_page(review)).content.decode()
    build.verified(case, "housing-issues", "absent", by=bola)
    agreed = team.get(agreement_page(review)).content.decode()
    assert "Every verified answer is as it was reported." in agreed
    assert "Kappa is not given for fewer than 18 verified answers" in agreed
    build.verified(case, "parental-mental-health", "absent", note="Ruled out in 2020.", by=bola)
    shown = team.get(agreement_page(review)).content.decode()
    assert "2 of the 4 answers have been verified" in shown
    assert shown.index("Ruled out in 2020.") < shown.index("How far they agree")
    assert "1 of 2" in shown


def test_a_form_from_before_a_split_takes_back_no_verification_that_carried_over(
    review: Review, case: Case, bola: User, team: Client
) -> None:
    build.verified(case, "parental-mental-health", "absent", note="Ruled out.", by=bola)
    form = team.get(page(case)).context["form"]
    typed = {field.html_name: field.value() or "" for field in form}
    half = Line(
        slug="maternal-health", name="Maternal health", tier="key", answers_from="parental-mental-health"
    )
    profiles.change(review=review, lines=[*build.LINES, half], reason="Two questions.", by=bola)
    team.post(page(case), {**typed, "presence-housing-issues": "absent"})
    verified = dict(case.answers.exclude(verified=None).values_list("characteristic__slug", "verified"))
    assert verified == {
        "parental-mental-health": "absent",
        "maternal-health": "absent",
        "housing-issues": "absent",
    }


def test_a_share_is_not_rounded_to_all_where_two_disagree(review: Review, bola: User, team: Client) -> None:
    text = "{% include 'cases/selection/agreement_cells.html' %}"
    pairs = [("present", "present"), ("absent", "absent")] * 150 + [("present", "absent")]
    drawn = Template(text).render(Context({"one": agreement(pairs)}))
    assert "300 of 301" in drawn
    assert "99%" in drawn
    assert "100%" in Template(text).render(Context({"one": agreement(pairs[:-1])}))


def test_counter_follows_what_is_verified_of_the_current_profile(
    review: Review, case: Case, bola: User
) -> None:
    build.verified(case, "housing-issues", "absent", by=bola)
    build.verified(case, "family-history", "present", by=bola)
    assert rank_review(review).verified == 2
    profiles.change(review=review, lines=build.LINES[:3], reason="Fewer to match.", by=bola)
    assert rank_review(review).verified == 1


def test_agreement_page_asks_the_same_number_of_queries_of_many_cases(
    review: Review, bola: User, team: Client
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            team.get(agreement_page(review))
        return len(asked)

    def correct(liberi_id: str, district: str) -> None:
        case = build.case(review, district, liberi_id, "pppp", by=bola)
        build.verified(case, "housing-issues", "absent", by=bola)

    correct("0077124", "North")
    queries()  # the first page of a session notes when it began
    few = queries()
    for number in range(4):
        correct(str(88000 + number), ("North", "South")[number % 2])
    assert queries() == few
