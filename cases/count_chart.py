"""The chart of counts with ranges: where each bar lies; a template draws it as plain SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

from cases.ranking import RankedRow

ROW = 22
TOP = 20
LABEL = 126
WIDTH = 400
RIGHT = 14


@dataclass(frozen=True)
class Bar:
    """One case: a solid bar to its count, an outlined one as far as not-known answers may raise it."""

    label: str
    y: int
    sure: float
    open_from: float
    open: float
    words: str


@dataclass(frozen=True)
class CountChart:
    """Positions in units of the drawing, left to right; `ticks` are (count, x)."""

    bars: list[Bar]
    ticks: list[tuple[int, float]]
    minimum_x: float
    height: int
    summary: str
    width: int = WIDTH
    label_x: int = LABEL - 8
    start_x: int = LABEL


def count_chart(rows: Sequence[RankedRow], *, characteristics: int, minimum: int) -> CountChart:
    """Counts and ranges of `rows` in the order given, over a scale from 0 to all characteristics."""
    step = (WIDTH - LABEL - RIGHT) / max(characteristics, 1)
    bars = [
        Bar(
            label=row.case.reference,
            y=TOP + place * ROW,
            sure=round(row.lowest * step, 1),
            open_from=round(LABEL + row.lowest * step, 1),
            open=round((row.highest - row.lowest) * step, 1),
            words=f"{row.lowest}" if row.lowest == row.highest else f"{row.lowest} to {row.highest}",
        )
        for place, row in enumerate(rows)
    ]
    return CountChart(
        bars=bars,
        ticks=[(count, round(LABEL + count * step, 1)) for count in range(characteristics + 1)],
        minimum_x=round(LABEL + minimum * step, 1),
        height=TOP + len(bars) * ROW + 4,
        summary=f"Counts of {len(bars)} cases with their ranges; the table below has the same figures.",
    )
