"""Files tell of themselves their title, their date and their language: nothing of people or machines."""

import io
import re
import xml.etree.ElementTree as ET
import zipfile

import pikepdf

from tests.themes.report.test_same_words import EXAMPLE, example

TITLE = "Non-accidental injury in under 1s: positive practice review"
DAY = "2022-05-13"
OPEN_XML = {
    "{http://purl.org/dc/elements/1.1/}title": TITLE,
    "{http://purl.org/dc/elements/1.1/}language": "en-GB",
    "{http://purl.org/dc/terms/}created": f"{DAY}T00:00:00Z",
    "{http://purl.org/dc/terms/}modified": f"{DAY}T00:00:00Z",
}


def told(kind: str, part: str) -> dict[str, str]:
    """Every element of a file's metadata that says something."""
    with zipfile.ZipFile(io.BytesIO(example(kind))) as archive:
        root = ET.fromstring(archive.read(part))
    return {element.tag: element.text for element in root.iter() if element.text and element.text.strip()}


def test_file_names_are_the_review_the_kind_and_the_day() -> None:
    names = sorted(path.name for path in EXAMPLE.iterdir() if path.suffix != ".md")
    assert names == [
        "nai-2022-annex-2022-05-13.xlsx",
        *(f"nai-2022-report-2022-05-13.{kind}" for kind in ("docx", "html", "odt", "pdf")),
    ]


def test_word_tells_its_title_its_day_and_its_language() -> None:
    assert told("docx", "docProps/core.xml") == OPEN_XML


def test_word_has_no_properties_of_its_own_making() -> None:
    with zipfile.ZipFile(io.BytesIO(example("docx"))) as archive:
        custom = [name for name in archive.namelist() if "custom" in name]
        assert [name for name in custom if b"viewport" in archive.read(name)] == []


def test_the_annex_tells_its_title_and_its_day() -> None:
    core = told("xlsx", "docProps/core.xml")
    assert core == {name: OPEN_XML[name] for name in OPEN_XML if not name.endswith("language")}


def test_opendocument_tells_its_title_its_day_and_its_language() -> None:
    about = {re.sub(r"{.*}", "", tag): text for tag, text in told("odt", "meta.xml").items()}
    assert about.pop("generator").startswith("Pandoc")
    assert about == {
        "title": TITLE,
        "language": "en-GB",
        "creation-date": f"{DAY}T00:00:00Z",
        "date": f"{DAY}T00:00:00Z",
        "user-defined": "Example with invented cases. Version 1, 13 May 2022",  # the subtitle
    }


def test_the_pdf_tells_its_title_its_day_and_what_made_it() -> None:
    with pikepdf.open(io.BytesIO(example("pdf"))) as pdf:
        assert str(pdf.docinfo["/Title"]) == TITLE
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20220513000000")
        assert set(pdf.docinfo) <= {"/Title", "/CreationDate", "/ModDate", "/Creator", "/Producer"}
        assert str(pdf.docinfo["/Creator"]).startswith("Typst")
        with pdf.open_metadata() as about:
            names = {re.sub(r"{.*}", "", name) for name in about}
    assert names.isdisjoint({"creator", "author", "contributor", "subject", "Keywords", "description"})


def test_the_page_tells_only_how_it_is_read() -> None:
    page = example("html").decode()
    assert re.findall(r"<meta [^>]*>", page) == [
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
    ]
    assert "<!--" not in page
