"""The last touches to a Word or OpenDocument report: what pandoc does not write, or writes and should not.

The date is the one given; a picture keeps its description and loses its address; tables get light rules; the
parts are packed without times, so that equal documents make equal bytes.
"""

import re
from collections.abc import Callable
from datetime import date

from themes.report import tables
from themes.report.references import packed, parts_of

DATES = re.compile(r"(<(dcterms:created|dcterms:modified|meta:creation-date|dc:date)\b[^>]*>)[^<]*(</)")

# Pandoc repeats an embedded picture's whole address as its second description.
PICTURE_ADDRESS = re.compile(r'(<pic:cNvPr descr=")data:[^"]*(")')

# The filter leaves a description after its frame, where it may stand only until here.
DESCRIBED_FRAME = re.compile(r"</draw:frame>(<svg:desc>.*?</svg:desc>)", re.DOTALL)
CELL_STYLE = re.compile(
    r'<style:style style:name="Table(HeaderRow|Row)Cell".*?<style:table-cell-properties[^>]*>', re.DOTALL
)
QUOTE_INDENT = re.compile(
    r'(parent-style-name="Quotations">\s*<style:paragraph-properties) fo:margin-left="0.5in"'
)
# What follows the list of contents begins a page.
CONTENTS = {"docx": '<w:pStyle w:val="TOCHeading"', "odt": 'text:style-name="TOC Heading"'}
FIRST_SECTION = {
    "docx": re.compile(r'<w:pStyle w:val="Heading1" ?/>'),
    "odt": re.compile(r'<text:h [^>]*text:style-name="Heading_20_1"[^>]*>'),
}
STYLES_END = "</office:automatic-styles>"
FIRST_SECTION_STYLE = (
    '<style:style style:name="FirstSection" style:family="paragraph" style:parent-style-name="Heading_20_1">'
    '<style:paragraph-properties fo:break-before="page"/></style:style>'
)
# Pandoc calls a custom style by the name it is shown under.
STYLE_CALLED = re.compile(r'(?<=text:style-name=")(?:toc \d|TOC Heading)(?=")')
RULES = {"HeaderRow": "1pt solid #0b0c0c", "Row": "0.5pt solid #b1b4b6"}


def finished(document: bytes, kind: str, on: date) -> bytes:
    """The "docx" or "odt" that pandoc wrote, ready to be given away."""
    parts = parts_of(document)
    for name, finish in PARTS[kind].items():
        parts[name] = finish(parts[name].decode(), on).encode()
    return packed(parts)


def _dated(part: str, on: date) -> str:
    return DATES.sub(rf"\g<1>{on.isoformat()}T00:00:00Z\g<3>", part)


def _word_text(part: str, on: date) -> str:
    if CONTENTS["docx"] in part:
        part = FIRST_SECTION["docx"].sub(r"\g<0><w:pageBreakBefore/>", part, count=1)
    part = tables.in_word(PICTURE_ADDRESS.sub(r"\1\2", part))
    return part.replace("<wp:inline>", '<wp:inline distT="0" distB="0" distL="0" distR="0">')


def _open_text(part: str, on: date) -> str:
    if CONTENTS["odt"] in part and (first := FIRST_SECTION["odt"].search(part)):
        part = part.replace(first[0], first[0].replace('"Heading_20_1"', '"FirstSection"'), 1)
        part = part.replace(STYLES_END, FIRST_SECTION_STYLE + STYLES_END, 1)
    part = tables.in_open_document(DESCRIBED_FRAME.sub(r"\1</draw:frame>", part))
    part = STYLE_CALLED.sub(lambda found: found[0].replace(" ", "_20_"), part)
    part = QUOTE_INDENT.sub(r"\1", part)
    return CELL_STYLE.sub(_ruled_cell, part)


def _ruled_cell(found: re.Match[str]) -> str:
    head = found[0][: found[0].index("<style:table-cell-properties")]
    sides = " ".join(f'fo:border-{side}="none"' for side in ("top", "left", "right"))
    closing = "/>" if found[0].endswith("/>") else ">"
    return (
        f'{head}<style:table-cell-properties {sides} fo:border-bottom="{RULES[found[1]]}"'
        f' fo:padding-right="0.2cm" fo:padding-top="0.08cm" fo:padding-bottom="0.08cm"{closing}'
    )


PARTS: dict[str, dict[str, Callable[[str, date], str]]] = {
    "docx": {"docProps/core.xml": _dated, "word/document.xml": _word_text},
    "odt": {"meta.xml": _dated, "content.xml": _open_text},
}
