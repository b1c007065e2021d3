"""The words of a report by section, as each format tells them: the title first, then heading by heading.

Words are compared without white space, which each format sets in its own way. Left out is what a format adds
of its own: the list of contents, marks of lists, page numbers, and pictures, whose descriptions are compared
apart.
"""

import io
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import docx
import pikepdf
import pypdf
from docx.oxml.ns import qn

Sections = list[tuple[str, str]]  # (heading, everything under it), without white space

SPACE = re.compile(r"\s+")
OPEN_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
OPEN_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
OPEN_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
WORD_TEXT = {qn("w:t"), qn("w:tab"), qn("w:br")}


def squeezed(text: str) -> str:
    return SPACE.sub("", text)


class _Page(HTMLParser):
    """Words by section of level 2, without pictures, contents and what is for the screen alone."""

    SKIPPED = {"svg", "nav", "style", "head"}

    def __init__(self) -> None:
        super().__init__()
        self.sections: list[list[str]] = [["", ""]]
        self.descriptions: list[str] = []
        self._skipping: list[str] = []
        self._heading = False
        self._described = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if (
            tag in self.SKIPPED
            or (self._skipping and tag == self._skipping[-1])
            or (tag == "div" and given.get("class") == "screen-only")
        ):
            self._skipping.append(tag)
        if tag == "h2" and not self._skipping:
            self.sections.append(["", ""])
            self._heading = True
        if tag == "img":
            self.descriptions.append(squeezed(given.get("alt") or ""))
        if tag == "svg":
            self.descriptions.append("")
        self._described = tag if tag in ("title", "desc") and "svg" in self._skipping else ""

    def handle_endtag(self, tag: str) -> None:
        if self._skipping and tag == self._skipping[-1]:
            self._skipping.pop()
        if tag == "h2":
            self._heading = False
        if tag == self._described:
            self.descriptions[-1] = f"{self.descriptions[-1].rstrip('.')}."
            self._described = ""

    def handle_data(self, data: str) -> None:
        if self._described:
            self.descriptions[-1] += squeezed(data)
        if not self._skipping:
            self.sections[-1][not self._heading] += squeezed(data)


def of_html(content: bytes) -> Sections:
    page = _Page()
    page.feed(content.decode())
    return [(heading, words) for heading, words in page.sections]


def descriptions(content: bytes) -> list[str]:
    """What stands for each picture of the HTML, as title and description in one."""
    page = _Page()
    page.feed(content.decode())
    return page.descriptions


def of_docx(content: bytes) -> Sections:
    body = docx.Document(io.BytesIO(content)).element.body
    return _by_section(_word_parts(body))


def _word_parts(body: Any) -> Iterator[tuple[bool, str]]:
    for part in body:
        style = "".join(part.xpath("./w:pPr/w:pStyle/@w:val")) if part.tag == qn("w:p") else ""
        if not style.startswith("TOC"):
            words = "".join(each.text or "" for each in part.iter(qn("w:t")))
            yield style == "Heading1", words


def of_odt(content: bytes) -> Sections:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        root = ET.fromstring(archive.read("content.xml"))
    body = root.find(f"{OPEN_OFFICE}body/{OPEN_OFFICE}text")
    assert body is not None
    return _by_section(_open_parts(body))


def _open_parts(body: ET.Element) -> Iterator[tuple[bool, str]]:
    for part in body:
        style = part.get(f"{OPEN_TEXT}style-name", "")
        if not style.lower().startswith("toc"):
            level = part.get(f"{OPEN_TEXT}outline-level") if part.tag == f"{OPEN_TEXT}h" else None
            yield level == "1", _open_words(part)


def _open_words(part: ET.Element) -> str:
    if part.tag == f"{OPEN_SVG}desc":
        return part.tail or ""
    inside = "".join(_open_words(each) for each in part)
    return (part.text or "") + inside + (part.tail or "")


def _by_section(parts: Iterator[tuple[bool, str]]) -> Sections:
    sections = [["", ""]]
    for begins, words in parts:
        if begins:
            sections.append([squeezed(words), ""])
        else:
            sections[-1][1] += squeezed(words)
    return [(heading, words) for heading, words in sections]


def of_pdf(content: bytes, like: Sections) -> Sections:
    """The words of the tagged content, cut where `like` has its headings: a PDF's text knows no sections."""
    everything = squeezed(pdf_words(content))
    first = "".join(like[0])
    lengths = [len(heading) + len(words) for heading, words in like[1:]]
    at = len(everything) - sum(lengths)
    sections = [("", everything[: len(first)])]
    for (heading, _), length in zip(like[1:], lengths, strict=True):
        told = everything[at : at + length]
        sections.append((told[: len(heading)], told[len(heading) :]))
        at += length
    return sections


def pdf_words(content: bytes) -> str:
    """What is tagged as real content, in its order, without artifacts, pictures and the marks of lists."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        marks = _marks_of_lists(pdf)
        for page in pdf.pages:
            numbers = marks.get(page.obj.objgen, set())
            kept = list(_real(pikepdf.parse_content_stream(page), numbers))
            page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(kept))
        pdf.save(out)
    return "".join(page.extract_text() for page in pypdf.PdfReader(out).pages)


def _real(instructions: Any, numbers: set[int]) -> Iterator[Any]:
    """Instructions that draw no word of an artifact, of a picture or of a mark with one of the numbers."""
    nested: list[bool] = []
    for operands, operator in instructions:
        name = str(operator)
        if name in ("BDC", "BMC"):
            mark = int(operands[1].get("/MCID", -1)) if len(operands) > 1 else -1
            nested.append(str(operands[0]) == "/Artifact" or mark in numbers)
        drawn = name in ("Tj", "TJ", "'", '"', "Do")
        if not (drawn and (any(nested) or name == "Do")):
            yield operands, operator
        if name == "EMC":
            nested.pop()


def _marks_of_lists(pdf: pikepdf.Pdf) -> dict[tuple[int, int], set[int]]:
    """Page → the numbers of marked content that is a bullet or the number of a list's item."""
    found: dict[tuple[int, int], set[int]] = {}
    for tag in pdf.objects:
        if isinstance(tag, pikepdf.Dictionary) and tag.get("/S") in ("/Lbl", "/Figure") and "/K" in tag:
            kids = tag.K if isinstance(tag.K, pikepdf.Array) else [tag.K]
            for kid in kids:
                inside = isinstance(kid, pikepdf.Dictionary)
                page = kid.Pg if inside and "/Pg" in kid else tag.Pg
                found.setdefault(page.objgen, set()).add(int(kid.MCID if inside else kid))
    return found
