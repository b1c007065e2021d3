"""Where the cut-off of rule 3 falls, asked of one score in one district at a time.

With d the minimum per district and N the number wanted, let g be the number of cases ahead of a case in a
district and q the number that qualify there. A district takes min(d, q) places whatever the order, and
g where more than that are ahead, so max(g, min(d, q)) of its cases are chosen before the case is. The case,
if it qualifies, is therefore in exactly when

    fewer than d are ahead of it in its own district (it is among the district's best d), or
    the sum over all districts of max(g, min(d, q)) is below N (a place is left among the rest).

Counting the cases level with it as ahead answers "in however ties are broken"; counting them as behind
answers "in for some way". Both tests only get harder as another case rises and easier as the case itself
rises; rule 4 rests on that (see `robustness`).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from cases.matching.ranking import Score


@dataclass(frozen=True, slots=True)
class Criteria:
    """What a review asks for: how many cases, with what match count at least, how many of each district.

    A review keeps the minimum per district times its districts within the number wanted. Where it does not,
    the minimum per district goes first, as rule 3 is written, and more than `wanted` are suggested.
    """

    wanted: int
    minimum: int
    minimum_per_district: int = 0

    def __post_init__(self) -> None:
        if min(self.wanted, self.minimum, self.minimum_per_district) < 0:
            raise ValueError("what a review asks for cannot be less than nothing")


@dataclass(frozen=True, slots=True)
class Steps:
    """A count that grows as the score asked for falls. `heights` is one longer than `levels` (ascending)."""

    levels: list[Score]
    heights: list[int]

    def at_or_above(self, score: Score) -> int:
        return self.heights[bisect_left(self.levels, score)]

    def above(self, score: Score) -> int:
        return self.heights[bisect_right(self.levels, score)]


EMPTY = Steps([], [0])


def _falling(falling: Iterable[tuple[Score, int]], start: int) -> Steps:
    """Steps from (score, height from that score down) pairs given best first; `start` is above them all."""
    pairs = list(falling)[::-1]
    return Steps([score for score, _ in pairs], [height for _, height in pairs] + [start])


class Cutoff:
    """The selection of rule 3 over a tally of (district, score) → number of cases.

    Built in O(s log s) for s distinct pairs; each question is then O(log s), however many cases there are.
    """

    def __init__(self, tally: Mapping[tuple[Hashable, Score], int], criteria: Criteria) -> None:
        self.criteria = criteria
        best_first = sorted(tally.items(), key=lambda entry: entry[0][1], reverse=True)
        self._ahead = self._count_by_district(best_first)
        self._guaranteed = {
            district: min(criteria.minimum_per_district, steps.at_or_above(self._lowest_that_qualifies()))
            for district, steps in self._ahead.items()
        }
        self._taken = self._count_places(best_first)

    def _lowest_that_qualifies(self) -> Score:
        """Below every score that qualifies, above every score that does not."""
        return self.criteria.minimum, -1, 0

    @staticmethod
    def _count_by_district(best_first: list[tuple[tuple[Hashable, Score], int]]) -> dict[Hashable, Steps]:
        falling: dict[Hashable, list[tuple[Score, int]]] = {}
        for (district, score), number in best_first:
            own = falling.setdefault(district, [])
            own.append((score, number + (own[-1][1] if own else 0)))
        return {district: _falling(own, 0) for district, own in falling.items()}

    def _count_places(self, best_first: list[tuple[tuple[Hashable, Score], int]]) -> Steps:
        """The sum over districts of max(g, min(d, q)), as the score falls."""
        start = sum(self._guaranteed.values())
        ahead = dict.fromkeys(self._guaranteed, 0)
        taken, falling = start, dict[Score, int]()
        for (district, score), number in best_first:
            before = max(ahead[district], self._guaranteed[district])
            ahead[district] += number
            taken += max(ahead[district], self._guaranteed[district]) - before
            falling[score] = taken
        return _falling(falling.items(), start)

    def qualifies(self, score: Score) -> bool:
        """Rule 3: the match count is at least the minimum."""
        return score[0] >= self.criteria.minimum

    def ahead(self, district: Hashable) -> Steps:
        """How many cases of a district stand at or above a score."""
        return self._ahead.get(district, EMPTY)

    @property
    def taken(self) -> Steps:
        """How many places are taken by cases at or above a score, the guaranteed ones included."""
        return self._taken

    @property
    def qualifying(self) -> int:
        lowest = self._lowest_that_qualifies()
        return sum(steps.at_or_above(lowest) for steps in self._ahead.values())

    @property
    def suggested(self) -> int:
        """How many places are filled: those wanted, or all that qualify where they are fewer."""
        guaranteed = sum(self._guaranteed.values())
        return max(guaranteed, min(self.criteria.wanted, self.qualifying))

    def in_for_all(self, district: Hashable, score: Score) -> bool:
        """Whether a case with this score is in with every tie broken against it.

        The case is one of the tally's, at this score or above, and is not counted against itself.
        """
        return self.qualifies(score) and (
            self.ahead(district).at_or_above(score) - 1 < self.criteria.minimum_per_district
            or self._taken.at_or_above(score) - 1 < self.criteria.wanted
        )

    def in_for_some(self, district: Hashable, score: Score) -> bool:
        """Whether a case with this score is in with every tie broken for it.

        The case may be one of the tally's, at this score or below: only those above are counted.
        """
        return self.qualifies(score) and (
            self.ahead(district).above(score) < self.criteria.minimum_per_district
            or self._taken.above(score) < self.criteria.wanted
        )
