"""One HTML document becomes every format whole, accessible, dated, and without a trace of who made it."""

import io
import re
import zipfile
from datetime import date
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import docx
import pikepdf
import pytest

from tests.themes.report.sample import DOCUMENT, ON
from tests.unpacked import all_text
from themes.report.formats import FORMATS, FormatError, converted, file_name

KINDS = ["html", "docx", "odt", "pdf"]
WORDS = [
    "Positive practice review: wrens & finches",
    "Report to the executive board, 5 March 2022",
    "How cases were identified",
    "worked well",
    "£3, #1, a_b, $x$, *star*, @here, <angle>",
    "a point under it",
    "Ask the social worker.",
    "How 12 cases became 6",
    "Characteristics by how many of the selected cases",
    "Characteristic number 40",
    "In all 6 cases a referral was made early.",
    "She sat down with us and drew the whole family on one sheet.",
    "What the worker added.",
    "Counts are computed when the report is built.",
]
SHORT = re.sub(r"(</tr>)(<tr>.*?)(</tbody>)", r"\1\3", DOCUMENT, count=1, flags=re.DOTALL)
FLOW_ALT = "From asked to selected. asked for: 12, then submitted: 12, then qualified: 9, then selected: 6."


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return {kind: converted(DOCUMENT, kind, on=ON) for kind in KINDS}


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


def joined(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_format_holds_the_words(made: dict[str, bytes], kind: str, words: str) -> None:
    assert joined(words) in all_text(made[kind], kind)


@pytest.mark.parametrize("kind", ["docx", "odt", "pdf"])
def test_what_is_for_the_screen_alone_stays_off_paper(made: dict[str, bytes], kind: str) -> None:
    assert "Onlyonscreen" not in all_text(made[kind], kind)


@pytest.mark.parametrize("kind", KINDS)
def test_equal_documents_of_one_date_make_equal_bytes(made: dict[str, bytes], kind: str) -> None:
    assert converted(DOCUMENT, kind, on=ON) == made[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_says_who_made_it_or_where(made: dict[str, bytes], kind: str) -> None:
    text = all_text(made[kind], kind)
    assert str(Path.cwd()) not in text
    assert f"{gettempdir()}/" not in text
    assert "site-packages" not in text


# HTML


def test_html_is_one_file_with_its_style_sheet_and_a_list_of_contents(made: dict[str, bytes]) -> None:
    page = made["html"].decode()
    assert page.count("<style>") == 1
    assert "@media print" in page
    assert '<li><a href="#themes-section">Desk-top themes</a></li>' in page
    assert re.search(r'<h2 id="section-1">Context</h2>', page)
    assert "<svg" in page
    assert not re.search(r'(src|href)="(?!data:image|#|https://example\.org)', page)
    assert ' style="' not in page


def test_html_with_contents_of_its_own_keeps_them() -> None:
    own = DOCUMENT.replace("<main>", '<main><nav aria-label="Parts"><a href="#context">Context</a></nav>')
    assert converted(own, "html", on=ON).decode().count("<nav") == 1


# Word


@pytest.fixture(scope="module")
def word(made: dict[str, bytes]) -> Any:
    return docx.Document(io.BytesIO(made["docx"]))


def test_word_headings_are_headings(word: Any) -> None:
    styled = [
        (p.style.name, p.text) for p in word.paragraphs if p.style.name.startswith(("Heading", "Title"))
    ]
    assert styled == [
        ("Title", "Positive practice review: wrens & finches"),
        ("Heading 1", "Context"),
        ("Heading 1", "How cases were identified"),
        ("Heading 2", "From asked to selected"),
        ("Heading 2", "The profile as applied"),
        ("Heading 1", "Desk-top themes"),
        ("Heading 2", "Referrals to FGC"),
        ("Heading 3", "Required or beyond"),
        ("Heading 1", "Method note"),
    ]


def test_word_table_repeats_its_header_row_and_sets_figures_to_the_right(word: Any) -> None:
    [table] = word.tables
    rows = table._tbl.tr_lst
    assert len(rows) == 41
    assert [bool(row.xpath("./w:trPr/w:tblHeader")) for row in rows] == [True] + [False] * 40
    assert all(row.xpath("./w:tc[3]/w:p/w:pPr/w:jc/@w:val") == ["right"] for row in rows)
    assert table._tbl.xpath("./w:tblPr/w:tblCaption/@w:val") == [
        "Characteristics by how many of the selected cases"
    ]


def test_word_marks_row_heads_and_lets_only_a_long_table_break(word: Any) -> None:
    [long] = word.tables
    assert long._tbl.xpath("./w:tblPr/w:tblLook/@w:firstColumn") == ["1"]
    assert not long._tbl.xpath(".//w:keepNext")
    [short] = docx.Document(io.BytesIO(converted(SHORT, "docx", on=ON))).tables
    rows = short._tbl.tr_lst
    assert [bool(row.xpath(".//w:keepNext")) for row in rows] == [True] * (len(rows) - 1) + [False]


def test_word_and_opendocument_begin_a_page_after_the_contents(word: Any, made: dict[str, bytes]) -> None:
    breaks = word.element.xpath("//w:p[w:pPr/w:pageBreakBefore]")
    assert [p.xpath("string(.)") for p in breaks] == ["Context"]
    content = part(made["odt"], "content.xml")
    [style] = re.findall(r'<text:h [^>]*text:style-name="FirstSection"[^>]*>', content)
    assert 'style:name="FirstSection"' in content
    assert 'text:outline-level="1"' in style


def test_word_pictures_are_described(word: Any) -> None:
    descriptions = word.element.xpath("//wp:docPr/@descr")
    assert len(descriptions) == 3
    assert descriptions[0] == FLOW_ALT
    assert descriptions[2] == "A red dot"
    assert "data:image" not in word.element.xml


def test_word_is_british_a4_with_page_numbers(word: Any, made: dict[str, bytes]) -> None:
    section = word.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert "PAGE" in part(made["docx"], "word/footer1.xml")
    languages = set(re.findall(r'<w:lang [^>]*w:val="([^"]*)"', part(made["docx"], "word/styles.xml")))
    assert languages == {"en-GB"}
    assert word.core_properties.language == "en-GB"


def test_word_properties_are_the_title_and_the_date(word: Any) -> None:
    properties = word.core_properties
    assert properties.title == "Positive practice review: wrens & finches"
    assert (properties.author, properties.last_modified_by, properties.keywords) == ("", "", "")
    assert properties.created.date() == properties.modified.date() == ON


def test_word_contents_link_to_every_section(word: Any) -> None:
    links = word.element.xpath("//w:p[w:pPr/w:pStyle[starts-with(@w:val, 'TOC')]]/w:hyperlink/@w:anchor")
    marks = word.element.xpath("//w:bookmarkStart/@w:name")
    assert len(links) == 7
    assert set(links) <= set(marks)


# OpenDocument


def test_opendocument_headings_header_rows_and_descriptions(made: dict[str, bytes]) -> None:
    content = part(made["odt"], "content.xml")
    assert len(re.findall(r'<text:h [^>]*text:outline-level="1"', content)) == 4
    assert content.count("<table:table-header-rows>") == 1
    described = re.findall(r"<draw:frame.*?<svg:desc>(.*?)</svg:desc></draw:frame>", content, re.DOTALL)
    assert len(described) == 3
    assert described[0] == FLOW_ALT
    assert "C&amp;F assessment" in described[1]


def test_opendocument_tables_stand_left_and_only_a_long_one_may_break(made: dict[str, bytes]) -> None:
    def properties(content: bytes) -> list[str]:
        return re.findall(r"<style:table-properties [^>]*>", part(content, "content.xml"))

    [long] = properties(made["odt"])
    [short] = properties(converted(SHORT, "odt", on=ON))
    assert 'table:align="left"' in long
    assert 'table:align="left"' in short
    assert "may-break-between-rows" not in long
    assert 'style:may-break-between-rows="false"' in short


def test_opendocument_calls_no_style_that_is_not_there(made: dict[str, bytes]) -> None:
    content, styles = part(made["odt"], "content.xml"), part(made["odt"], "styles.xml")
    called = set(re.findall(r'text:style-name="([^"]*)"', content))
    there = set(re.findall(r'style:name="([^"]*)"', content + styles))
    assert {name for name in called - there if not name.startswith("L")} == set()


def test_opendocument_is_british_dated_and_without_an_author(made: dict[str, bytes]) -> None:
    about = part(made["odt"], "meta.xml")
    assert "<dc:language>en-GB</dc:language>" in about
    assert "<meta:creation-date>2022-03-05T00:00:00Z<" in about
    assert not re.search(r"<(dc:creator|meta:initial-creator)>[^<]", about)
    assert 'fo:page-width="21cm"' in part(made["odt"], "styles.xml")


# PDF


@pytest.fixture(scope="module")
def pdf(made: dict[str, bytes]) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(made["pdf"]))


def tags(pdf: pikepdf.Pdf) -> list[Any]:
    return [
        thing
        for thing in pdf.objects
        if isinstance(thing, pikepdf.Dictionary) and "/S" in thing and "/P" in thing
    ]


def test_pdf_claims_ua_1_and_a_2a_in_british_english_with_a_title(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as about:
        assert about["pdfuaid:part"] == "1"
        assert (about["pdfaid:part"], about["pdfaid:conformance"]) == ("2", "A")
        assert about["dc:title"] == "Positive practice review: wrens & finches"
        assert "dc:creator" not in about
    assert str(pdf.Root.Lang) == "en-GB"
    assert bool(pdf.Root.MarkInfo.Marked)
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    assert "/Author" not in pdf.docinfo
    assert str(pdf.docinfo["/CreationDate"]).startswith("D:20220305")


def test_pdf_tags_headings_headers_and_described_pictures(pdf: pikepdf.Pdf) -> None:
    kinds = [str(tag.S) for tag in tags(pdf)]
    assert kinds.count("/H1") >= 4
    assert kinds.count("/TH") == 3
    assert kinds.count("/TR") == 41
    assert {str(tag.Alt) for tag in tags(pdf) if tag.S == "/Figure" and "/Alt" in tag} >= {
        FLOW_ALT,
        "A red dot",
    }


def test_pdf_heads_of_columns_say_so_and_every_cell_names_its_own(pdf: pikepdf.Pdf) -> None:
    heads = [tag for tag in tags(pdf) if tag.S == "/TH"]
    assert {str(tag.A[0].Scope) for tag in heads} == {"/Column"}
    cells = [tag for tag in tags(pdf) if tag.S == "/TD"]
    assert {str(name) for tag in cells for name in tag.A[0].Headers} == {str(tag.ID) for tag in heads}


def test_pdf_colours_are_bound_to_a_profile(pdf: pikepdf.Pdf) -> None:
    [intent] = pdf.Root.OutputIntents
    assert (str(intent.S), int(intent.DestOutputProfile.N)) == ("/GTS_PDFA1", 3)


def test_pdf_has_bookmarks_and_a4_pages(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        assert [item.title for item in outline.root][-4:] == [
            "Context",
            "How cases were identified",
            "Desk-top themes",
            "Method note",
        ]
    assert [round(float(side)) for side in pdf.pages[0].mediabox[2:]] == [595, 842]


def test_pdf_embeds_our_font_alone(pdf: pikepdf.Pdf) -> None:
    fonts = [thing for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary) and "/BaseFont" in thing]
    assert fonts
    assert all("SourceSansPro" in str(font.BaseFont) for font in fonts)


# What stands in the way


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('lang="en-GB"', 'lang="en-US"', "the language is not"),
        ("<title>Positive practice review: wrens &amp; finches</title>", "", "there is no title"),
        ("<h1>", "<h1>Another</h1><h1>", "2 main headings"),
        ('alt="A red dot"', 'alt=""', "no description"),
        ("<main>", "<main><script>alert(1)</script>", "<script> has no place"),
        ("<p>See", '<p style="color:red">See', "<p> carries style"),
        ("<p>See", '<p onclick="x()">See', "<p> carries onclick"),
        (
            '<figure><img src="data:image/png',
            '<figure><img src="https://example.org/x.png" alt="x"><img src="data:image/png',
            "<img> fetches a file",
        ),
        ('href="https://example.org/"', 'href="file:///etc/passwd"', "links to a script or a file"),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_document_that_is_not_fit_is_refused_with_its_fault(
    kind: str, before: str, after: str, fault: str
) -> None:
    assert before in DOCUMENT
    with pytest.raises(FormatError, match=re.escape(fault)):
        converted(DOCUMENT.replace(before, after, 1), kind, on=ON)


@pytest.mark.parametrize("kind", ["docx", "odt", "pdf"])
def test_a_chart_that_cannot_be_drawn_or_has_no_title_is_refused(kind: str) -> None:
    for broken in ("<svg><g></svg>", '<svg xmlns="http://www.w3.org/2000/svg"></svg>'):
        with pytest.raises(FormatError):
            converted(DOCUMENT.replace("<p>See", f"{broken}<p>See", 1), kind, on=ON)


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(FormatError, match="no report format 'rtf'"):
        converted(DOCUMENT, "rtf", on=ON)


# File names


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("pdf", "nai-2022-report-2022-03-05.pdf"),
        ("html", "nai-2022-report-2022-03-05.html"),
        ("xlsx", "nai-2022-annex-2022-03-05.xlsx"),
    ],
)
def test_a_file_is_named_by_review_and_date(kind: str, name: str) -> None:
    assert file_name("nai-2022", kind, ON) == name


@pytest.mark.parametrize("slug", ["", "Nai 2022", "../x", "a/b", "é", "nai-", "nai\n"])
def test_a_file_name_takes_nothing_but_a_slug(slug: str) -> None:
    with pytest.raises(FormatError):
        file_name(slug, "pdf", date(2022, 3, 5))


def test_every_format_has_its_extension_content_type_and_label() -> None:
    assert {kind: form.extension for kind, form in FORMATS.items()} == {
        kind: kind for kind in [*KINDS, "xlsx"]
    }
    assert all("/" in form.content_type and form.label for form in FORMATS.values())
