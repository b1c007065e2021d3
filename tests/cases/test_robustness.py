"""How firm the selection is, on its page; trying a characteristic left out; answers that arrived."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.actions import answers, index_cases, profiles
from cases.models import Case, Review
from cases.ranking import rank_review
from cases.robust import Change, changes, firmness
from kscmp_review.accounts.models import User
from tests import build
from tests.cases.conftest import signed_in


@pytest.fixture
def team(bola: User) -> Client:
    return signed_in(bola)


@pytest.fixture
def cases(review: Review, bola: User) -> dict[str, Case]:
    """`sure` is in; `open` depends on an answer not known; `mental` is in by one characteristic alone."""
    return {
        "sure": build.case(review, "North", "0071", "pppp", by=bola),
        "mental": build.case(review, "North", "0072", "paap", by=bola),
        "open": build.case(review, "South", "0073", "ap?a", by=bola),
        "low": build.case(review, "South", "0074", "aaap", by=bola),
    }


def url(name: str, review: Review) -> str:
    return reverse(name, args=[review.slug])


def named(found: list[Change]) -> dict[str, Change]:
    return {change.name: change for change in found}


def test_open_cases_have_their_share(review: Review, cases: dict[str, Case]) -> None:
    found = firmness(rank_review(review))
    assert (found.secure, found.open, found.out) == (1, 2, 1)
    shares = {each.case.pk: each.share for each in found.listed}
    assert shares[cases["open"].pk] == (0.0, 0.5)
    assert shares[cases["mental"].pk] == (0.5, 1.0)


def test_a_characteristic_left_out_says_who_enters_and_leaves(review: Review, cases: dict[str, Case]) -> None:
    found = named(changes(rank_review(review)))
    without = found["Without Parental mental health issues"]
    assert [case.pk for case in without.leaving] == [cases["mental"].pk]
    assert without.words == f"{cases['mental'].reference} leaves."
    assert found["Without Housing issues"].words == "The same cases are suggested."
    assert list(found)[-3:] == [
        "The tiers do not matter",
        "A key characteristic counts twice",
        "Key characteristics come first",
    ]


def test_a_minimum_that_no_case_could_reach_is_lowered_and_said(bola: User) -> None:
    review = build.review("strict", by=bola, minimum_matches=4)
    build.case(review, "North", "0071", "pppp", by=bola)
    without = named(changes(rank_review(review)))["Without Housing issues"]
    assert without.assumed == "with a minimum of 3 in place of 4"
    assert without.numbers == (0, 0)


def test_a_problem_that_several_characteristics_speak_of_is_pointed_out_and_counted_once(
    review: Review, bola: User, team: Client
) -> None:
    lines = [
        profiles.Line(slug=line.slug, name=line.name, tier=line.tier, problem=problem)
        for line, problem in zip(build.LINES, ("parents", "parents", "", ""), strict=True)
    ]
    profiles.change(review=review, lines=lines, reason="Two speak of one.", by=bola)
    twice = build.case(review, "North", "0071", "ppaa", by=bola)
    build.case(review, "South", "0072", "papp", by=bola)
    once = named(changes(rank_review(review)))["Parents counted once"]
    assert [case.pk for case in once.leaving] == [twice.pk]
    for page in ("selection", "robustness"):
        shown = team.get(url(page, review)).content.decode()
        assert "2 characteristics speak of one problem, parents" in shown


def test_the_page_says_it_in_words_and_tables(review: Review, cases: dict[str, Case], team: Client) -> None:
    shown = " ".join(team.get(url("robustness", review)).content.decode().split())
    assert "1 case is in whatever turns out, 1 is out whatever turns out, and 2 depend on answers" in shown
    assert "so the shares are exact" in shown
    assert "50%" in shown
    assert f"{cases['mental'].reference} leaves." in shown


def test_without_cases_the_page_says_what_will_be_there(review: Review, team: Client) -> None:
    assert "No cases yet" in team.get(url("robustness", review)).content.decode()


def test_the_page_asks_at_most_three_queries_a_way_of_counting_whatever_the_number_of_cases(
    review: Review, cases: dict[str, Case], bola: User, team: Client
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            team.get(url("robustness", review))
        return len(asked)

    queries()  # the first page of a session notes when it began
    ways = len(changes(rank_review(review)))
    for number, marks in enumerate(("p?pa", "??pp")):
        build.case(review, ("South", "North")[number], f"99{number}", marks, by=bola)
        assert queries() <= 8 + 3 * ways


def test_trying_a_characteristic_left_out_changes_table_and_export_and_saves_nothing(
    review: Review, cases: dict[str, Case], team: Client
) -> None:
    tried = team.get(url("selection", review), {"without": "parental-mental-health"})
    shown = " ".join(tried.content.decode().split())
    assert "version 1 of the risk profile without Parental mental health issues" in shown
    assert "You cannot decide here" in shown
    assert tried.context["ranking"].lines[0].slug != "parental-mental-health"
    rows = {row.ranked.case.pk: row.ranked.lowest for row in tried.context["rows"]}
    assert rows[cases["mental"].pk] == 1
    export = reverse("selection_export", args=[review.slug, "csv"])
    text = team.get(export, {"without": "parental-mental-health"}).content.decode("utf-8-sig")
    assert "parental-mental-health" not in text.splitlines()[0]
    assert review.current_profile.number == 1


def test_leaving_out_what_is_not_there_is_an_error_in_words(review: Review, team: Client) -> None:
    shown = team.get(url("selection", review), {"without": "weather"}).content.decode()
    assert "from the list" in shown


def test_closeness_stands_beside_the_count_once_there_are_index_cases(
    review: Review, cases: dict[str, Case], bola: User, team: Client
) -> None:
    before = team.get(url("selection", review))
    assert "Closeness" not in before.content.decode()
    index_cases.add(review=review, cases=[{line.slug: "present" for line in build.LINES}], by=bola)
    after = team.get(url("selection", review))
    closeness = {row.ranked.case.pk: row.closeness for row in after.context["rows"]}
    assert closeness[cases["sure"].pk] == 1
    assert closeness[cases["mental"].pk] == 0.5
    order = [row.ranked.case.pk for row in before.context["rows"]]
    assert [row.ranked.case.pk for row in after.context["rows"]] == order


def test_an_answer_that_arrived_is_said_and_marked(
    review: Review, cases: dict[str, Case], bola: User, sam: User, team: Client
) -> None:
    question = answers.ask(case=cases["open"], slug="housing-issues", by=bola)
    assert "Answers that have arrived" not in team.get(url("selection", review)).content.decode()
    answers.reply(question=question, presence="present", by=sam)
    shown = team.get(url("selection", review))
    told = shown.content.decode().partition("Answers that have arrived")[2].partition("</ul>")[0]
    assert "Present" in told
    (row,) = (row for row in shown.context["rows"] if row.ranked.case.pk == cases["open"].pk)
    assert [">answered<" in cell for cell in row.cells] == [False, False, True, False]


def test_every_case_says_why_it_stands_where_it_does(
    review: Review, cases: dict[str, Case], team: Client
) -> None:
    shown = " ".join(team.get(url("selection", review)).content.decode().split())
    for place in ("first", "second", "third"):
        assert f"Why {place}?" in shown
    why = team.get(reverse("case_answers", args=[review.slug, cases["open"].public_id])).content.decode()
    assert 'id="why"' in why


def test_the_selection_page_answers_in_twelve_queries_and_says_what_is_only_reported(
    review: Review, cases: dict[str, Case], bola: User, team: Client
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            team.get(url("selection", review))
        return len(asked)

    index_cases.add(review=review, cases=[{"housing-issues": "present"}], by=bola)
    question = answers.ask(case=cases["open"], slug="housing-issues", by=bola)
    answers.reply(question=question, presence="not known", by=bola)
    build.verified(cases["sure"], "housing-issues", "present", by=bola)
    queries()  # the first page of a session notes when it began
    few = queries()
    assert few <= 12
    for number, marks in enumerate(("p?pa", "??pp")):
        build.case(review, ("South", "North")[number], f"99{number}", marks, by=bola)
    assert queries() == few
    assert "1 of the 24 answers has been verified" in team.get(url("selection", review)).content.decode()
