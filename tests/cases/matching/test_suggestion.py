"""Rule 3: the suggested selection, by tables and against every way of breaking ties."""

from collections import Counter

import pytest
from hypothesis import find, given, settings

from cases.matching import CountedCase, Counts, Criteria, Suggestion, TiedGroup, suggest
from tests.cases.matching import brute_force
from tests.cases.matching.examples import SmallReview, small_review, small_reviews


def suggestion_for(review: SmallReview) -> Suggestion:
    return suggest(review.counted, review.criteria)


def words(review: SmallReview) -> str:
    """The suggestions in order of submission, such as "yes tie tie"."""
    by_key = suggestion_for(review).by_key
    return " ".join(by_key[case.key] for case in review.cases)


@pytest.mark.parametrize(
    ("rows", "asked", "expected"),
    [
        ("North +++, South ++-, East +--", {"wanted": 2}, "yes yes no"),
        ("North +++, South ++-, East ++-", {"wanted": 2}, "yes tie tie"),
        ("North ++-, South ++-, East ++-", {"wanted": 3}, "yes yes yes"),
        ("North +++, South ++-, East +--", {"wanted": 0}, "no no no"),
        # Fewer qualify than wanted: only they are suggested.
        ("North +++, South ++-, East +--", {"wanted": 3, "minimum": 2}, "yes yes no"),
        ("North +--, South +--", {"wanted": 2, "minimum": 2}, "no no"),
        # A not-known answer does not count towards the minimum.
        ("North ++-, South +??", {"wanted": 2, "minimum": 2}, "yes no"),
        # The minimum per district brings in a case below others, and only one that qualifies.
        ("North +++, North ++-, South +--", {"wanted": 2, "per_district": 1}, "yes no yes"),
        ("North +++, North ++-, South +--", {"wanted": 2, "minimum": 2, "per_district": 1}, "yes yes no"),
        # A tie at the minimum of a district, whose loser has no chance among the rest.
        ("North +++, North ++-, South +--, South +--", {"wanted": 3, "per_district": 1}, "yes yes tie tie"),
        # A tie at the minimum of a district whose loser is first of the rest: no tie at all.
        ("North +++, North +++, South +--", {"wanted": 3, "per_district": 1}, "yes yes yes"),
        # A tie at the minimum that meets the tie among the rest.
        ("North ++-, North ++-, South ++-, South ++-", {"wanted": 3, "per_district": 1}, "tie tie tie tie"),
        # The same score, but South has one case only: it is in, and North's compete.
        ("North ++-, North ++-, South ++-", {"wanted": 2, "per_district": 1}, "tie tie yes"),
        # More guaranteed than wanted: the minimum per district goes first.
        ("North +++, South ++-, East +--", {"wanted": 1, "per_district": 1}, "yes yes yes"),
    ],
)
def test_suggestion(rows: str, asked: dict[str, int], expected: str) -> None:
    review = small_review("Kii", rows, **asked)
    assert words(review) == expected
    assert brute_force.suggestion(*review) == suggestion_for(review).by_key


def test_where_fewer_qualify_the_suggestion_says_so() -> None:
    short = suggestion_for(small_review("Kii", "North +++, South ++-, East +--", wanted=3, minimum=2))
    assert (short.wanted, short.qualifying, short.suggested, short.fewer_than_wanted) == (3, 2, 2, True)
    full = suggestion_for(small_review("Kii", "North +++, South ++-, East +--", wanted=2, minimum=1))
    assert (full.wanted, full.qualifying, full.suggested, full.fewer_than_wanted) == (2, 3, 2, False)


def test_a_tie_among_the_rest_names_its_cases_and_places() -> None:
    review = small_review("Kii", "North +++, South ++-, East ++-, West ++-", wanted=3)
    assert suggestion_for(review).tied == (TiedGroup(2, None, 2, ("B", "C", "D")),)


def test_a_tie_at_the_minimum_of_a_district_names_the_district() -> None:
    review = small_review("Kii", "North +++, North ++-, South +--, South +--", wanted=3, per_district=1)
    assert suggestion_for(review).tied == (TiedGroup(3, "South", 1, ("C", "D")),)


def test_ties_in_two_districts_are_two_groups() -> None:
    rows = "North +++, South +--, South +--, East +--, East +--"
    review = small_review("Kii", rows, wanted=3, per_district=1)
    assert suggestion_for(review).tied == (
        TiedGroup(2, "South", 1, ("B", "C")),
        TiedGroup(2, "East", 1, ("D", "E")),
    )


def test_a_tie_among_the_rest_and_one_in_a_district_have_each_their_own_places() -> None:
    rows = "North +++, North ++-, East +++, East ++-, South +--, South +--"
    review = small_review("Kii", rows, wanted=4, per_district=1)
    assert suggestion_for(review).tied == (
        TiedGroup(3, None, 1, ("B", "D")),
        TiedGroup(5, "South", 1, ("E", "F")),
    )


def test_a_suggestion_needs_no_count_by_tier_of_what_is_not_known() -> None:
    cases = [CountedCase("A", 1, Counts("North", 3, 1, 1)), CountedCase("B", 2, Counts("North", 3, 1, 2))]
    assert suggest(cases, Criteria(wanted=1, minimum=1)).by_key == {"A": "yes", "B": "no"}


def test_a_review_cannot_ask_for_less_than_nothing() -> None:
    with pytest.raises(ValueError, match="less than nothing"):
        Criteria(wanted=-1, minimum=0)


@settings(max_examples=600, deadline=None, derandomize=True)
@given(review=small_reviews(most_cases=6, most_not_known=24))
def test_suggestion_equals_every_way_of_breaking_ties(review: SmallReview) -> None:
    assert suggestion_for(review).by_key == brute_force.suggestion(*review)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(review=small_reviews(most_cases=6, most_not_known=24))
def test_every_way_of_breaking_ties_fills_the_places_of_each_tied_group(review: SmallReview) -> None:
    found = suggestion_for(review)
    for way in brute_force.selections(*review):
        assert len(way) == found.suggested
        assert [len(way & set(group.keys)) for group in found.tied] == [group.places for group in found.tied]
    in_groups = [key for group in found.tied for key in group.keys]
    assert Counter(in_groups) == Counter(key for key, word in found.by_key.items() if word == "tie")


def test_the_comparison_catches_a_rule_that_breaks_ties_silently() -> None:
    find(
        small_reviews(),
        lambda review: suggestion_for(review).by_key != brute_force.suggestion_ignoring_ties(*review),
        settings=settings(max_examples=500, deadline=None, derandomize=True, database=None),
    )
