"""An empty case sheet to fill in: the review's columns, with lists to choose from."""

from collections.abc import Sequence
from typing import IO, TYPE_CHECKING

from cases.imports import FIXED_COLUMNS
from cases.models import Presence, ProfileLine
from cases.spreadsheets import guarded

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

ROWS = 500


def write_sheet_template(lines: Sequence[ProfileLine], districts: Sequence[str], file: IO[bytes]) -> None:
    """Write the workbook: a sheet “Cases” to fill in, one that explains the columns, one with the lists."""
    import xlsxwriter

    workbook = xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    head = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    cases, columns, lists = (workbook.add_worksheet(name) for name in ("Cases", "Columns", "Lists"))
    # As text, so that the program keeps leading zeros and rounds nothing.
    cases.set_column(0, 0, 22, workbook.add_format({"num_format": "@"}))
    cases.set_column(1, 1, 16)
    cases.set_column(2, 2, 16, workbook.add_format({"num_format": "dd/mm/yyyy"}))
    cases.set_column(3, 2 + len(lines), 18)
    cases.freeze_panes(1, 1)
    for place, heading in enumerate((*FIXED_COLUMNS, *(line.slug for line in lines))):
        cases.write_string(0, place, heading, head)
    _lists(lists, districts)
    _choices(cases, 1, 1, f"=Lists!$A$1:$A${len(districts)}", "Choose one of the review's districts.")
    words = f"=Lists!$B$1:$B${len(Presence.values)}"
    if lines:
        _choices(cases, 3, 2 + len(lines), words, "Choose present, absent or not known.")
    columns.set_column(0, 1, 38)
    columns.set_column(2, 2, 80, workbook.add_format({"text_wrap": True}))
    for row, explained in enumerate(_explained(lines)):
        for place, text in enumerate(explained):
            columns.write_string(row, place, guarded(text), head if row == 0 else None)
    workbook.close()


def write_index_template(lines: Sequence[ProfileLine], file: IO[bytes]) -> None:
    """Write an empty sheet of index cases: a column a characteristic, present, absent or not known."""
    import xlsxwriter

    workbook = xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    head = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    cases, lists = (workbook.add_worksheet(name) for name in ("Index cases", "Lists"))
    cases.set_column(0, len(lines), 18)
    cases.freeze_panes(1, 0)
    for place, line in enumerate(lines):
        cases.write_string(0, place, line.slug, head)
    _lists(lists, [])
    words = f"=Lists!$B$1:$B${len(Presence.values)}"
    _choices(cases, 0, len(lines) - 1, words, "Choose present, absent or not known.")
    workbook.close()


def _lists(sheet: "Worksheet", districts: Sequence[str]) -> None:
    for row, name in enumerate(districts):
        sheet.write_string(row, 0, guarded(name))
    for row, word in enumerate(Presence.values):
        sheet.write_string(row, 1, word)


def _choices(sheet: "Worksheet", first: int, last: int, source: str, message: str) -> None:
    validation = {
        "validate": "list",
        "source": source,
        "error_title": "Not in the list",
        "error_message": message,
    }
    sheet.data_validation(1, first, ROWS, last, validation)


def _explained(lines: Sequence[ProfileLine]) -> list[tuple[str, str, str]]:
    return [
        ("Column", "What it is", "How to fill it in"),
        (
            "liberi_id",
            "Liberi ID",
            "Digits only, with any leading zeros. No names, dates of birth or addresses.",
        ),
        ("district", "District", "One of the districts in the list."),
        ("assessment_date", "Assessment date", "DD/MM/YYYY, the day of the pre-birth assessment."),
        *((line.slug, line.name, line.guidance or "present, absent or not known") for line in lines),
    ]
