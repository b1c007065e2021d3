"""Charts of the report: pure functions that return one `<svg>` each.

Every figure is written beside its mark, and marks differ by shape or pattern and not by colour alone. The
description lists every figure. No style attributes, no scripts. Each chart belongs beside a table of the same
figures. `name` makes the ids on a page unique.
"""

from collections.abc import Sequence
from textwrap import wrap
from typing import NamedTuple

from cases.matching.proportions import Interval
from themes.report.drawing import (
    ACCENT,
    EDGE,
    INK,
    LABELS,
    LINE,
    PAPER,
    TINT,
    WIDTH,
    arrow,
    bar,
    drawing,
    hatched,
    label,
    label_lines,
    line,
    ring,
    text,
)

THICK = 18
KEY = 34  # the room for what the marks mean, above them


class Answers(NamedTuple):
    """How many cases gave each answer; the rest are absent."""

    label: str
    present: int
    not_known: int


class Pair(NamedTuple):
    """One share in two groups: (present, known) and the interval of each."""

    label: str
    one: tuple[int, int]
    one_interval: Interval
    other: tuple[int, int]
    other_interval: Interval


def bar_chart(
    name: str,
    title: str,
    bars: Sequence[tuple[str, int]],
    total: int,
    *,
    noun: str = "cases",
    described: str = "",
) -> str:
    """Horizontal bars of counts out of `total`, in the order given: (label, count).

    The description lists every count, or is `described`. ValueError for a count outside 0 to `total`.
    """
    _check(title, [count for _, count in bars], total)
    drawn, top = [], 8
    for words, count in bars:
        middle = _middle(top, words)
        drawn.extend(label(words, middle))
        drawn.append(bar(LABELS, middle - 9, LONGEST, THICK, fill=PAPER, edge=EDGE))
        if count:
            drawn.append(bar(LABELS, middle - 9, _length(count, total), THICK, fill=ACCENT, edge=INK))
        drawn.append(text(LABELS + LONGEST + 8, middle + 5, f"{count} of {total}"))
        top = _below(top, words)
    figures = "; ".join(f"{words}, {count}" for words, count in bars)
    return drawing(name, title, described or f"Out of {total} {noun}: {figures}.", top, drawn)


def answers_chart(name: str, title: str, rows: Sequence[Answers], total: int) -> str:
    """Bars of how many of `total` cases have each characteristic, and of how many it is not known.

    ValueError where a row has more than `total`, or less than nothing.
    """
    _check(title, [number for row in rows for number in (row.present, row.not_known)], total)
    _check(title, [row.present + row.not_known for row in rows], total)
    drawn = [
        *(bar(LABELS, 8, 24, 14, fill=ACCENT, edge=INK), text(LABELS + 32, 20, "present")),
        *(hatched(LABELS + 110, 8, 24, 14), text(LABELS + 142, 20, "not known")),
        *(bar(LABELS + 238, 8, 24, 14, fill=PAPER, edge=EDGE), text(LABELS + 270, 20, "absent")),
    ]
    top = KEY + 8
    for row in rows:
        middle = _middle(top, row.label)
        drawn.extend(label(row.label, middle))
        drawn.append(bar(LABELS, middle - 9, LONGEST, THICK, fill=PAPER, edge=EDGE))
        full, part = _length(row.present, total), _length(row.not_known, total)
        if part:
            drawn.append(hatched(LABELS + full, middle - 9, part, THICK))
        if full:
            drawn.append(bar(LABELS, middle - 9, full, THICK, fill=ACCENT, edge=INK))
        drawn.append(text(LABELS + LONGEST + 8, middle + 5, f"{row.present} of {total}"))
        top = _below(top, row.label)
    figures = "; ".join(
        f"{row.label}, {row.present} present" + (f" and {row.not_known} not known" if row.not_known else "")
        for row in rows
    )
    return drawing(name, title, f"Out of {total} cases: {figures}.", top, drawn)


def pairs_chart(name: str, title: str, one: str, other: str, rows: Sequence[Pair]) -> str:
    """Shares of two groups with their intervals: a ring for the one, a block for the other."""
    drawn = [
        *(line(LABELS, 15, LABELS + 32, 15), ring(LABELS + 16, 15), text(LABELS + 40, 20, one)),
        *_block(LABELS + 166, LABELS + 198, LABELS + 182, 15),
        text(LABELS + 206, 20, other),
    ]
    top, marks = KEY + 8, []
    for row in rows:
        middle = _middle(top, row.label, most=2 * LINE)
        marks.extend(label(row.label, middle))
        marks.extend(_interval(row.one, row.one_interval, middle - 10, filled=False))
        marks.extend(_interval(row.other, row.other_interval, middle + 10, filled=True))
        top = _below(top, row.label, most=2 * LINE)
    for quarter, words in enumerate(["none", "a quarter", "half", "three quarters", "all"]):
        at = LABELS + LONGEST * quarter // 4
        drawn.append(line(at, KEY + 4, at, top, stroke=EDGE))
        if quarter in (0, 2, 4):
            drawn.append(text(at, top + 18, words, anchor="middle"))
    figures = "; ".join(
        f"{row.label}: {one} {_told(row.one, row.one_interval)},"
        f" {other} {_told(row.other, row.other_interval)}"
        for row in rows
    )
    return drawing(name, title, f"With 95% intervals. {figures}.", top + 26, [*drawn, *marks])


def flow_chart(name: str, title: str, steps: Sequence[tuple[str, int]], *, described: str = "") -> str:
    """Boxes from left to right, as from asked to selected: (label, count), two to five of them."""
    if not 2 <= len(steps) <= 5:
        raise ValueError("a flow has two to five steps")
    gap = 28
    width = (WIDTH - gap * (len(steps) - 1) - 4) // len(steps)
    labels = [wrap(words, max(10, width // 9)) for words, _ in steps]
    height = 62 + LINE * max(map(len, labels))
    drawn = []
    for place, ((_, count), lines) in enumerate(zip(steps, labels, strict=True)):
        left = 2 + place * (width + gap)
        last = place == len(steps) - 1
        fill, thick = (TINT, 3) if last else (PAPER, 1)
        drawn.append(bar(left, 4, width, height, fill=fill, edge=INK, thick=thick))
        drawn.append(text(left + width // 2, 42, str(count), anchor="middle", size=30, bold=True))
        drawn.extend(
            text(left + width // 2, 66 + LINE * n, words, anchor="middle") for n, words in enumerate(lines)
        )
        if not last:
            drawn.append(arrow(left + width + 4, 4 + height // 2, gap - 8))
    said = described or ", then ".join(f"{words}: {count}" for words, count in steps) + "."
    return drawing(name, title, said, height + 8, drawn)


LONGEST = WIDTH - LABELS - 60  # a bar of all


def _check(title: str, counts: Sequence[int], total: int) -> None:
    if any(not 0 <= count <= total for count in counts):
        raise ValueError(f"a bar of {title!r} is not between 0 and {total}")


def _length(count: int, total: int) -> int:
    return round(LONGEST * count / total) if total else 0


def _height(words: str, most: int) -> int:
    return max(LINE * len(label_lines(words)), most)


def _middle(top: int, words: str, *, most: int = LINE) -> int:
    return top + _height(words, most) // 2


def _below(top: int, words: str, *, most: int = LINE) -> int:
    return top + _height(words, most) + 14


def _interval(counted: tuple[int, int], interval: Interval, y: int, *, filled: bool) -> list[str]:
    """The line of an interval, its mark at the share, and the count beside them."""
    present, known = counted
    said = text(LABELS + LONGEST + 10, y + 5, f"{present} of {known}" if known else "not known")
    if not known:
        return [said]
    low, high = (LABELS + round(LONGEST * end) for end in interval)
    at = LABELS + round(LONGEST * present / known)
    marks = _block(low, high, at, y) if filled else [line(low, y, high, y), ring(at, y)]
    return [*marks, said]


def _block(low: int, high: int, at: int, y: int) -> list[str]:
    return [
        line(low, y, high, y, stroke=ACCENT, thick=3),
        bar(at - 5, y - 5, 10, 10, fill=ACCENT, edge=INK),
    ]


def _told(counted: tuple[int, int], interval: Interval) -> str:
    present, known = counted
    if not known:
        return "not known"
    return f"{present} of {known}, {interval.low:.0%} to {interval.high:.0%}"
