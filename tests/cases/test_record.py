"""The record of a confirmed selection: numbers that add up, a digest held against three things."""

from collections.abc import Callable
from copy import deepcopy
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from cases.actions import selections, submissions
from cases.flow import flow_of
from cases.frozen import digest_of
from cases.models import Case, Decision, Review, Selection
from cases.record_check import problems_of
from kscmp_review.accounts.models import User
from tests import build
from tests.cases.conftest import signed_in


@pytest.fixture
def selection(review: Review, bola: User) -> Selection:
    """Four cases, one of them withdrawn; two selected."""
    build.case(review, "North", "007990001", "pppp", by=bola)
    build.case(review, "North", "007990002", "ppaa", by=bola)
    build.case(review, "South", "007990003", "p?aa", by=bola)
    submissions.withdraw(case=build.case(review, "South", "007990004", "pppp", by=bola), by=bola)
    return build.confirmed(review, by=bola)


@pytest.fixture
def team(bola: User) -> Client:
    return signed_in(bola)


def verified(review: Review, *arguments: str) -> str:
    out = StringIO()
    call_command("verify_selection", review.slug, *arguments, stdout=out)
    return out.getvalue()


def on_record(selection: Selection) -> dict[str, Any]:
    assert selection.frozen is not None
    return deepcopy(selection.frozen)


def rewrite(selection: Selection, record: dict[str, Any]) -> None:
    """What somebody with the database in their hands could do: a new record with a digest to match."""
    Selection.objects.filter(pk=selection.pk).update(frozen=record, digest=digest_of(record))


def page(selection: Selection) -> str:
    return reverse("selection_record", args=[selection.review.slug, selection.number])


def test_flow_adds_up_by_district_and_in_all(selection: Selection) -> None:
    districts, total = flow_of(on_record(selection))
    numbers = {
        name: (flow.asked, flow.submitted, flow.withdrawn, flow.ranked, flow.qualify, flow.selected)
        for name, flow in districts.items()
    }
    assert numbers == {"North": (3, 2, 0, 2, 2, 2), "South": (3, 2, 1, 1, 0, 0)}
    assert (total.asked, total.submitted, total.withdrawn, total.ranked) == (6, 4, 1, 3)
    assert (total.qualify, total.selected, total.reserve, total.not_selected) == (2, 2, 0, 1)
    assert total.adds_up


def test_a_case_lost_on_the_way_does_not_add_up(selection: Selection) -> None:
    record = on_record(selection)
    record["flow"][1]["submitted"] += 1
    districts, total = flow_of(record)
    assert districts["North"].adds_up
    assert not districts["South"].adds_up
    assert not total.adds_up


def test_page_prints_the_flow_the_reasons_and_who(selection: Selection, team: Client) -> None:
    shown = team.get(page(selection)).content.decode()
    assert "4 − 1 = 3" in shown
    assert "2 + 0 + 1 = 3" in shown
    assert "A tie settled for the test." in shown
    assert "Bola" in shown
    assert "bola@kscmp.example" not in shown
    assert "and so has the audit" in shown
    assert "00799000" not in shown


def test_record_of_the_first_format_is_read_as_it_is(selection: Selection, team: Client) -> None:
    record = on_record(selection) | {"format": 1}
    del record["flow"], record["people"]
    districts, total = flow_of(record)
    assert list(districts) == ["North", "South"]
    assert (total.asked, total.submitted, total.ranked, total.adds_up) == (None, None, 3, True)
    rewrite(selection, record)
    shown = team.get(page(selection)).content.decode()
    assert "bola@kscmp.example" in shown
    assert "Submitted less withdrawn" not in shown


def test_what_was_confirmed_holds(review: Review, selection: Selection) -> None:
    assert problems_of(selection) == []
    assert verified(review) == f"selection 1 of {review.slug} holds: {selection.digest}\n"


def test_it_holds_after_it_was_reopened_and_decided_otherwise(
    review: Review, selection: Selection, bola: User
) -> None:
    selections.reopen(review=review, reason="One answer was wrong.", by=bola)
    case = Case.objects.get(public_id=on_record(selection)["cases"][0]["case"])
    submissions.withdraw(case=case, by=bola)
    assert verified(review).count("holds") == 1


def _change_a_word(record: dict[str, Any]) -> None:
    record["cases"][0]["decision"]["reason"] = "Another reason."


def _swap_ranks(record: dict[str, Any]) -> None:
    record["cases"][0]["rank"], record["cases"][1]["rank"] = 2, 1


def _change_an_answer(record: dict[str, Any]) -> None:
    record["cases"][2]["answers"]["housing-issues"]["presence"] = "present"


def _move_a_letter(record: dict[str, Any]) -> None:
    record["cases"][0]["letter"] = "Z"


def _lose_a_case(record: dict[str, Any]) -> None:
    del record["cases"][2]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (_change_a_word, "the decisions kept beside it differ"),
        (_swap_ranks, "the ranking does not follow from the answers"),
        (_change_an_answer, "the ranking does not follow from the answers"),
        (_move_a_letter, "the letters of the cases differ"),
        (_lose_a_case, "its numbers of cases do not add up"),
    ],
)
def test_record_rewritten_with_a_digest_to_match_is_found(
    review: Review, selection: Selection, change: Callable[[dict[str, Any]], None], problem: str
) -> None:
    record = on_record(selection)
    change(record)
    rewrite(selection, record)
    with pytest.raises(CommandError, match=problem) as found:
        verified(review)
    assert "the audit has another digest than the record" in str(found.value)
    assert "does not have its digest" not in str(found.value)


def test_record_changed_under_its_digest_is_found_and_said_on_the_page(
    review: Review, selection: Selection, team: Client
) -> None:
    record = on_record(selection)
    record["note"] = "Written in later."
    Selection.objects.filter(pk=selection.pk).update(frozen=record)
    with pytest.raises(CommandError, match="the record does not have its digest"):
        verified(review)
    shown = team.get(page(selection)).content.decode()
    assert "Do not rely on this record." in shown
    assert "and so has the audit" not in shown


def test_decision_changed_behind_the_record_is_found(review: Review, selection: Selection) -> None:
    Decision.objects.filter(selection=selection).update(outcome="reserve")
    with pytest.raises(CommandError, match="the decisions kept beside it differ"):
        verified(review)


def test_digest_as_printed_is_held_against_the_record(review: Review, selection: Selection) -> None:
    assert "holds" in verified(review, "--digest", f" {selection.digest.upper()} ")
    with pytest.raises(CommandError, match="its digest is not the one given"):
        verified(review, "--digest", "0" * 64)


def test_several_selections_are_told_apart(review: Review, selection: Selection, bola: User) -> None:
    selections.reopen(review=review, reason="Again.", by=bola)
    second = selections.confirm(review=review, by=bola)
    assert verified(review).count("holds") == 2
    assert second.digest in verified(review, "--selection", "2", "--digest", second.digest)
    with pytest.raises(CommandError, match="name one with --selection"):
        verified(review, "--digest", second.digest)
    with pytest.raises(CommandError, match="no such confirmed selection"):
        verified(review, "--selection", "3")


def test_review_without_a_selection_has_nothing_to_verify(review: Review) -> None:
    with pytest.raises(CommandError, match="no such confirmed selection"):
        verified(review)
