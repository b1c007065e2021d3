"""Rule 4: standing and decisive answers, by tables and against every way the answers can turn out."""

import pytest
from hypothesis import example, find, given, settings

from cases.matching import (
    CountedCase,
    Counts,
    Criteria,
    Robustness,
    decisive_answers,
    standings,
    tally_counts,
)
from tests.cases.matching import brute_force
from tests.cases.matching.examples import SmallReview, small_review, small_reviews


def standings_of(review: SmallReview) -> dict[object, str]:
    return dict(standings(review.counted, review.criteria))


def decisive_in(review: SmallReview) -> set[tuple[object, int]]:
    """(key, place in the profile), as the brute force gives them."""
    found = decisive_answers(review.case_answers, review.profile, review.criteria)
    return {(key, review.profile.slugs.index(slug)) for key, slugs in found.items() for slug in slugs}


@pytest.mark.parametrize(
    ("rows", "asked", "expected"),
    [
        ("North +++, South +--", {"wanted": 1}, "secure out"),
        ("North ++-, South +?-", {"wanted": 1}, "open open"),
        ("North ++-, South +--, East +?-", {"wanted": 2}, "secure open open"),
        # Ties count against "secure" and for "open".
        ("North ++-, South ++-", {"wanted": 1}, "open open"),
        ("North ++-, South -?-", {"wanted": 1}, "secure out"),
        # A case that may not qualify is open even when it has no rival.
        ("North +?-", {"wanted": 1, "minimum": 2}, "open"),
        ("North +?-", {"wanted": 1, "minimum": 3}, "out"),
        # In another district an answer can turn a place into a guaranteed one and so push a case out.
        (
            "North +++, North ++-, South ?--",
            {"wanted": 2, "minimum": 1, "per_district": 1},
            "secure open open",
        ),
    ],
)
def test_standing(rows: str, asked: dict[str, int], expected: str) -> None:
    review = small_review("Kii", rows, **asked)
    assert " ".join(standings_of(review)[case.key] for case in review.cases) == expected
    assert brute_force.standing(*review) == standings_of(review)


def test_a_decisive_answer_is_named_by_its_characteristic() -> None:
    review = small_review("Kii", "North ++-, South +?-, East --?", wanted=1)
    assert decisive_answers(review.case_answers, review.profile, review.criteria) == {"B": ("c1",)}


def test_the_tier_of_an_answer_can_make_it_decisive() -> None:
    """Turned present, the key answer ties with North; the other draws level on matches, behind on key."""
    review = small_review("Kiii", "North ++-?, South ?+?-", wanted=1)
    assert decisive_in(review) == {("B", 0)} == brute_force.decisive(*review)


def test_turning_an_answer_absent_can_be_decisive_too() -> None:
    """South is tied with North but for what is not known of it."""
    review = small_review("Kii", "North ++-, South ++?", wanted=1, minimum=2)
    assert ("B", 2) in decisive_in(review)
    level = small_review("Kii", "North +?-, South +?-, East +--", wanted=2, minimum=1)
    assert decisive_in(level) == brute_force.decisive(*level)


def test_an_answer_that_fills_a_districts_minimum_is_decisive() -> None:
    """North's second case falls from yes to no when South has a case that qualifies."""
    review = small_review("Kii", "North +++, North ++-, South ?--", wanted=2, minimum=1, per_district=1)
    assert decisive_in(review) == {("C", 0)} == brute_force.decisive(*review)


def test_no_answer_is_decisive_when_all_are_known() -> None:
    review = small_review("Kii", "North ++-, South ++-", wanted=1)
    assert decisive_in(review) == set()


def test_a_standing_needs_the_not_known_answers_by_tier() -> None:
    cases = [CountedCase("A", 1, Counts("North", 3, 1, 1))]
    with pytest.raises(ValueError, match="key characteristics"):
        Robustness(tally_counts(cases), Criteria(wanted=1, minimum=1))


def test_light_counters_with_nothing_not_known_need_no_tiers() -> None:
    cases = [CountedCase("A", 1, Counts("North", 3, 1, 0)), CountedCase("B", 2, Counts("South", 2, 1, 0))]
    assert standings(cases, Criteria(wanted=1, minimum=1)) == {"A": "secure", "B": "out"}


@settings(max_examples=250, deadline=None, derandomize=True)
@given(review=small_reviews())
def test_standing_equals_every_way_the_answers_can_turn_out(review: SmallReview) -> None:
    assert standings_of(review) == brute_force.standing(*review)


@settings(max_examples=700, deadline=None, derandomize=True)
@given(review=small_reviews(most_cases=6, most_not_known=10))
@example(review=small_review("K", "North ?, North ?", wanted=1))
@example(review=small_review("Ki", "North +?, North +?, South +-, South +-", wanted=3, per_district=1))
def test_decisive_answers_equal_turning_each_answer_alone(review: SmallReview) -> None:
    assert decisive_in(review) == brute_force.decisive(*review)


def test_the_comparison_catches_a_standing_that_leaves_other_cases_as_they_are() -> None:
    find(
        small_reviews(),
        lambda review: standings_of(review) != brute_force.standing_one_case_at_a_time(*review),
        settings=settings(max_examples=500, deadline=None, derandomize=True, database=None),
    )


def test_the_comparison_catches_answers_turned_to_absent_alone() -> None:
    find(
        small_reviews(),
        lambda review: (
            decisive_in(review)
            != brute_force.decisive_by_turning(review.cases, review.tiers, review.asked, ("absent",))
        ),
        settings=settings(max_examples=500, deadline=None, derandomize=True, database=None),
    )
