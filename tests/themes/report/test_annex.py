"""The annex is a workbook of words and figures: nothing in it runs, nothing in it names a person."""

import io
from datetime import date
from typing import Any

import openpyxl
import pytest

from themes.report.annex import LONGEST_TEXT, Sheet, annex
from themes.report.pandoc import FormatError

ON = date(2022, 3, 5)
THEMES = Sheet(
    "Themes: desk-top",
    "Desk-top themes by number of cases",
    ["Theme", "Cases", "Note"],
    [["Agency checks", 5, None], ["=1+1", 0, "0123"], ["https://example.org/", 6, "@SUM(A1)"]],
)


def opened(*tables: Sheet, **options: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(annex(list(tables), title="Review", on=ON, **options)))


def test_read_me_comes_first_and_lists_the_sheets() -> None:
    book = opened(THEMES, Sheet("Profile", "Both versions", ["Name"], []), notes=["Cases are invented."])
    assert book.sheetnames == ["Read me", "Themes  desk-top", "Profile"]
    page = [[cell.value for cell in row] for row in book["Read me"].iter_rows()]
    assert page[0][0] == "Review"
    assert page[1][0] == "5 March 2022"
    assert ["Cases are invented.", None] in page
    assert page[-1] == ["Profile", "Both versions"]


def test_a_table_keeps_its_figures_texts_and_order() -> None:
    page = opened(THEMES)["Themes  desk-top"]
    assert page["A1"].value == "Desk-top themes by number of cases"
    assert [cell.value for cell in page[2]] == ["Theme", "Cases", "Note"]
    assert [[cell.value for cell in row] for row in page.iter_rows(min_row=3)] == [
        ["Agency checks", 5, None],
        ["'=1+1", 0, "0123"],
        ["https://example.org/", 6, "'@SUM(A1)"],
    ]


def test_no_cell_is_a_formula_or_a_link() -> None:
    book = opened(Sheet("=cmd", "=1", ["=A", "+B"], [["=HYPERLINK(1)", "-2+3"]]), notes=["=evil()"])
    for page in book:
        for row in page.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert cell.hyperlink is None
                assert not str(cell.value or "").startswith(("=", "+", "-", "@"))


def test_the_workbook_names_no_author_and_has_the_date_given() -> None:
    properties = opened(THEMES).properties
    assert not properties.creator
    assert not properties.lastModifiedBy
    assert properties.title == "Review"
    assert properties.created.date() == ON


def test_equal_tables_make_equal_bytes() -> None:
    assert annex([THEMES], title="Review", on=ON) == annex([THEMES], title="Review", on=ON)


def test_sheets_of_one_name_and_of_long_names_are_told_apart() -> None:
    long = Sheet("Multi-agency responsibility for plans", "Caption", ["A"], [["b"]])
    names = opened(long, long, Sheet("read me", "Caption", ["A"], [])).sheetnames
    assert len(names) == len({name.lower() for name in names}) == 4
    assert all(len(name) <= 31 for name in names)


def test_a_text_too_long_for_a_cell_is_refused_rather_than_lost() -> None:
    with pytest.raises(FormatError, match="longer than a cell"):
        annex([Sheet("A", "B", ["C"], [["x" * (LONGEST_TEXT + 1)]])], title="Review", on=ON)
