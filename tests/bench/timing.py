"""Time two ways of doing the same, in turns, so that a busy moment of the machine falls on both."""

import gc
from collections.abc import Callable
from statistics import median, quantiles
from time import perf_counter
from typing import NamedTuple

SECONDS_A_ROW = 5.0
MOST_TURNS = 200

Measured = Callable[[], float]


class Row(NamedTuple):
    """One line of the benchmark: medians and quartiles of both sides, and the goal for ours ÷ reference.

    Rows of one `curve` differ by `size` and are drawn as a line. The goal is a most, or with `at_least` a
    least. `unit` is "s" for seconds, "B" for bytes; anything else is printed as it stands.
    """

    name: str
    ours: float
    reference: float
    goal: float | None = None
    ours_quartiles: tuple[float, float] | None = None
    reference_quartiles: tuple[float, float] | None = None
    turns: int = 1
    curve: str = ""
    size: int | None = None
    unit: str = "s"
    at_least: bool = False

    @property
    def ratio(self) -> float:
        return self.ours / self.reference if self.reference else float("inf")

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None where there is none."""
        if self.goal is None:
            return None
        return self.ratio >= self.goal if self.at_least else self.ratio <= self.goal

    @property
    def goal_words(self) -> str:
        return "–" if self.goal is None else f"{'≥' if self.at_least else '≤'} {self.goal:g}"

    def __str__(self) -> str:
        ours = f"{written(self.ours, self.unit):>11} {spread(self.ours, self.ours_quartiles):>5}"
        reference = (
            f"{written(self.reference, self.unit):>11} {spread(self.reference, self.reference_quartiles):>5}"
        )
        verdict = {True: "", False: "  over", None: ""}[self.met]
        return f"{self.name:<52}{ours}{reference}{self.ratio:>9.2f}  {self.goal_words}{verdict}"


HEAD = f"{'name':<52}{'ours':>11} {'':>5}{'reference':>11} {'':>5}{'ratio':>9}  goal"


def written(value: float, unit: str = "s") -> str:
    """0.0123 s → "12.30 ms", 2 MB in bytes → "2.0 MB"."""
    if unit == "s":
        return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.2f} ms"
    if unit == "B":
        return f"{value / 1024**2:.1f} MB"
    return f"{value:,.0f} {unit}"


def spread(middle: float, quartiles: tuple[float, float] | None) -> str:
    """Half the distance between the quartiles, as a share of the median."""
    if quartiles is None or not middle:
        return ""
    return f"±{50 * (quartiles[1] - quartiles[0]) / middle:.0f}%"


def timed(action: Callable[[], object]) -> tuple[float, object]:
    """Seconds by the clock, and what the action gave."""
    gc.collect()
    start = perf_counter()
    result = action()
    return perf_counter() - start, result


def compare(
    name: str,
    ours: Callable[[], object],
    reference: Callable[[], object],
    *,
    goal: float | None = None,
    curve: str = "",
    size: int | None = None,
    seconds: float = SECONDS_A_ROW,
) -> Row:
    """Both by the clock, over as many turns as `seconds` allow. Unequal results are a ValueError."""
    results: dict[str, object] = {}

    def kept(side: str, action: Callable[[], object]) -> Measured:
        def measured() -> float:
            taken, results[side] = timed(action)
            return taken

        return measured

    def check() -> None:
        if results["ours"] != results["reference"]:
            raise ValueError(f"{name}: the two sides do not give the same result")

    return measure(
        name,
        kept("ours", ours),
        kept("reference", reference),
        goal=goal,
        curve=curve,
        size=size,
        seconds=seconds,
        after_turn=check,
    )


def measure(
    name: str,
    ours: Measured,
    reference: Measured,
    *,
    goal: float | None = None,
    curve: str = "",
    size: int | None = None,
    seconds: float = SECONDS_A_ROW,
    unit: str = "s",
    after_turn: Callable[[], None] = lambda: None,
) -> Row:
    """The same for two sides that measure themselves, each turn giving seconds (or another unit).

    Who goes first changes with every turn.
    """
    mine: list[float] = []
    theirs: list[float] = []
    started = perf_counter()
    while not mine or (len(mine) < MOST_TURNS and perf_counter() - started < seconds):
        if len(mine) % 2:
            theirs.append(reference())
            mine.append(ours())
        else:
            mine.append(ours())
            theirs.append(reference())
        after_turn()
    return Row(
        name,
        median(mine),
        median(theirs),
        goal,
        quartiles(mine),
        quartiles(theirs),
        len(mine),
        curve,
        size,
        unit,
    )


def quartiles(values: list[float]) -> tuple[float, float] | None:
    """The first and the third; None of a single value."""
    if len(values) < 2:
        return None
    first, _, third = quantiles(values, n=4, method="inclusive")
    return first, third
