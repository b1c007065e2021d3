"""What a district said of a case is kept at every change, and read again in words."""

from datetime import date

import pytest
from django.urls import reverse

from cases.actions import answers, imports, submissions
from cases.actions.submissions import Reported, Submission
from cases.history import Said, differences, unseal
from cases.imports import SheetCase
from cases.models import Case, CaseVersion, Review
from kscmp_review.accounts.models import User
from kscmp_review.audit.models import AuditEvent
from tests import build
from tests.cases.conftest import signed_in

FIRST_DAY, LATER = date(2021, 3, 5), date(2021, 4, 6)


@pytest.fixture
def case(review: Review, nora: User) -> Case:
    return build.case(review, "North", "0077123", "p?aa", by=nora, evidence="Seen at a visit.")


def change(case: Case, by: User) -> Case:
    said = Submission(
        liberi_id="0077999",
        assessment_date=LATER,
        answers={
            "parental-mental-health": Reported("present", "Seen at a visit."),
            "parental-substance-misuse": Reported("present", "In the file of May."),
            "housing-issues": Reported("absent", ""),
            "family-history": Reported("absent", "Seen again."),
        },
    )
    return submissions.change(case=case, submission=said, revision=case.revision, by=by)


def history(case: Case, by: User) -> str:
    return (
        signed_in(by).get(reverse("case_history", args=[case.review.slug, case.public_id])).content.decode()
    )


def test_each_change_is_kept_and_said_in_words(case: Case, nora: User, bola: User) -> None:
    change(case, bola)
    said = [unseal(version) for version in case.versions.all()]
    assert [(each.liberi_id, each.assessment_date) for each in said] == [
        ("0077123", FIRST_DAY),
        ("0077999", LATER),
    ]
    page = history(case, nora)
    for sentence in (
        "Liberi ID: 0077123 became 0077999.",
        "Assessment date: 5 March 2021 became 6 April 2021.",
        "Parental substance misuse: not known became present.",
        "Parental substance misuse: the note “Seen at a visit.” became “In the file of May.”",
        "Housing issues: the note “Seen at a visit.” was taken out.",
    ):
        assert sentence in page
    assert "By Bola." in page


def test_a_reply_to_a_question_is_a_version_too(case: Case, nora: User, bola: User) -> None:
    question = answers.ask(case=case, slug="parental-substance-misuse", by=bola)
    answers.reply(question=question, presence="present", evidence="Asked the GP.", by=nora)
    assert "not known became present" in history(case, nora)


def test_a_withdrawn_case_keeps_its_history(case: Case, nora: User) -> None:
    submissions.withdraw(case=case, by=nora)
    desk = signed_in(nora).get(reverse("submissions", args=[case.review.slug])).content.decode()
    assert f"Case {case.reference}</a>, withdrawn on" in desk
    assert "Withdrawn on" in history(case, nora)


def test_cases_of_a_sheet_have_their_first_version(review: Review, bola: User) -> None:
    row = SheetCase(
        row=2,
        liberi_id="0088",
        district="South",
        assessment_date=FIRST_DAY,
        answers={"housing-issues": "present"},
    )
    imports.import_cases(review=review, cases=[row], by=bola)
    said = unseal(CaseVersion.objects.get())
    assert said.answers["housing-issues"] == ("present", "")
    assert said.answers["family-history"] == ("not known", "")


def test_a_case_from_before_versions_were_kept_gets_the_one_before_its_change(case: Case, bola: User) -> None:
    CaseVersion.objects.all().delete()
    change(case, bola)
    first, second = case.versions.all()
    assert unseal(first).liberi_id == "0077123"
    assert (first.saved_by, first.saved_at) == (case.submitted_by, case.submitted_at)
    assert unseal(second).liberi_id == "0077999"


def test_history_is_sealed_at_rest(case: Case) -> None:
    stored = bytes(case.versions.get().sealed)
    assert b"0077123" not in stored
    assert b"visit" not in stored


def test_another_district_has_no_such_history_and_looking_is_on_the_audit(
    case: Case, nora: User, sam: User, rita: User
) -> None:
    address = reverse("case_history", args=[case.review.slug, case.public_id])
    assert signed_in(sam).get(address).status_code == 404
    assert signed_in(rita).get(address).status_code == 403
    before = AuditEvent.objects.filter(action="case.viewed").count()
    history(case, nora)
    assert AuditEvent.objects.filter(action="case.viewed").count() == before + 1


def test_nothing_changed_is_no_difference_and_a_missing_answer_is_not_known() -> None:
    said = Said(liberi_id="1", assessment_date=FIRST_DAY, answers={"housing": ("not known", "")})
    bare = Said(liberi_id="1", assessment_date=FIRST_DAY, answers={})
    assert differences(said, said, {}) == []
    assert differences(said, bare, {}) == []
    told = Said(liberi_id="1", assessment_date=FIRST_DAY, answers={"housing": ("present", "Seen.")})
    assert differences(bare, told, {"housing": "Housing"}) == [
        "Housing: not known became present.",
        "Housing: a note was added: “Seen.”",
    ]
