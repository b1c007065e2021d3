"""The ranking table: one row a case, rules 1 to 4 together."""

import pytest
from hypothesis import given, settings

from cases.matching import RankingRow, decisive_answers, ranking_table, standings, suggest
from tests.cases.matching.examples import SmallReview, small_review, small_reviews


def test_a_row_says_all_there_is_to_say_of_a_case() -> None:
    review = small_review("Kii", "South +?-, North ++-, North +--", wanted=1, minimum=1)
    table = ranking_table(review.case_answers, review.profile, review.criteria)
    assert table.rows[2] == RankingRow(
        rank=3,
        key="A",
        district="South",
        match_count=1,
        key_count=1,
        not_known=1,
        lowest=1,
        highest=2,
        standing="open",
        suggested="no",
        answers={"c0": "present", "c1": "not known", "c2": "absent"},
        decisive=("c1",),
    )
    assert [(row.rank, row.key, row.suggested) for row in table.rows] == [
        (1, "B", "yes"),
        (2, "C", "no"),
        (3, "A", "no"),
    ]
    assert table.suggestion.qualifying == 3


def test_two_cases_under_one_key_are_refused() -> None:
    review = small_review("K", "North +, South +", wanted=1)
    twice = [review.case_answers[0]] * 2
    with pytest.raises(ValueError, match="a key of its own"):
        ranking_table(twice, review.profile, review.criteria)


def test_a_review_without_cases_has_an_empty_ranking() -> None:
    review = small_review("K", "North +", wanted=2)
    table = ranking_table([], review.profile, review.criteria)
    assert table.rows == []
    assert table.suggestion.fewer_than_wanted


@settings(max_examples=150, deadline=None, derandomize=True)
@given(review=small_reviews())
def test_the_table_agrees_with_each_rule_by_itself(review: SmallReview) -> None:
    rows, suggestion = ranking_table(review.case_answers, review.profile, review.criteria)
    assert {row.key: row.suggested for row in rows} == suggest(review.counted, review.criteria).by_key
    assert suggestion == suggest(review.counted, review.criteria)
    assert {row.key: row.standing for row in rows} == standings(review.counted, review.criteria)
    decisive = decisive_answers(review.case_answers, review.profile, review.criteria)
    assert {row.key: row.decisive for row in rows if row.decisive} == decisive
