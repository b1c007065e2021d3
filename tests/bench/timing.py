"""Time two ways of doing the same, in turns, so that a busy moment of the machine falls on both."""

import gc
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import NamedTuple

SECONDS_A_ROW = 6.0
MOST_TURNS = 200


class Row(NamedTuple):
    """One line of the benchmark: median seconds of both, and the goal for ours ÷ reference."""

    name: str
    ours: float
    reference: float
    goal: float | None

    @property
    def ratio(self) -> float:
        return self.ours / self.reference

    def __str__(self) -> str:
        goal = "–" if self.goal is None else f"≤ {self.goal:g}"
        seconds = f"{_seconds(self.ours):>12}{_seconds(self.reference):>12}"
        return f"{self.name:<40}{seconds}{self.ratio:>8.2f}  {goal}"


def _seconds(value: float) -> str:
    return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.2f} ms"


def _timed(action: Callable[[], object]) -> tuple[float, object]:
    gc.collect()
    start = perf_counter()
    result = action()
    return perf_counter() - start, result


def compare(
    name: str, ours: Callable[[], object], reference: Callable[[], object], *, goal: float | None = None
) -> Row:
    """Medians of both over as many turns as the time allows. Unequal results are a ValueError."""
    mine: list[float] = []
    theirs: list[float] = []
    while not mine or (len(mine) < MOST_TURNS and sum(mine) + sum(theirs) < SECONDS_A_ROW):
        seconds, result = _timed(ours)
        reference_seconds, expected = _timed(reference)
        if result != expected:
            raise ValueError(f"{name}: the two sides do not give the same result")
        mine.append(seconds)
        theirs.append(reference_seconds)
    return Row(name, median(mine), median(theirs), goal)
