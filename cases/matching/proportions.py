"""What few cases can say of a proportion, and of the difference between two: exact, whatever their number.

The interval is that of Clopper and Pearson (Biometrika 26, 1934): all proportions under which a count as low
as the one seen, and one as high, are both likelier than half of what is left of the confidence. It never
covers the true proportion less often than it says. The test of two proportions is Fisher's exact test, with
two sides: the likelihood, given both margins, of all tables no likelier than the one seen (as in R's
`fisher.test`, with its relative tolerance for tables as likely).
"""

from bisect import bisect_left
from collections.abc import Callable
from math import comb, exp, lgamma, log
from typing import Final, NamedTuple

CONFIDENCE: Final = 0.95
# Below this a difference is said not to be readily brought about by chance.
LEVEL: Final = 0.05
AS_LIKELY: Final = 1 + 1e-7
HALVINGS: Final = 60  # to the last digit of a float between 0 and 1


class Interval(NamedTuple):
    """Proportions from 0 to 1."""

    low: float
    high: float


def exact_interval(present: int, known: int, *, confidence: float = CONFIDENCE) -> Interval:
    """The interval of `present` out of `known`; from 0 to 1 where nothing is known.

    ValueError for a count outside 0 to `known`, or a confidence outside 0 to 1.
    """
    if not 0 <= present <= known:
        raise ValueError(f"{present} of {known} is not a count")
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence of {confidence} is not between 0 and 1")
    rest = (1 - confidence) / 2
    low = _where(lambda share: at_most(known - present, known, 1 - share) < rest) if present else 0.0
    high = _where(lambda share: at_most(present, known, share) > rest) if present < known else 1.0
    return Interval(low, high)


def at_most(count: int, trials: int, share: float) -> float:
    """How likely `count` or fewer are of `trials`, each with the chance `share`: binomial distribution."""
    if share <= 0 or share >= 1:
        return 1.0 if share <= 0 or count >= trials else 0.0
    odds = (log(share), log(1 - share))
    return sum(
        exp(_ways(trials, seen) + seen * odds[0] + (trials - seen) * odds[1]) for seen in range(count + 1)
    )


def chance_of_difference(one: int, of_one: int, other: int, of_other: int) -> float:
    """Fisher's exact test of `one` out of `of_one` against `other` out of `of_other`: from 0 to 1.

    1 where nothing is known of a group. ValueError for a count outside its group.
    """
    if not (0 <= one <= of_one and 0 <= other <= of_other):
        raise ValueError(f"{one} of {of_one} and {other} of {of_other} are not counts")
    together, everyone = one + other, of_one + of_other
    tables = {
        count: comb(of_one, count) * comb(of_other, together - count)
        for count in range(max(0, together - of_other), min(of_one, together) + 1)
    }
    seen = tables[one]
    # Whole numbers as long as they can be: two tables just as likely are so to the last digit.
    return min(
        1.0, sum(ways for ways in tables.values() if ways <= seen * AS_LIKELY) / comb(everyone, together)
    )


def most_told_apart(of_one: int, of_other: int, *, level: float = LEVEL) -> int | None:
    """How many of the other group may have what all of the one have, for the two still to be told apart.

    Told apart: Fisher's exact test stays below `level`. None where not even 0 of the other would do.
    """
    # The fewer have it, the less likely: so the first count that chance allows can be halved for.
    apart = bisect_left(
        range(of_other + 1), level, key=lambda other: chance_of_difference(of_one, of_one, other, of_other)
    )
    return apart - 1 if apart else None


def _where(is_below: Callable[[float], bool]) -> float:
    """The proportion up to which `is_below` holds, by halving."""
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if is_below(middle) else (low, middle)
    return (low + high) / 2


def _ways(trials: int, seen: int) -> float:
    """The logarithm of the binomial coefficient."""
    return lgamma(trials + 1) - lgamma(seen + 1) - lgamma(trials - seen + 1)
