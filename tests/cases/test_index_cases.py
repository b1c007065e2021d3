"""Rule 9 in use: index cases entered and imported, closeness explained, and what is common among them."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from cases.actions import index_cases as actions
from cases.actions import selections
from cases.actions.reviews import move_to_stage
from cases.closeness import index_cases_of
from cases.errors import Refused, Stale
from cases.models import IndexAnswer, IndexCase, Review, Stage
from cases.permissions import NotAllowed
from cases.prevalence import comparison
from cases.ranking import rank_review
from kscmp_review.accounts.models import User
from kscmp_review.audit.models import AuditEvent
from tests import build
from tests.cases.conftest import signed_in

SLUGS = [line.slug for line in build.LINES]


def answers(marks: str) -> dict[str, str]:
    return {slug: str(build.MARKS[mark]) for slug, mark in zip(SLUGS, marks, strict=True)}


@pytest.fixture
def team(bola: User) -> Client:
    return signed_in(bola)


def url(name: str, review: Review, *more: object) -> str:
    return reverse(name, args=[review.slug, *more])


def sheet(*rows: str, headings: list[str] = SLUGS) -> SimpleUploadedFile:
    return SimpleUploadedFile("index.csv", "\n".join([",".join(headings), *rows]).encode())


def test_index_cases_are_numbered_and_numbers_stay(review: Review, bola: User) -> None:
    first, second = actions.add(review=review, cases=[answers("pppp"), answers("aa?a")], by=bola)
    actions.remove(index_case=first, by=bola)
    (third,) = actions.add(review=review, cases=[answers("ppaa")], by=bola)
    assert (second.number, third.number) == (2, 3)
    assert IndexAnswer.objects.filter(index_case=second, presence="not known").count() == 1


def test_a_change_that_is_late_is_refused(review: Review, bola: User) -> None:
    (index_case,) = actions.add(review=review, cases=[answers("pppp")], by=bola)
    actions.change(index_case=index_case, answers=answers("paaa"), revision=1, by=bola)
    with pytest.raises(Stale):
        actions.change(index_case=index_case, answers=answers("aaaa"), revision=1, by=bola)
    assert IndexAnswer.objects.filter(presence="present").count() == 1


@pytest.mark.parametrize("wrong", [{"weather": "present"}, {SLUGS[0]: "perhaps"}])
def test_what_is_no_answer_to_the_profile_is_refused_and_nothing_stored(
    review: Review, bola: User, wrong: dict[str, str]
) -> None:
    with pytest.raises(Refused):
        actions.add(review=review, cases=[answers("pppp"), wrong], by=bola)
    assert not IndexCase.objects.exists()


def test_only_the_business_team_keeps_them_and_only_before_confirming(
    review: Review, bola: User, nora: User, rita: User
) -> None:
    for user in (nora, rita):
        with pytest.raises(NotAllowed):
            actions.add(review=review, cases=[answers("pppp")], by=user)
    build.case(review, "North", "0071", "pppp", by=bola)
    build.confirmed(review, by=bola)
    with pytest.raises(Refused, match="you cannot change the index cases now"):
        actions.add(review=review, cases=[answers("pppp")], by=bola)


def test_entering_changing_and_removing_on_the_pages(review: Review, team: Client) -> None:
    assert "No index cases yet" in team.get(url("index_cases", review)).content.decode()
    team.post(url("index_case_new", review), {f"presence-{SLUGS[0]}": "present"})
    index_case = IndexCase.objects.get()
    assert dict(index_case.answers.values_list("characteristic__slug", "presence")) == answers("p???")
    change = url("index_case_change", review, 1)
    team.post(change, {f"presence-{SLUGS[0]}": "absent", "revision": "1"})
    assert index_case.answers.filter(presence="absent").count() == 1
    late = team.post(change, {f"presence-{SLUGS[0]}": "present", "revision": "1"}).content.decode()
    assert "Somebody has changed this index case" in late
    remove = url("index_case_remove", review, 1)
    assert "Remove it" in team.get(remove).content.decode()
    team.post(remove)
    assert not IndexCase.objects.exists()


def test_a_sheet_is_added_whole_or_every_fault_is_listed(review: Review, team: Client) -> None:
    address = url("index_cases_upload", review)
    faulty = sheet("perhaps,1,1,1", "y,n,?,maybe", headings=[*SLUGS[:3], "weather"])
    page = team.post(address, {"sheet": faulty}).content.decode()
    assert "Nothing has been stored" in page
    assert page.count("An answer is present, absent or not known") == 1
    assert "The review has no such column" in page
    assert "The column is missing" in page
    assert not IndexCase.objects.exists()
    done = team.post(
        address, {"sheet": sheet("yes,no,?,1", "p resent,no,no,no".replace(" ", ""))}, follow=True
    )
    assert "2 index cases added" in done.content.decode()
    assert index_cases_of(review, rank_review(review).lines).answers == {
        1: answers("pa?p"),
        2: answers("paaa"),
    }


def test_an_empty_sheet_is_a_fault(review: Review, team: Client) -> None:
    page = team.post(url("index_cases_upload", review), {"sheet": sheet()}).content.decode()
    assert "There is no index case below the headings" in page


def test_the_empty_sheet_to_download_can_be_filled_in_and_uploaded(review: Review, team: Client) -> None:
    book = load_workbook(io.BytesIO(team.get(url("index_cases_template", review)).content))
    cases = book["Index cases"]
    assert [cell.value for cell in cases[1]] == SLUGS
    assert cases.data_validations.dataValidation
    cases.append(["present", "absent", "not known", "present"])
    filled = io.BytesIO()
    book.save(filled)
    team.post(url("index_cases_upload", review), {"sheet": SimpleUploadedFile("i.xlsx", filled.getvalue())})
    assert index_cases_of(review, rank_review(review).lines).answers == {1: answers("pa?p")}


def test_closeness_is_shown_and_explained_on_the_case(review: Review, bola: User, team: Client) -> None:
    case = build.case(review, "North", "0071", "pp?a", by=bola)
    page = url("case_answers", review, case.public_id)
    assert "How close it is" not in team.get(page).content.decode()
    actions.add(review=review, cases=[answers("ppaa"), answers("ap?p"), answers("??p?")], by=bola)
    shown = " ".join(team.get(page).content.decode().split())
    assert (
        "0.67 from 0 (nothing alike) to 1 (all alike): the mean over 2 of the 3 index cases, those that "
        "share a known answer with it" in shown
    )
    assert "Index case 1: alike on 3 of the 3 answers known in both." in shown
    assert (
        "Index case 2: alike on 1 of the 3 answers known in both; they differ on Parental mental health "
        "issues and Family history of ICS involvement." in shown
    )
    assert "Index case 3: no answer is known in both." in shown
    actions.remove(index_case=IndexCase.objects.get(number=3), by=bola)
    shown = " ".join(team.get(page).content.decode().split())
    assert "the mean over 2 index cases, of the answers known in both" in shown


def test_closeness_never_changes_the_order(review: Review, bola: User) -> None:
    for number, marks in enumerate(("ppaa", "aapp", "pppp")):
        build.case(review, "North", str(number), marks, by=bola)
    before = [case.pk for case in rank_review(review).cases()]
    actions.add(review=review, cases=[answers("aapp")], by=bola)
    assert [case.pk for case in rank_review(review).cases()] == before


def test_what_is_common_is_counted_out_of_what_is_known(review: Review, bola: User) -> None:
    actions.add(review=review, cases=[answers("pp??"), answers("ap?a")], by=bola)
    build.case(review, "North", "0071", "pppp", by=bola)
    build.case(review, "South", "0072", "ap?a", by=bola)
    found = comparison(rank_review(review))
    counts = [
        tuple(
            (share.present, share.known, share.not_known)
            for share in (row.in_index, row.submitted, row.selected)
        )
        for row in found.rows
    ]
    assert counts[0] == ((1, 2, 0), (1, 2, 0), (1, 1, 0))
    assert counts[2] == ((0, 0, 2), (1, 1, 1), (1, 1, 0))
    assert found.selection_is == "the cases suggested now, ties left out"


def test_the_selection_compared_is_the_firmest_there_is(review: Review, bola: User) -> None:
    first = build.case(review, "North", "0071", "ppaa", by=bola)
    build.case(review, "South", "0072", "pppp", by=bola)
    move_to_stage(review=review, stage=Stage.SELECTING, by=bola)
    selections.decide(case=first, outcome="selected", reason="So.", by=bola)
    decided = comparison(rank_review(Review.objects.get(pk=review.pk)))
    assert decided.selection_is == "the cases decided as selected so far"
    assert decided.rows[2].selected.present == 0
    build.confirmed(Review.objects.get(pk=review.pk), by=bola)
    assert comparison(rank_review(review)).selection_is == "selection 1, as confirmed"


def test_the_page_asks_the_same_number_of_queries_of_many(review: Review, bola: User, team: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            team.get(url("index_cases", review))
        return len(asked)

    actions.add(review=review, cases=[answers("pp??")], by=bola)
    build.case(review, "North", "0071", "pppp", by=bola)
    queries()  # the first page of a session notes when it began
    few = queries()
    actions.add(review=review, cases=[answers("pa??")] * 20, by=bola)
    for number in range(4):
        build.case(review, ("South", "North")[number % 2], str(number), "pppa", by=bola)
    assert queries() == few


def test_the_audit_has_the_numbers(review: Review, bola: User) -> None:
    actions.add(review=review, cases=[answers("pp??"), answers("pp??")], by=bola)
    event = AuditEvent.objects.get(action="index cases.added")
    assert (event.object_type, event.after) == ("index case", {"first": 1, "last": 2})
