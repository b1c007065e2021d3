"""Rule 2: the order of the cases and the rank of each. O(n log n) at worst."""

from collections.abc import Iterable, Iterator
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

from cases.matching.answers import CountedCase, Counts

# Match count, key characteristics present, not-known answers with their sign turned: higher is better.
Score = tuple[int, int, int]


class RankedCase(NamedTuple):
    """A counted case with its rank, 1 for the best; tied cases share it."""

    rank: int
    case: CountedCase


def score_of(counts: Counts) -> Score:
    """What rule 2 compares, highest first; equal scores are tied."""
    return counts.match_count, counts.key_count, -counts.not_known


def _tied_best_first(cases: Iterable[CountedCase]) -> Iterator[list[CountedCase]]:
    """Lists of cases with equal scores, best first, each in order of submission.

    Cases are gathered by their counts, of which there are few, and only then compared.
    """
    by_counts: dict[Counts, list[CountedCase]] = {}
    for case in cases:
        by_counts.setdefault(case.counts, []).append(case)
    by_score: dict[Score, list[CountedCase]] = {}
    for counts, alike in by_counts.items():
        by_score.setdefault(score_of(counts), []).extend(alike)
    for score in sorted(by_score, reverse=True):
        yield sorted(by_score[score], key=attrgetter("sequence"))


def order(cases: Iterable[CountedCase]) -> list[CountedCase]:
    """The cases best first; tied cases stand in order of submission (rule 2)."""
    return list(chain.from_iterable(_tied_best_first(cases)))


def rank(cases: Iterable[CountedCase]) -> list[RankedCase]:
    """The cases in order, with standard competition ranks: "1, 2, 2, 4" (rule 2)."""
    ranked: list[RankedCase] = []
    for tied in _tied_best_first(cases):
        shared = len(ranked) + 1
        ranked += [RankedCase(shared, case) for case in tied]
    return ranked
