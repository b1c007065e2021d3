"""Verifying, asking and answering; and seeing a Liberi ID."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.actions import answers, liberi_ids, submissions
from cases.counters import recount_by
from cases.errors import Refused
from cases.models import Case, Presence, Question, Reveal, Review
from cases.permissions import NotAllowed, NotFound
from kscmp_review.accounts.models import User
from kscmp_review.audit.models import AuditEvent
from tests import build
from tests.cases.conftest import signed_in

LIBERI_ID = "0077123"


@pytest.fixture
def case(review: Review, nora: User) -> Case:
    return build.case(review, "North", LIBERI_ID, "p?aa", by=nora, evidence="Seen at a visit.")


@pytest.fixture
def team(bola: User) -> Client:
    return signed_in(bola)


def page(name: str, case: Case, *more: str) -> str:
    return reverse(name, args=[case.review.slug, case.public_id, *more])


def test_verified_answer_wins_and_both_are_kept(case: Case, bola: User) -> None:
    answer = build.verified(case, "parental-mental-health", "absent", note="Not so.", by=bola)
    answer.refresh_from_db()
    assert (answer.reported, answer.verified, answer.presence) == ("present", "absent", "absent")
    case.refresh_from_db()
    assert (case.match_count, case.key_count) == (0, 0)


def test_district_lead_does_not_verify(case: Case, nora: User) -> None:
    with pytest.raises(NotAllowed):
        build.verified(case, "housing-issues", "present", by=nora)


def test_verifying_makes_an_open_form_of_the_district_late(case: Case, bola: User) -> None:
    read = Case.objects.get(pk=case.pk)
    build.verified(case, "housing-issues", "present", by=bola)
    build.verified(read, "family-history", "present", by=bola)
    assert Case.objects.get(pk=case.pk).revision == 3


def test_withdrawn_case_is_neither_verified_nor_asked_about(case: Case, bola: User) -> None:
    submissions.withdraw(case=case, by=bola)
    with pytest.raises(Refused, match="withdrawn"):
        build.verified(case, "housing-issues", "present", by=bola)
    with pytest.raises(Refused, match="withdrawn"):
        answers.ask(case=case, slug="parental-substance-misuse", by=bola)


def test_district_is_asked_once_and_only_what_is_not_known(case: Case, bola: User) -> None:
    answers.ask(case=case, slug="parental-substance-misuse", by=bola)
    with pytest.raises(Refused, match="asked this already"):
        answers.ask(case=case, slug="parental-substance-misuse", by=bola)
    with pytest.raises(Refused, match="nothing to ask"):
        answers.ask(case=case, slug="parental-mental-health", by=bola)


def test_verifying_a_known_answer_closes_the_question(case: Case, bola: User, nora: User) -> None:
    question = answers.ask(case=case, slug="parental-substance-misuse", by=bola)
    build.verified(case, "parental-substance-misuse", "not known", by=bola)
    assert Question.objects.open().exists()
    build.verified(case, "parental-substance-misuse", "present", by=bola)
    assert not Question.objects.open().exists()
    with pytest.raises(Refused, match="answered already"):
        answers.reply(question=question, presence="absent", by=nora)


def test_reply_counts_and_another_district_finds_no_question(
    case: Case, bola: User, nora: User, sam: User
) -> None:
    question = answers.ask(case=case, slug="parental-substance-misuse", by=bola)
    with pytest.raises(NotFound):
        answers.reply(question=question, presence="present", by=sam)
    answers.reply(question=question, presence="present", by=nora)
    case.refresh_from_db()
    assert (case.match_count, case.not_known_count) == (2, 0)


def test_page_shows_reported_evidence_and_verified(case: Case, bola: User, team: Client) -> None:
    build.verified(case, "housing-issues", "present", note="Letter of March.", by=bola)
    shown = team.get(page("case_answers", case)).content.decode()
    assert "Seen at a visit." in shown
    assert "Letter of March." in shown
    assert LIBERI_ID not in shown
    assert AuditEvent.objects.filter(action="case.viewed", object_id=case.public_id).count() == 1


def test_asking_on_the_page_goes_back_to_where_it_was_asked(case: Case, team: Client) -> None:
    asked = {"characteristic": "parental-substance-misuse"}
    first = team.post(page("case_ask", case), asked | {"from": "case"})
    assert first.headers["Location"] == page("case_answers", case)
    again = team.post(page("case_ask", case), asked, follow=True)
    assert again.redirect_chain[0][0] == reverse("selection", args=[case.review.slug])
    assert "has been asked this already" in again.content.decode()
    assert Question.objects.count() == 1


def test_business_team_sees_a_liberi_id_on_request_and_on_record(
    case: Case, bola: User, team: Client
) -> None:
    before = team.get(page("case_liberi_id", case))
    assert LIBERI_ID not in before.content.decode()
    assert not Reveal.objects.exists()
    after = team.post(page("case_liberi_id", case))
    assert LIBERI_ID in after.content.decode()
    assert "no-store" in after.headers["Cache-Control"]
    assert Reveal.objects.get().user == bola
    event = AuditEvent.objects.get(action="case.liberi id shown")
    assert LIBERI_ID not in str((event.before, event.after, event.object_id))


def test_reviewer_sees_the_liberi_id_of_a_selected_case_with_a_reason(
    review: Review, case: Case, bola: User, rita: User
) -> None:
    build.case(review, "South", "0077124", "pppp", by=bola)
    build.case(review, "South", "0077125", "pppa", by=bola)
    reviewer = signed_in(rita)
    assert reviewer.post(page("case_liberi_id", case), {"reason": "To read it."}).status_code == 404
    build.confirmed(review, by=bola)
    unselected, selected = case, Case.objects.exclude(letter="")[0]
    assert reviewer.post(page("case_liberi_id", unselected), {"reason": "To read it."}).status_code == 404
    empty = reviewer.post(page("case_liberi_id", selected), {"reason": " "}).content.decode()
    assert "Say why you need to see the Liberi ID" in empty
    assert selected.liberi_id not in empty
    shown = reviewer.post(page("case_liberi_id", selected), {"reason": "To read it."}).content.decode()
    assert selected.liberi_id in shown
    assert Reveal.objects.get().reason == "To read it."


def test_reviewer_owes_a_reason_to_the_action_too(review: Review, bola: User, rita: User) -> None:
    for liberi_id in ("0077124", "0077125"):
        build.case(review, "South", liberi_id, "pppp", by=bola)
    build.confirmed(review, by=bola)
    with pytest.raises(Refused, match="Say why"):
        liberi_ids.reveal(case=Case.objects.exclude(letter="")[0], by=rita)
    assert not Reveal.objects.exists()


def test_changing_an_answer_takes_few_statements(review: Review, bola: User) -> None:
    case = build.case(review, "North", "9090", "p?a?", by=bola)
    case.review = review  # as the page has it
    slug = build.LINES[0].slug
    with CaptureQueriesContext(connection) as captured:
        answers.verify(case=case, found={slug: answers.Found(Presence.ABSENT, "Seen.")}, by=bola)
    asked = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    assert len(asked) == 8, asked
    assert case.revision == 2
    fresh = Case.objects.get(pk=case.pk)
    assert (fresh.revision, fresh.match_count, fresh.verified_count) == (2, 0, 1)
    assert recount_by(Case.objects.filter(pk=case.pk), review.current_profile) == 0


def test_a_verified_answer_to_what_was_never_answered_is_counted(review: Review, bola: User) -> None:
    case = build.case(review, "North", "9091", "p?a?", by=bola)
    case.answers.all().delete()
    answers.verify(case=case, found={build.LINES[0].slug: answers.Found(Presence.PRESENT, "Seen.")}, by=bola)
    assert recount_by(Case.objects.filter(pk=case.pk), review.current_profile) == 0
    assert Case.objects.get(pk=case.pk).match_count == 1
