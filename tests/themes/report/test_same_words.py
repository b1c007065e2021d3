"""The words are the same in every format, section by section, and so is what stands for each picture."""

import io
import re
import zipfile
from html import unescape
from pathlib import Path

import openpyxl
import pikepdf
import pytest
from docx import Document

from tests.themes.report import words
from tests.themes.report.sample import DOCUMENT, ON
from themes.report.formats import converted

EXAMPLE = Path("docs/example-report")
KINDS = ("html", "docx", "odt", "pdf")
READERS = {"docx": words.of_docx, "odt": words.of_odt}


def example(kind: str) -> bytes:
    [path] = EXAMPLE.glob(f"*.{kind}")
    return path.read_bytes()


@pytest.fixture(scope="module", params=["a rich sample", "the example report"])
def made(request: pytest.FixtureRequest) -> dict[str, bytes]:
    if request.param == "the example report":
        return {kind: example(kind) for kind in KINDS}
    return {kind: converted(DOCUMENT, kind, on=ON) for kind in KINDS}


def told(made: dict[str, bytes], kind: str) -> words.Sections:
    like = words.of_html(made["html"])
    return words.of_pdf(made["pdf"], like) if kind == "pdf" else READERS[kind](made[kind])


@pytest.mark.parametrize("kind", ["docx", "odt", "pdf"])
def test_every_section_reads_word_for_word_as_on_the_page(made: dict[str, bytes], kind: str) -> None:
    expected, found = words.of_html(made["html"]), told(made, kind)
    assert [heading for heading, _ in found] == [heading for heading, _ in expected]
    for (heading, ours), (_, theirs) in zip(expected, found, strict=True):
        assert theirs == ours, f"{kind} differs under {heading!r}"


@pytest.mark.parametrize("kind", ["docx", "odt", "pdf"])
def test_every_picture_is_described_alike(made: dict[str, bytes], kind: str) -> None:
    expected = [text.rstrip(".") for text in words.descriptions(made["html"])]
    assert [words.squeezed(text).rstrip(".") for text in described(made[kind], kind)] == expected


def described(content: bytes, kind: str) -> list[str]:
    """What stands for each picture, in order."""
    if kind == "docx":
        return [str(text) for text in Document(io.BytesIO(content)).element.xpath("//wp:docPr/@descr")]
    if kind == "odt":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            text = archive.read("content.xml").decode()
        return [unescape(found) for found in re.findall(r"<svg:desc>(.*?)</svg:desc>", text, re.DOTALL)]
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return list(_figures(pdf.Root.StructTreeRoot))


def _figures(tag: pikepdf.Object) -> list[str]:
    own = [str(tag.Alt)] if tag.get("/S") == "/Figure" and "/Alt" in tag else []
    kids = tag.get("/K", pikepdf.Array())
    inside = kids if isinstance(kids, pikepdf.Array) else [kids]
    tags = [kid for kid in inside if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]
    return own + [text for kid in tags for text in _figures(kid)]


def test_a_word_that_is_lost_is_seen(made: dict[str, bytes]) -> None:
    """Each reader is seen to fail: a word taken out of the page is missed in every format."""
    page = words.of_html(made["html"])
    heading, ours = page[-1]
    shorter = [*page[:-1], (heading, ours[:-9])]
    assert told(made, "docx") != shorter
    assert told(made, "odt") != shorter
    assert words.of_pdf(made["pdf"], shorter) != shorter


def test_the_annex_holds_the_rows_of_the_tables() -> None:
    rows = {
        tuple(
            words.squeezed(unescape(re.sub(r"<[^>]+>", "", cell)))
            for cell in re.findall(CELL, row, re.DOTALL)
        )
        for row in re.findall(r"<tr>(.*?)</tr>", example("html").decode(), re.DOTALL)
    }
    book = openpyxl.load_workbook(io.BytesIO(example("xlsx")))
    for name in ("Cases", "Districts", "Characteristics", "Records read", "Interviews"):
        told = [[cell.value for cell in row] for row in book[name].iter_rows(min_row=3)]
        assert told
        for row in told:
            assert tuple(words.squeezed(str(value)) for value in row) in rows, f"{name}: {row}"


def cell_words(cell: str) -> str:
    return words.squeezed(unescape(re.sub(r"<[^>]+>", "", cell)))


CELL = r"<t[hd][^>]*>(.*?)</t[hd]>"
