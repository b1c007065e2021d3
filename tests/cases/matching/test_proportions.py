"""Exact intervals and Fisher's exact test: worked examples from print, and what defines them."""

from fractions import Fraction
from itertools import combinations
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.matching.proportions import (
    at_most,
    chance_of_difference,
    exact_interval,
    most_told_apart,
)


@st.composite
def counts(draw: st.DrawFn, most: int = 60) -> tuple[int, int]:
    known = draw(st.integers(1, most))
    return draw(st.integers(0, known)), known


# Worked examples. Newcombe (Statistics in Medicine 17, 1998, table I, method 5); Conover (1971), as in the
# example of R's binom.test; the rule of 0 of n and n of n by its closed form, (0.025) to the power 1/n.
@pytest.mark.parametrize(
    ("present", "known", "low", "high"),
    [
        (81, 263, 0.2527, 0.3676),
        (15, 148, 0.0578, 0.1617),
        (0, 20, 0.0, 0.1684),
        (1, 29, 0.0009, 0.1776),
        (682, 925, 0.7076683, 0.7654066),
        (6, 6, 0.025 ** (1 / 6), 1.0),
        (0, 6, 0.0, 1 - 0.025 ** (1 / 6)),
    ],
)
def test_the_interval_is_as_printed(present: int, known: int, low: float, high: float) -> None:
    assert exact_interval(present, known) == pytest.approx((low, high), abs=6e-5)


@given(counts())
def test_at_the_ends_the_count_seen_is_just_as_unlikely_as_asked(counted: tuple[int, int]) -> None:
    present, known = counted
    low, high = exact_interval(present, known, confidence=0.9)
    assert low <= present / known <= high
    if present:
        assert 1 - at_most(present - 1, known, low) == pytest.approx(0.05, abs=1e-9)
    if present < known:
        assert at_most(present, known, high) == pytest.approx(0.05, abs=1e-9)


@given(counts())
def test_present_and_absent_mirror_each_other(counted: tuple[int, int]) -> None:
    present, known = counted
    low, high = exact_interval(present, known)
    assert exact_interval(known - present, known) == pytest.approx((1 - high, 1 - low), abs=1e-9)


@pytest.mark.parametrize("known", [1, 3, 6, 12])
@pytest.mark.parametrize("share", [0.05, 0.3, 0.5, 0.81])
def test_it_covers_the_true_share_as_often_as_it_says(known: int, share: float) -> None:
    covered = 0.0
    for present in range(known + 1):
        low, high = exact_interval(present, known)
        if low <= share <= high:
            covered += comb(known, present) * share**present * (1 - share) ** (known - present)
    assert covered >= 0.95


def test_nothing_known_says_nothing() -> None:
    assert exact_interval(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("present", "known"), [(-1, 3), (4, 3), (1, 0)])
def test_what_is_no_count_is_refused(present: int, known: int) -> None:
    with pytest.raises(ValueError, match="not a count"):
        exact_interval(present, known)


@pytest.mark.parametrize("confidence", [0, 1, -0.5])
def test_what_is_no_confidence_is_refused(confidence: float) -> None:
    with pytest.raises(ValueError, match="not between 0 and 1"):
        exact_interval(1, 2, confidence=confidence)


# Fisher's tea taster (The Design of Experiments, 1935) and his convicts with a twin (1962, R's fisher.test).
@pytest.mark.parametrize(
    ("one", "of_one", "other", "of_other", "chance"),
    [
        (3, 4, 1, 4, 34 / 70),
        (4, 4, 0, 4, 2 / 70),
        (10, 13, 2, 17, 0.0005367),
        (6, 6, 1, 6, 0.0151515),
        (6, 6, 2, 6, 0.0606061),
        (5, 6, 5, 6, 1.0),
    ],
)
def test_fishers_test_is_as_printed(one: int, of_one: int, other: int, of_other: int, chance: float) -> None:
    assert chance_of_difference(one, of_one, other, of_other) == pytest.approx(chance, abs=1e-7)


@given(counts(4), counts(4))
def test_fishers_test_is_the_share_of_all_ways_to_deal_the_characteristic_out(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    (one, of_one), (other, of_other) = first, second
    everyone = range(of_one + of_other)
    dealt = [sum(case < of_one for case in having) for having in combinations(everyone, one + other)]
    likely = {count: Fraction(dealt.count(count), len(dealt)) for count in set(dealt)}
    expected = sum(share for share in likely.values() if share <= likely[one])
    assert chance_of_difference(one, of_one, other, of_other) == pytest.approx(float(expected))


@given(counts(), counts())
def test_it_is_the_same_from_either_side(first: tuple[int, int], second: tuple[int, int]) -> None:
    assert chance_of_difference(*first, *second) == pytest.approx(chance_of_difference(*second, *first))


def test_a_group_of_which_nothing_is_known_differs_from_none() -> None:
    assert chance_of_difference(0, 0, 3, 6) == 1.0


def test_counts_outside_their_group_are_refused() -> None:
    with pytest.raises(ValueError, match="not counts"):
        chance_of_difference(7, 6, 0, 6)


@pytest.mark.parametrize(("of_one", "of_other", "most"), [(6, 6, 1), (4, 4, 0), (3, 3, None), (20, 20, 15)])
def test_how_wide_a_difference_must_be_to_be_told(of_one: int, of_other: int, most: int | None) -> None:
    assert most_told_apart(of_one, of_other) == most


@given(st.integers(0, 14), st.integers(0, 14))
def test_it_is_the_most_of_all_that_are_told_apart(of_one: int, of_other: int) -> None:
    apart = [
        other for other in range(of_other + 1) if chance_of_difference(of_one, of_one, other, of_other) < 0.05
    ]
    assert most_told_apart(of_one, of_other) == max(apart, default=None)
