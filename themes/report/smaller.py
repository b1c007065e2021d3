"""The look of Word and OpenDocument reports made smaller, for a document of one page."""

import re
from collections.abc import Callable, Mapping

# Text shrinks a little, headings more, space between paragraphs most.
TEXT, HEADINGS, SPACE, MARGINS = 0.87, 0.72, 0.4, 0.72
LARGE = 14  # points: from here on it is a heading
Part = Callable[[str], str]


def made_small(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """The parts of a reference document with smaller type, less space and narrower margins."""
    return {
        name: SMALLER[name](part.decode()).encode() if name in SMALLER else part
        for name, part in parts.items()
    }


def _size(points: float) -> float:
    return points * (HEADINGS if points >= LARGE else TEXT)


def _word_styles(part: str) -> str:
    part = re.sub(r'(<w:szC?s? w:val=")(\d+)"', lambda m: f'{m[1]}{round(2 * _size(int(m[2]) / 2))}"', part)
    part = re.sub(r'(w:(?:before|after)=")(\d+)"', lambda m: f'{m[1]}{round(SPACE * int(m[2]))}"', part)
    return part.replace('w:line="300"', 'w:line="252"').replace('w:line="264"', 'w:line="246"')


def _word_page(part: str) -> str:
    return re.sub(
        r'(w:(?:top|right|bottom|left)=")(\d+)"', lambda m: f'{m[1]}{round(MARGINS * int(m[2]))}"', part
    )


def _open_styles(part: str) -> str:
    def points(found: re.Match[str]) -> str:
        return f'{found[1]}{_size(float(found[2])):.1f}pt"'

    def space(found: re.Match[str]) -> str:
        # Margins of the page are wide, those of a paragraph narrow.
        width = float(found[2])
        return f'{found[1]}{width * (MARGINS if width > 1 else SPACE):.2f}cm"'

    part = re.sub(r'(fo:font-size=")([\d.]+)pt"', points, part)
    part = re.sub(r'(fo:margin-(?:top|bottom)=")([\d.]+)cm"', space, part)
    part = re.sub(r'(fo:margin-(?:left|right)=")(2\.4)cm"', space, part)
    return part.replace('fo:line-height="125%"', 'fo:line-height="108%"')


SMALLER: dict[str, Part] = {
    "word/styles.xml": _word_styles,
    "word/document.xml": _word_page,
    "styles.xml": _open_styles,
}
