"""Cost against size on two logarithmic scales, as an SVG of our own: one panel a curve."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from math import ceil, floor, log10
from typing import NamedTuple

PANEL, GAP, ACROSS = (330, 230), 24, 2
LEFT, RIGHT, TOP, BOTTOM = 62, 14, 34, 34
INK, GRID, PAPER = "#0b0c0c", "#d8dde0", "#ffffff"
FONT = f'font-family="sans-serif" font-size="12" fill="{INK}"'
# Shape and dash tell the two apart as well as colour.
STYLES = {"ours": ("#1d70b8", "", "circle"), "reference": ("#b1542b", "6 4", "square")}
UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"))


class Line(NamedTuple):
    """`points` are (size, seconds), both above 0."""

    name: str
    points: list[tuple[int, float]]


class Scale(NamedTuple):
    """Whole powers of ten from `low` to `high`, laid over `length` pixels from `start`."""

    low: int
    high: int
    start: float
    length: float

    def at(self, value: float) -> float:
        return self.start + (log10(value) - self.low) / (self.high - self.low) * self.length

    @property
    def powers(self) -> range:
        return range(self.low, self.high + 1)


def draw(curves: Mapping[str, Sequence[Line]]) -> str:
    """The whole picture; without curves an empty one that says so."""
    rows = max(1, ceil(len(curves) / ACROSS))
    width = ACROSS * PANEL[0] + (ACROSS + 1) * GAP
    height = rows * PANEL[1] + (rows + 1) * GAP
    title = "Cost against size" if curves else "No curve has been measured yet"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" {FONT}>',
        f"<title>{title}</title>",
        f"<desc>{escape(_described(curves))}</desc>",
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/>',
    ]
    for place, (name, lines) in enumerate(curves.items()):
        down, right = divmod(place, ACROSS)
        x, y = GAP + right * (PANEL[0] + GAP), GAP + down * (PANEL[1] + GAP)
        parts += [f'<g transform="translate({x} {y})">', *_panel(name, lines), "</g>"]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _described(curves: Mapping[str, Sequence[Line]]) -> str:
    """Every point in words, for those who do not see the picture."""
    return " ".join(
        f"{name}, {line.name}: {', '.join(f'{_seconds(value)} at {size:,}' for size, value in line.points)}."
        for name, lines in curves.items()
        for line in lines
    )


def _panel(name: str, lines: Sequence[Line]) -> Iterator[str]:
    points = [point for line in lines for point in line.points]
    across = _scale([size for size, _ in points], LEFT, PANEL[0] - LEFT - RIGHT)
    bottom = PANEL[1] - BOTTOM
    up = _scale([value for _, value in points], bottom, -(bottom - TOP))
    yield f'<text x="0" y="12" font-weight="bold">{escape(name)}</text>'
    for power in across.powers:
        x = across.at(10.0**power)
        yield f'<path d="M{x:.1f} {TOP}V{bottom}" stroke="{GRID}"/>'
        yield f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{_size(power)}</text>'
    for power in up.powers:
        y = up.at(10.0**power)
        yield f'<path d="M{LEFT} {y:.1f}H{PANEL[0] - RIGHT}" stroke="{GRID}"/>'
        yield f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{_seconds(10.0**power)}</text>'
    for place, line in enumerate(lines):
        yield from _line(line, across, up)
        yield from _key(line.name, LEFT + 110 * place)


def _scale(values: Sequence[float], start: float, length: float) -> Scale:
    low, high = floor(log10(min(values)) + 1e-9), ceil(log10(max(values)) - 1e-9)
    return Scale(low, max(high, low + 1), start, length)


def _line(line: Line, across: Scale, up: Scale) -> Iterator[str]:
    colour, dash, shape = STYLES[line.name]
    places = [(across.at(size), up.at(value)) for size, value in sorted(line.points)]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    yield f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>'
    for x, y in places:
        yield _mark(shape, x, y, colour)


def _key(name: str, x: float) -> Iterator[str]:
    colour, dash, shape = STYLES[name]
    yield (
        f'<path d="M{x} 24H{x + 26}" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>'
        f'{_mark(shape, x + 13, 24, colour)}<text x="{x + 32}" y="28">{name}</text>'
    )


def _mark(shape: str, x: float, y: float, colour: str) -> str:
    if shape == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>'
    return f'<rect x="{x - 3.5:.1f}" y="{y - 3.5:.1f}" width="7" height="7" fill="{colour}"/>'


def _size(power: int) -> str:
    return f"{10**power:,}"


def _seconds(value: float) -> str:
    for factor, unit in UNITS:
        if value >= factor * 0.999:
            return f"{value / factor:.3g} {unit}"
    return f"{value * 1e6:.2g} µs"
