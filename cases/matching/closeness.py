"""Rule 9: how close a case is to the index cases. Shown beside the match count; never changes the order.

The similarity to one index case is the share of characteristics answered alike among those known in both
(simple matching, which is Gower's coefficient for nominal answers with some missing: Gower 1971).
"""

from collections.abc import Iterable, Mapping, Sequence
from math import fsum
from typing import NamedTuple

from cases.matching.answers import ABSENT, PRESENT


class _Known(NamedTuple):
    """A case as two bit sets over the profile's characteristics."""

    known: int
    present: int


class ClosenessToIndex:
    """Index cases made ready to compare many cases with, over the characteristics named by `slugs`."""

    def __init__(self, index_cases: Iterable[Mapping[str, str]], slugs: Sequence[str]) -> None:
        self._bits = [(slug, 1 << place) for place, slug in enumerate(slugs)]
        self._index = [self._read(answers) for answers in index_cases]

    def _read(self, answers: Mapping[str, str]) -> _Known:
        known = present = 0
        for slug, bit in self._bits:
            answer = answers.get(slug)
            if answer == PRESENT:
                known |= bit
                present |= bit
            elif answer == ABSENT:
                known |= bit
        return _Known(known, present)

    def of(self, answers: Mapping[str, str]) -> float | None:
        """The mean similarity, 0 to 1, over the index cases that share a known answer; None if none does."""
        case = self._read(answers)
        similarities: list[float] = []
        for other in self._index:
            known = case.known & other.known
            if known:
                alike = known & ~(case.present ^ other.present)
                similarities.append(alike.bit_count() / known.bit_count())
        return fsum(similarities) / len(similarities) if similarities else None


def closeness(
    answers: Mapping[str, str], index_cases: Iterable[Mapping[str, str]], slugs: Sequence[str]
) -> float | None:
    """The closeness of one case; for many cases keep one `ClosenessToIndex`."""
    return ClosenessToIndex(index_cases, slugs).of(answers)
