"""Charts of the report: small SVGs that a screen reader, a printer and a greyscale copy all can read.

Pure functions that return one `<svg>`: title and description, every figure written beside its mark, dark on
white rather than one colour beside another, no style attributes, no scripts. Each chart belongs beside a
table of the same figures. Lengths are in SVG units: the drawings are 640 wide, so that text of 16 reads as
text does at full page width.
"""

from collections.abc import Iterable, Sequence
from html import escape
from textwrap import wrap

WIDTH = 640
LABELS = 270  # the room for labels, left of the bars
LINE = 20
INK = "#0b0c0c"
ACCENT = "#1d4f7c"  # as dark in greyscale as it is in colour, beside a white rest
TEXT = f'font-family="Source Sans Pro, Arial, sans-serif" font-size="16" fill="{INK}"'


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

    `name` makes the ids on a page unique (letters, digits, hyphens). The description lists every count, or
    is `described`. ValueError for a count outside 0 to `total`.
    """
    if any(not 0 <= count <= total for _, count in bars):
        raise ValueError(f"a bar of {title!r} is not between 0 and {total}")
    longest = WIDTH - LABELS - 60
    drawn: list[str] = []
    top = 8
    for label, count in bars:
        lines = wrap(label, 34) or [""]
        height = LINE * len(lines)
        drawn.extend(
            _text(LABELS - 12, top + 15 + LINE * n, line, anchor="end") for n, line in enumerate(lines)
        )
        length = round(longest * count / total) if total else 0
        middle = top + height // 2
        drawn.append(_bar(LABELS, middle - 9, longest, 18, fill="#ffffff", edge="#b1b4b6"))
        if length:
            drawn.append(_bar(LABELS, middle - 9, length, 18, fill=ACCENT, edge=INK))
        drawn.append(_text(LABELS + longest + 8, middle + 5, f"{count} of {total}"))
        top += height + 14
    figures = "; ".join(f"{label}, {count}" for label, count in bars)
    return _svg(name, title, described or f"Out of {total} {noun}: {figures}.", top, drawn)


def flow_chart(name: str, title: str, steps: Sequence[tuple[str, int]], *, described: str = "") -> str:
    """Boxes from left to right, as from asked to selected: (label, count), two to five of them."""
    if not 2 <= len(steps) <= 5:
        raise ValueError("a flow has two to five steps")
    gap = 28
    width = (WIDTH - gap * (len(steps) - 1) - 4) // len(steps)
    labels = [wrap(label, max(10, width // 9)) for label, _ in steps]
    height = 62 + LINE * max(map(len, labels))
    drawn = []
    for place, ((_, count), lines) in enumerate(zip(steps, labels, strict=True)):
        left = 2 + place * (width + gap)
        last = place == len(steps) - 1
        fill, thick = ("#f3f2f1", 3) if last else ("#ffffff", 1)
        drawn.append(_bar(left, 4, width, height, fill=fill, edge=INK, thick=thick))
        drawn.append(_text(left + width // 2, 42, str(count), anchor="middle", size=30, bold=True))
        drawn.extend(
            _text(left + width // 2, 66 + LINE * n, line, anchor="middle") for n, line in enumerate(lines)
        )
        if not last:
            drawn.append(_arrow(left + width + 4, 4 + height // 2, gap - 8))
    said = described or ", then ".join(f"{label}: {count}" for label, count in steps) + "."
    return _svg(name, title, said, height + 8, drawn)


def _svg(name: str, title: str, description: str, height: int, drawn: Iterable[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"'
        f' aria-labelledby="{name}-title {name}-desc" focusable="false">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(description)}</desc>'
        f"{''.join(drawn)}</svg>"
    )


def _bar(left: int, top: int, width: int, height: int, *, fill: str, edge: str, thick: int = 1) -> str:
    return (
        f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="{fill}" stroke="{edge}"'
        f' stroke-width="{thick}"/>'
    )


def _arrow(left: int, middle: int, length: int) -> str:
    tip = left + length
    head = f"M{tip - 8} {middle - 6} L{tip} {middle} L{tip - 8} {middle + 6}"
    return f'<path d="M{left} {middle} H{tip - 1} {head}" fill="none" stroke="{INK}" stroke-width="2"/>'


def _text(x: int, y: int, words: str, *, anchor: str = "start", size: int = 16, bold: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    look = TEXT.replace('"16"', f'"{size}"')
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" {look}{weight}>{escape(words)}</text>'
