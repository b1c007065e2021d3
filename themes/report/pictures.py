"""The report's pictures: inline SVG becomes a file for PDF and a PNG for Word and OpenDocument."""

import base64
import re
from collections.abc import Callable
from functools import cache, lru_cache
from html import escape, unescape
from threading import Lock
from typing import Any

from themes.report.pandoc import FormatError

SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
TITLE = re.compile(r"<title\b[^>]*>(.*?)</title>", re.DOTALL)
DESCRIPTION = re.compile(r"<desc\b[^>]*>(.*?)</desc>", re.DOTALL)
EMBEDDED = re.compile(r'src="data:image/(png|jpeg|gif|webp);base64,([^"]*)"')

FONT = "Source Sans Pro"
PIXELS_PER_INCH = 220
WIDTH = "160mm"  # the width of the text on an A4 page
_drawing = Lock()


def as_files(html: str) -> tuple[str, dict[str, bytes]]:
    """The document with `<img>` in place of SVG and embedded pictures, and the files they name."""
    files: dict[str, bytes] = {}

    def drawing(svg: str, alt: str) -> str:
        name = f"picture-{len(files) + 1}.svg"
        files[name] = svg.encode()
        return f'<img src="{name}" alt="{alt}">'

    def embedded(found: re.Match[str]) -> str:
        name = f"picture-{len(files) + 1}.{found[1]}"
        files[name] = base64.b64decode(found[2])
        return f'src="{name}"'

    return EMBEDDED.sub(embedded, _replaced(html, drawing)), files


def as_png(html: str) -> str:
    """The document with each SVG as an embedded PNG as wide as the text."""

    def drawing(svg: str, alt: str) -> str:
        encoded = base64.b64encode(png(svg)).decode()
        return f'<img src="data:image/png;base64,{encoded}" alt="{alt}" width="100%">'

    return _replaced(html, drawing)


def png(svg: str) -> bytes:
    """The SVG drawn as wide as the text of a page; FormatError when it is not well-formed."""
    with _drawing:  # whoever comes second finds it drawn
        return _drawn(svg)


@lru_cache(maxsize=32)  # Word and OpenDocument want the same charts
def _drawn(svg: str) -> bytes:
    import typst

    page = f'#set page(width: auto, height: auto, margin: 0pt)\n#image("drawing.svg", width: {WIDTH})'
    files: Any = {"main": page.encode(), "drawing.svg": svg.encode()}
    try:
        drawn = typst.compile(files, format="png", ppi=PIXELS_PER_INCH, font_paths=fonts())
    except RuntimeError as error:  # of which typst's own error is one
        raise FormatError(f"A chart could not be drawn: {error}") from error
    return bytes(drawn)


@cache
def fonts() -> Any:
    """The fonts of typst and our sans, found once: no report depends on what else a machine has."""
    import font_source_sans_pro
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[font_source_sans_pro.font_directory])


def _replaced(html: str, drawing: Callable[[str, str], str]) -> str:
    return SVG.sub(lambda found: drawing(found[0], _alt(found[0])), html)


def _alt(svg: str) -> str:
    """Title and description as one text; FormatError without a title."""
    title, description = TITLE.search(svg), DESCRIPTION.search(svg)
    if title is None or not title[1].strip():
        raise FormatError("A chart has no title.")
    parts = [unescape(part[1]).strip() for part in (title, description) if part]
    return escape(". ".join(part.rstrip(".") for part in parts if part) + ".")
