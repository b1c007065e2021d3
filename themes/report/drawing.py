"""What the report's charts are drawn with: SVG for a screen reader, a printer and a greyscale copy alike.

Lengths are in SVG units: a drawing is 640 wide, so that text of 16 reads as text does at full page width.
"""

from collections.abc import Iterable
from html import escape
from textwrap import wrap

WIDTH = 640
LABELS = 270  # the room for labels, left of what is drawn
LINE = 20
INK = "#0b0c0c"
PAPER = "#ffffff"
ACCENT = "#1d4f7c"  # as dark in greyscale as it is in colour, beside a white rest
EDGE = "#6f777b"  # the lightest that still has three times the contrast of paper
TINT = "#f3f2f1"
TEXT = f'font-family="Source Sans Pro, Arial, sans-serif" font-size="16" fill="{INK}"'


def drawing(name: str, title: str, description: str, height: int, drawn: Iterable[str]) -> str:
    """One `<svg>`, named and described; `name` makes its ids unique on a page (letters, digits, hyphens)."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"'
        f' aria-labelledby="{name}-title {name}-desc" focusable="false">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(description)}</desc>'
        f"{''.join(drawn)}</svg>"
    )


def bar(left: int, top: int, width: int, height: int, *, fill: str, edge: str, thick: int = 1) -> str:
    return (
        f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="{fill}" stroke="{edge}"'
        f' stroke-width="{thick}"/>'
    )


def hatched(left: int, top: int, width: int, height: int) -> str:
    """A bar of slanted lines: told from a full and from an empty one without colour."""
    slants = [
        f"M{max(left, foot - height)} {top + min(height, foot - left)} "
        f"L{min(foot, left + width)} {top + max(0, foot - left - width)}"
        for foot in range(left + 6, left + width + height, 6)
    ]
    lines = f'<path d="{" ".join(slants)}" fill="none" stroke="{INK}" stroke-width="1"/>'
    return bar(left, top, width, height, fill=PAPER, edge=INK) + lines


def line(left: int, top: int, right: int, bottom: int, *, stroke: str = INK, thick: int = 1) -> str:
    return f'<path d="M{left} {top} L{right} {bottom}" fill="none" stroke="{stroke}" stroke-width="{thick}"/>'


def ring(x: int, y: int) -> str:
    return f'<circle cx="{x}" cy="{y}" r="5" fill="{PAPER}" stroke="{INK}" stroke-width="2"/>'


def arrow(left: int, middle: int, length: int) -> str:
    tip = left + length
    head = f"M{tip - 8} {middle - 6} L{tip} {middle} L{tip - 8} {middle + 6}"
    return f'<path d="M{left} {middle} H{tip - 1} {head}" fill="none" stroke="{INK}" stroke-width="2"/>'


def text(x: int, y: int, words: str, *, anchor: str = "start", size: int = 16, bold: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    look = TEXT.replace('"16"', f'"{size}"')
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" {look}{weight}>{escape(words)}</text>'


def label(words: str, middle: int) -> list[str]:
    """The words left of a mark, in as many lines as they need, around its middle."""
    lines = label_lines(words)
    top = middle - LINE * len(lines) // 2
    return [text(LABELS - 12, top + 15 + LINE * n, each, anchor="end") for n, each in enumerate(lines)]


def label_lines(words: str) -> list[str]:
    return wrap(words, 34) or [""]
