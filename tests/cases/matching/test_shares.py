"""In what share of outcomes a case is selected: exact against every outcome, drawn within its error."""

from collections import Counter

import pytest
from hypothesis import given, settings

from cases.matching import OUT, SECURE, Counts, Criteria, Robustness, tally_counts
from cases.matching.shares import DRAWN, Share, outcomes_of, selection_shares
from tests.cases.matching import brute_force
from tests.cases.matching.examples import SmallReview, small_review, small_reviews


def by_trying_all(review: SmallReview) -> dict[str, Share]:
    """Each way the answers turn out, equally likely; each way of breaking the ties of it."""
    against: Counter[str] = Counter()
    in_favour: Counter[str] = Counter()
    ways = list(brute_force.each_way_it_turns_out(review.cases))
    for way in ways:
        chosen = brute_force.selections(way, review.tiers, review.asked)
        for case in review.cases:
            against[case.key] += all(case.key in each for each in chosen)
            in_favour[case.key] += any(case.key in each for each in chosen)
    return {
        case.key: Share(against[case.key] / len(ways), in_favour[case.key] / len(ways))
        for case in review.cases
    }


def shares_of(review: SmallReview, **how: int) -> dict[object, Share]:
    counted = review.counted
    found = selection_shares(tally_counts(counted), review.criteria, **how)
    return {case.key: found.by_counts[case.counts] for case in counted}


@settings(max_examples=200, deadline=None, derandomize=True)
@given(review=small_reviews())
def test_exact_is_what_trying_every_outcome_gives(review: SmallReview) -> None:
    expected = by_trying_all(review)
    for key, share in shares_of(review).items():
        assert share == pytest.approx(expected[str(key)], abs=1e-9)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(review=small_reviews(most_cases=8, most_not_known=12))
def test_secure_is_always_in_and_out_never_and_open_between(review: SmallReview) -> None:
    counted = review.counted
    tally = tally_counts(counted)
    robustness = Robustness(tally, review.criteria)
    for counts, share in selection_shares(tally, review.criteria).by_counts.items():
        assert 0 <= share.ties_against <= share.ties_for + 1e-12 <= 1 + 1e-9
        standing = robustness.standing(counts)
        assert (share.ties_against == pytest.approx(1)) == (standing == SECURE)
        assert (share.ties_for == pytest.approx(0)) == (standing == OUT)


def test_one_answer_decides_between_two() -> None:
    review = small_review("Kii", "North ++-, South +?-", wanted=1)
    assert shares_of(review) == {"A": Share(0.5, 1.0), "B": Share(0.0, 0.5)}


def test_places_kept_for_a_district_count() -> None:
    review = small_review("Kii", "North +++, North ++-, South ?--", wanted=2, minimum=1, per_district=1)
    assert shares_of(review) == {"A": Share(1, 1), "B": Share(0.5, 0.5), "C": Share(0.5, 0.5)}


def test_outcomes_of_a_case_are_all_there_are() -> None:
    counts = Counts("North", 3, 1, 3, 1)
    outcomes = list(outcomes_of(counts))
    assert sum(likely for _, likely in outcomes) == 1
    assert dict(outcomes)[5, 2, 0] == 2 / 8


def test_sixty_answers_in_forty_cases_are_still_exact() -> None:
    tally = {Counts("North", 6 - place % 4, 2, place % 4, min(1, place % 4)): 10 for place in range(4)}
    found = selection_shares(tally, Criteria(12, 3))
    assert found.drawn == 0
    assert found.error == 0
    expected = sum(number * found.by_counts[counts].ties_for for counts, number in tally.items())
    assert expected >= 12 - 1e-9


def test_drawn_shares_are_near_the_exact_ones_and_the_same_each_time() -> None:
    review = small_review(
        "KKiii", "North ++?+-, North +?+??, South ++-?+, South ?++?-, East +-+??", wanted=3, minimum=2
    )
    tally, criteria = tally_counts(review.counted), review.criteria
    drawn = selection_shares(tally, criteria, most_steps=0)
    exact = selection_shares(tally, criteria)
    assert (drawn.drawn, exact.drawn) == (DRAWN, 0)
    assert drawn.error == pytest.approx(0.049)
    # Each figure is within the error 19 times in 20, and within twice the error all but always.
    for counts, share in exact.by_counts.items():
        assert tuple(drawn.by_counts[counts]) == pytest.approx(tuple(share), abs=2 * drawn.error)
    assert selection_shares(tally, criteria, most_steps=0) == drawn
    assert selection_shares(tally, criteria, most_steps=0, seed=7) != drawn


def test_a_large_review_is_drawn_in_reasonable_work() -> None:
    tally = {
        Counts(district, match, match // 2, unknown, unknown // 2): 300
        for district in range(4)
        for match in range(5)
        for unknown in range(4)
    }
    found = selection_shares(tally, Criteria(1_000, 3))
    assert found.drawn == DRAWN
    assert set(found.by_counts) == set(tally)
