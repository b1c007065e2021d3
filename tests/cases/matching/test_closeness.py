"""Rule 9: closeness to the index cases."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.matching import ANSWERS, ClosenessToIndex, closeness
from tests.cases.matching.examples import ANSWER_OF

SLUGS = ["c0", "c1", "c2", "c3"]


def answers_from(signs: str) -> dict[str, str]:
    return {slug: ANSWER_OF[sign] for slug, sign in zip(SLUGS, signs, strict=True)}


@pytest.mark.parametrize(
    ("case", "index_cases", "expected"),
    [
        ("++--", ["++--"], 1),
        ("++--", ["--++"], 0),
        ("++--", ["+++-"], 0.75),
        ("++--", ["++--", "--++"], 0.5),
        # Only answers known in both are compared; absent alike counts as alike.
        ("+?--", ["++-?"], 1),
        ("+???", ["-+++"], 0),
        # An index case that shares no known answer is left out of the mean.
        ("+???", ["?+++", "+---"], 1),
    ],
)
def test_closeness(case: str, index_cases: list[str], expected: float) -> None:
    found = closeness(answers_from(case), [answers_from(signs) for signs in index_cases], SLUGS)
    assert found == pytest.approx(expected)


@pytest.mark.parametrize(("case", "index_cases"), [("++--", []), ("??--", ["++??"]), ("????", ["++--"])])
def test_closeness_is_undefined_where_no_answer_is_known_in_both(case: str, index_cases: list[str]) -> None:
    assert closeness(answers_from(case), [answers_from(signs) for signs in index_cases], SLUGS) is None


def test_answers_outside_the_profile_are_not_compared() -> None:
    index_case = {**answers_from("++--"), "retired": "present"}
    assert closeness({**answers_from("++--"), "retired": "absent"}, [index_case], SLUGS) == 1


ROWS = st.tuples(*[st.sampled_from(ANSWERS)] * len(SLUGS))


def mean_similarity(case: Sequence[str], index_cases: Sequence[Sequence[str]]) -> float | None:
    shares = []
    for other in index_cases:
        both = [(a, b) for a, b in zip(case, other, strict=True) if "not known" not in (a, b)]
        if both:
            shares.append(sum(a == b for a, b in both) / len(both))
    return sum(shares) / len(shares) if shares else None


@settings(max_examples=150, deadline=None, derandomize=True)
@given(case=ROWS, index_cases=st.lists(ROWS, max_size=4))
def test_closeness_is_the_mean_share_alike_of_what_is_known_in_both(
    case: tuple[str, ...], index_cases: list[tuple[str, ...]]
) -> None:
    found = closeness(
        dict(zip(SLUGS, case, strict=True)),
        [dict(zip(SLUGS, row, strict=True)) for row in index_cases],
        SLUGS,
    )
    expected = mean_similarity(case, index_cases)
    assert found == (None if expected is None else pytest.approx(expected))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(case=ROWS, index_cases=st.lists(ROWS, max_size=4))
def test_closeness_is_the_mean_of_what_is_explained(
    case: Sequence[str], index_cases: list[Sequence[str]]
) -> None:
    mine = dict(zip(SLUGS, case, strict=True))
    theirs = [dict(zip(SLUGS, row, strict=True)) for row in index_cases]
    reader = ClosenessToIndex(theirs, SLUGS)
    explained = reader.explain(mine)
    assert len(explained) == reader.number == len(index_cases)
    shares = [found.share for found in explained if found.share is not None]
    assert reader.of(mine) == pytest.approx(sum(shares) / len(shares) if shares else None)
    for found, other in zip(explained, theirs, strict=True):
        known = {slug for slug in SLUGS if "not known" not in (mine[slug], other[slug])}
        assert {*found.alike, *found.differing} == known
        assert all(mine[slug] == other[slug] for slug in found.alike)
        assert all(mine[slug] != other[slug] for slug in found.differing)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(one=ROWS, other=ROWS)
def test_similarity_is_the_same_both_ways(one: Sequence[str], other: Sequence[str]) -> None:
    a, b = (dict(zip(SLUGS, row, strict=True)) for row in (one, other))
    assert ClosenessToIndex([a], SLUGS).explain(b) == ClosenessToIndex([b], SLUGS).explain(a)
