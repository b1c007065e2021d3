"""Other ways of counting: against counting the cases anew, answer by answer."""

from collections.abc import Hashable

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cases.matching import (
    CaseAnswers,
    Characteristic,
    Counts,
    Criteria,
    Profile,
    count_case,
    score_of,
    suggest,
    tally_counts,
)
from cases.matching.variants import (
    WEIGHINGS,
    Placed,
    counted_once,
    suggestions_of,
    weighed,
    without,
)
from tests.cases.matching.examples import SmallReview, small_review, small_reviews


@settings(max_examples=100, deadline=None, derandomize=True)
@given(review=small_reviews(), place=st.integers(0, 3))
def test_leaving_one_out_is_counting_without_it(review: SmallReview, place: int) -> None:
    assume(len(review.tiers) > 1 and place < len(review.tiers))
    left = review.profile.characteristics[place]
    rest = Profile(tuple(line for line in review.profile.characteristics if line != left))
    for case in review.case_answers:
        fewer = without(count_case(case, review.profile), case.answers[left.slug], is_key=left.tier == "key")
        assert fewer == count_case(case, rest)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(review=small_reviews(), places=st.sets(st.integers(0, 3), min_size=2))
def test_counting_a_problem_once_is_one_characteristic_in_place_of_its_members(
    review: SmallReview, places: set[int]
) -> None:
    assume(max(places) < len(review.tiers))
    lines = review.profile.characteristics
    members = [lines[place] for place in sorted(places)]
    tier = "key" if any(line.tier == "key" for line in members) else "of-interest"
    merged = Profile((*(line for line in lines if line not in members), Characteristic("merged", tier)))
    for case in review.case_answers:
        given_to = {case.answers[line.slug] for line in members}
        together = "present" if "present" in given_to else "absent" if given_to == {"absent"} else "not known"
        anew = CaseAnswers(case.key, case.district, case.sequence, {**case.answers, "merged": together})
        once = counted_once(
            count_case(case, review.profile),
            [(case.answers[line.slug], line.tier == "key") for line in members],
        )
        assert once == count_case(anew, merged)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(review=small_reviews())
def test_the_usual_weighing_suggests_what_rule_3_does(review: SmallReview) -> None:
    counted = review.counted
    found = weighed(tally_counts(counted), review.criteria)
    assert {case.key: found[case.counts] for case in counted} == suggest(counted, review.criteria).by_key


def test_weighing_the_tiers_changes_who_is_suggested() -> None:
    """A has more present, B more of them key."""
    review = small_review("KKiii", "North +-+++, South ++-+-", wanted=1, minimum=1)
    a, b = (case.counts for case in review.counted)
    tally = tally_counts(review.counted)
    found = {name: weighed(tally, review.criteria, order) for name, order in WEIGHINGS.items()}
    assert (found["The tiers do not matter"][a], found["The tiers do not matter"][b]) == ("yes", "no")
    assert found["A key characteristic counts twice"] == {a: "tie", b: "tie"} or (
        found["A key characteristic counts twice"][b] == "yes"
    )
    assert (found["Key characteristics come first"][a], found["Key characteristics come first"][b]) == (
        "no",
        "yes",
    )


def test_a_case_that_does_not_qualify_is_in_by_no_weighing() -> None:
    counts = Counts("North", 2, 2, 0, 0)
    for order in (score_of, *WEIGHINGS.values()):
        assert weighed({counts: 1}, Criteria(1, 3), order) == {counts: "no"}


def test_groups_level_at_the_cut_off_are_tied() -> None:
    groups: dict[Hashable, Placed] = {
        name: Placed("North", 5, (5, 0, 0), 1) for name in ("one group", "another")
    }
    assert set(suggestions_of(groups, Criteria(1, 3)).values()) == {"tie"}
    assert set(suggestions_of(groups, Criteria(2, 3)).values()) == {"yes"}
