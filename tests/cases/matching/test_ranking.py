"""Rule 2: order and ranks."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from cases.matching import CountedCase, Counts, order, rank
from tests.cases.matching import brute_force
from tests.cases.matching.examples import SmallReview, small_review, small_reviews


def case_of(key: str, sequence: int, *counts: int) -> CountedCase:
    return CountedCase(key, sequence, Counts("North", *counts))


def ranks_of(*cases: CountedCase) -> list[tuple[int, object]]:
    return [(entry.rank, entry.case.key) for entry in rank(cases)]


def test_tied_cases_share_a_rank_and_the_next_rank_is_passed_over() -> None:
    cases = [
        case_of("A", 1, 7, 4, 0),
        case_of("B", 2, 6, 4, 0),
        case_of("C", 3, 6, 4, 0),
        case_of("D", 4, 5, 4, 0),
    ]
    assert ranks_of(*cases) == [(1, "A"), (2, "B"), (2, "C"), (4, "D")]


def test_tied_cases_stand_in_order_of_submission() -> None:
    assert ranks_of(case_of("late", 9, 6, 3, 1), case_of("early", 2, 6, 3, 1)) == [(1, "early"), (1, "late")]


def test_match_count_comes_before_key_count_and_key_count_before_not_known() -> None:
    cases = [
        case_of("more not known", 1, 6, 3, 3),
        case_of("fewer not known", 2, 6, 3, 1),
        case_of("more key", 3, 6, 4, 3),
        case_of("more matches", 4, 7, 0, 2),
    ]
    assert ranks_of(*cases) == [
        (1, "more matches"),
        (2, "more key"),
        (3, "fewer not known"),
        (4, "more not known"),
    ]


def test_a_case_with_absent_answers_goes_before_one_whose_answers_are_not_known() -> None:
    review = small_review("Kii", "North +??, North +--", wanted=1)
    assert [case.key for case in order(review.counted)] == ["B", "A"]


def test_no_cases_have_no_ranks() -> None:
    assert rank([]) == []


@settings(max_examples=150, deadline=None, derandomize=True)
@given(review=small_reviews(), shuffle=st.randoms(use_true_random=False))
def test_a_rank_is_one_more_than_the_number_of_better_cases(review: SmallReview, shuffle: Random) -> None:
    measures = {case.key: brute_force.measure(case, review.tiers) for case in review.cases}
    expected = {
        key: 1 + sum(other < measure for other in measures.values()) for key, measure in measures.items()
    }
    shuffled = review.counted
    shuffle.shuffle(shuffled)
    ranked = rank(shuffled)
    assert {entry.case.key: entry.rank for entry in ranked} == expected
    assert ranked == sorted(ranked, key=lambda entry: (entry.rank, entry.case.sequence))
