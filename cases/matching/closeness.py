"""Rule 9: how close a case is to the index cases. Shown beside the match count; never changes the order.

The similarity to one index case is the share of characteristics answered alike among those known in both
(simple matching, which is Gower's coefficient for nominal answers with some missing: Gower 1971).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import NamedTuple

from cases.matching.answers import ABSENT, PRESENT


class _Known(NamedTuple):
    """A case as two bit sets over the profile's characteristics."""

    known: int
    present: int


@dataclass(frozen=True, slots=True)
class Similarity:
    """A case beside one index case: the characteristics known in both, alike and differing."""

    alike: tuple[str, ...]
    differing: tuple[str, ...]

    @property
    def known(self) -> int:
        return len(self.alike) + len(self.differing)

    @property
    def share(self) -> float | None:
        """0 to 1; None where no answer is known in both."""
        return len(self.alike) / self.known if self.known else None


class ClosenessToIndex:
    """Index cases made ready to compare many cases with, over the characteristics named by `slugs`."""

    def __init__(self, index_cases: Iterable[Mapping[str, str]], slugs: Sequence[str]) -> None:
        self._bits = [(slug, 1 << place) for place, slug in enumerate(slugs)]
        self._index = [self._read(answers) for answers in index_cases]

    @property
    def number(self) -> int:
        """How many index cases there are."""
        return len(self._index)

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

    def explain(self, answers: Mapping[str, str]) -> list[Similarity]:
        """The case beside each index case in turn; `of` is the mean of the shares that are not None."""
        case = self._read(answers)
        return [self._similarity(case, other) for other in self._index]

    def _similarity(self, case: _Known, other: _Known) -> Similarity:
        known = case.known & other.known
        differing = known & (case.present ^ other.present)
        return Similarity(
            alike=tuple(slug for slug, bit in self._bits if known & ~differing & bit),
            differing=tuple(slug for slug, bit in self._bits if differing & bit),
        )


def closeness(
    answers: Mapping[str, str], index_cases: Iterable[Mapping[str, str]], slugs: Sequence[str]
) -> float | None:
    """The closeness of one case; for many cases keep one `ClosenessToIndex`."""
    return ClosenessToIndex(index_cases, slugs).of(answers)
