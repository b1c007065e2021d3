"""The codebook and the coded material to and from other programs."""

import csv
import io
import zipfile
from io import BytesIO

import pytest
from defusedxml.ElementTree import fromstring
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from pyrefiqda.models import CodeBook, Project
from xsdata_pydantic.bindings import XmlParser, XmlSerializer

from tests.themes import build
from themes.actions import codebook, exchange, findings, passages
from themes.exchange.material import codes_of, description_of, parts_of, project_of
from themes.exchange.packing import document, sheet
from themes.exchange.provenance import Provenance
from themes.exchange.refi import PROJECT, Code, NotRefi
from themes.exchange.refi_reading import read_codebook, read_project
from themes.exchange.refi_writing import codebook_file, project_file
from themes.exchange.tables import tags_csv
from themes.models import Passage, Strand, Tag, Theme

pytestmark = pytest.mark.django_db
TEXT = "\U0001f600 Checks were sent. Six <replies> & more came."


@pytest.fixture
def home() -> build.House:
    return build.house()


@pytest.fixture
def tagged(home):
    """A theme with all its parts, a sub-theme, passages of a finding and the whole of a note, a memo."""
    checks = build.theme(
        home,
        "Agency checks",
        definition="Asking others.\n\nIn good time.",
        when_to_use="Not for referrals.",
        example="“Six replies”",
        memo="Ask again?",
    )
    history = build.theme(home, "Building a history", parent=checks)
    build.interview(home, agreed=True)
    finding = build.finding(home, TEXT)
    passage = passages.tag(source=finding, themes=[checks, history], start=2, end=19, by=home.reviewer)
    passages.write_memo(passage=passage, memo="=SUM(1)", seen="", by=home.reviewer)
    note = build.note(home, build.question(home))
    passages.tag(source=note, themes=[build.theme(home, "Trust", strand=Strand.FEEDBACK)], by=home.colleague)
    return checks


def tags() -> set[tuple[object, ...]]:
    where = ("passage__finding", "passage__note", "passage__start", "passage__end")
    return set(Tag.objects.values_list("theme__name", *where))


def order(xml: bytes) -> list[tuple[str, list[str]]]:
    """Every element with those below it, in the order of the file: the schema fixes it."""
    return [(each.tag, [below.tag for below in each]) for each in fromstring(xml).iter()]


def upload(home, content: bytes, **fields: str):
    client = Client()
    client.force_login(home.reviewer)
    file = SimpleUploadedFile("some.qdpx", content)
    return client.post(
        reverse("exchange", args=["babies"]), {"file": file, "strand": Strand.DESK_TOP, **fields}, follow=True
    )


def test_what_is_written_is_what_the_published_schema_allows(home, tagged):
    """The classes of pyrefiqda are made of the schema; its parser refuses what is not in it."""
    parser = XmlParser()
    written = parser.from_bytes(codebook_file(codes_of(home.review)), CodeBook)
    assert [code.name for code in written.codes.code] == ["Desk-top review", "Feedback from professionals"]
    packed = zipfile.ZipFile(BytesIO(project_file(project_of(home.review))))
    project = parser.from_bytes(packed.read("project.qde"), Project)
    again = XmlSerializer().render(project, ns_map={None: PROJECT}).encode()
    assert order(again) == order(packed.read("project.qde"))
    source = next(each for each in project.sources.text_source if "Agency check" in each.name)
    (selection,) = source.plain_text_selection
    text = packed.read(source.plain_text_path.replace("internal://", "Sources/")).decode()
    assert text[selection.start_position : selection.end_position] == "Checks were sent."
    assert len(selection.coding) == 2
    assert {note.plain_text_content for note in project.notes.note} == {"=SUM(1)", "Ask again?"}
    assert {case.name for case in project.cases.case} == {"Case A", "Case B"}


def test_a_codebook_comes_back_as_it_went(home, tagged):
    file = codebook_file(codes_of(home.review))
    other = build.house("others")
    taken = exchange.take_codebook(
        review=other.review, codes=read_codebook(file), strand=Strand.FEEDBACK, by=other.reviewer
    )
    assert len(taken.made) == 3
    names = ("name", "strand", "definition", "when_to_use", "example", "parent__name")

    def entries(review):
        return list(Theme.objects.of(review).in_codebook_order().values_list(*names))

    assert entries(other.review) == entries(home.review)
    again = exchange.take_codebook(
        review=other.review, codes=read_codebook(file), strand=Strand.FEEDBACK, by=other.reviewer
    )
    assert (again.made, len(again.there)) == ([], 3)


def test_codings_come_back_after_they_were_taken_off_or_retold(home, tagged):
    before, file = tags(), project_file(project_of(home.review))
    Passage.objects.all().delete()
    taken = exchange.take_codings(
        review=home.review, project=read_project(file), strand=Strand.DESK_TOP, by=home.colleague
    )
    assert tags() == before
    assert (taken.tags, taken.tags_there, taken.no_place, taken.made) == (3, 0, 0, [])
    again = exchange.take_codings(
        review=home.review, project=read_project(file), strand=Strand.DESK_TOP, by=home.colleague
    )
    assert (again.tags, again.tags_there) == (0, 3)


def test_codings_of_a_text_that_has_changed_have_no_place(home, tagged):
    file = project_file(project_of(home.review))
    Passage.objects.filter(note=None).delete()
    findings.change(
        finding=home.cases[0].findings.get(),
        record_kind="agency check",
        record_date=None,
        expectation="required",
        quality="strength",
        text="Another text.",
        revision=1,
        by=home.reviewer,
    )
    taken = exchange.take_codings(
        review=home.review, project=read_project(file), strand=Strand.DESK_TOP, by=home.reviewer
    )
    assert (taken.tags, taken.tags_there, taken.no_place) == (0, 1, 2)


def test_a_retired_theme_goes_along_only_with_its_tags_and_takes_no_new_ones(home, tagged):
    codebook.retire(theme=build.theme(home, "Old"), by=home.reviewer)
    assert "Old" not in str(codes_of(home.review))
    file = project_file(project_of(home.review))
    codebook.retire(theme=tagged, by=home.reviewer)
    assert "Agency checks" in str(codes_of(home.review))
    Passage.objects.filter(note=None).delete()
    taken = exchange.take_codings(
        review=home.review, project=read_project(file), strand=Strand.DESK_TOP, by=home.reviewer
    )
    assert taken.no_place == 2


def test_a_code_below_two_levels_or_without_a_name_is_refused_with_every_fault(home):
    deep = Code("1", "One", codes=[Code("2", "Two", codes=[Code("3", "Three")])])
    faulty = [deep, Code("4", ""), Code("5", "x" * 121)]
    answer = upload(home, codebook_file(faulty))
    page = answer.content.decode()
    for fault in ("has two levels", "has no name", "longer than 120"):
        assert fault in page
    assert not Theme.objects.exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"words",
        b"<html></html>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes/></CodeBook>',
        b"PK\x03\x04 not a zip",
    ],
)
def test_what_is_no_refi_file_is_refused_in_words(home, content):
    with pytest.raises(NotRefi):
        read_codebook(content)
    answer = upload(home, content or b" ", codings="on")
    assert "govuk-error-summary" in answer.content.decode()


def test_a_project_without_its_text_or_with_a_selection_nowhere_is_refused(home, tagged):
    packed = zipfile.ZipFile(BytesIO(project_file(project_of(home.review))))
    qde = packed.read("project.qde")

    def repacked(qde: bytes, names: list[str]) -> bytes:
        out = BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("project.qde", qde)
            for name in names:
                archive.writestr(name, packed.read(name))
        return out.getvalue()

    texts = [name for name in packed.namelist() if name.startswith("Sources/")]
    with pytest.raises(NotRefi, match="inside"):
        read_project(repacked(qde, []))
    with pytest.raises(NotRefi, match="no place"):
        read_project(repacked(qde.replace(b'startPosition="2"', b'startPosition="x"'), texts))


def test_the_tables_hold_every_tag_with_its_words_and_no_live_formula(home, tagged):
    client = Client()
    client.force_login(home.team)
    answer = client.get(reverse("exchange_export", args=["babies", "csv"]))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["theme"] for row in rows] == ["Agency checks", "Agency checks", "Trust"]
    assert rows[0]["words"] == "Checks were sent."
    assert not rows[0]["memo"].startswith("=")
    assert rows[1]["sub_theme"] == "Building a history"
    assert (rows[2]["quoting_agreed"], rows[2]["tagged_by"]) == ("yes", home.colleague.name)
    answer = client.get(reverse("exchange_export", args=["babies", "xlsx"]))
    sheet = load_workbook(BytesIO(answer.content))["Tags"]
    assert [cell.value for cell in sheet[2]][10] == "Checks were sent."
    assert client.get(reverse("exchange_export", args=["babies", "doc"])).status_code == 404


def styled(content: bytes) -> list[tuple[str | None, str]]:
    """(style, text) of every paragraph."""
    paragraphs = Document(BytesIO(content)).paragraphs
    return [(each.style.name if each.style else None, each.text) for each in paragraphs]


def test_passages_are_read_under_their_themes_in_a_document(home, tagged):
    client = Client()
    client.force_login(home.team)
    answer = client.get(reverse("exchange_export", args=["babies", "docx"]))
    read = styled(answer.content)
    assert [text for style, text in read if style in ("Heading 1", "Heading 2", "Heading 3")] == [
        "Desk-top review",
        "Agency checks",
        "Building a history",
        "Feedback from professionals",
        "Trust",
    ]
    words = read.index(("Quote", "Checks were sent."))
    style, source = read[words + 1]
    assert style == "Source"
    assert source.startswith("Case A, agency check, 14 April 2021")


VALUES = st.text(alphabet="ab&<>'\"=_x0041 \n\té🙂", min_size=1, max_size=12) | st.integers(0, 10**9)


@given(st.lists(st.tuples(VALUES, VALUES), max_size=4))
def test_a_sheet_written_by_hand_is_read_back_as_it_was(rows):
    heads = ["one", "two & <three>"]
    made = load_workbook(BytesIO(sheet("Tags", heads, rows, widths={1: 60})))["Tags"]
    assert [tuple(cell.value for cell in row) for row in made.iter_rows()] == [tuple(heads), *rows]


def test_a_sheet_leaves_empty_cells_empty_and_drops_what_xml_cannot_hold():
    made = load_workbook(BytesIO(sheet("Tags", ["a", "b"], [("", "x\x01y"), (3, "")], widths={})))["Tags"]
    assert [[cell.value for cell in row] for row in made.iter_rows(min_row=2)] == [[None, "xy"], [3, None]]


def test_a_document_written_by_hand_holds_lines_and_signs_as_they_are():
    assert styled(document([("Title", "A & B <c>"), ("", "one\ntwo 🙂\x01")])) == [
        ("Title", "A & B <c>"),
        ("Normal", "one\ntwo 🙂"),
    ]


def test_nothing_tagged_makes_a_sheet_of_heads(home):
    assert tags_csv(Provenance(home.review).rows()).decode("utf-8-sig").startswith("case,source")


def test_importing_in_the_page_says_what_was_done(home, tagged):
    file = project_file(project_of(home.review))
    Passage.objects.filter(note=None).delete()
    page = upload(home, file, codings="on").content.decode()
    assert "No themes added, 3 there already. 2 tags added, 1 there already, 0 without a place here." in page


@given(
    definition=st.text(alphabet="ab .\n", max_size=20),
    when_to_use=st.text(alphabet="ab .", max_size=10),
    example=st.text(alphabet="ab .", max_size=10),
)
def test_a_description_is_taken_apart_as_it_was_put_together(definition, when_to_use, example):
    theme = Theme(definition=definition.strip(), when_to_use=when_to_use.strip(), example=example.strip())
    parts = parts_of(description_of(theme))
    assert parts["definition"] == theme.definition
    assert parts.get("when_to_use", "") == theme.when_to_use
    assert parts.get("example", "") == theme.example
