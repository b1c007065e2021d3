"""The report's annex: its tables as a workbook, a read-me sheet first, then a sheet a table."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from cases.dates import day
from cases.spreadsheets import guarded
from themes.report.pandoc import FormatError

Cell = str | int | float | None
LONGEST_TEXT = 32_767  # what a cell of a workbook holds
NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: a short name for its tab, a caption that says what it shows, its columns and its rows."""

    name: str
    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def annex(tables: Sequence[Sheet], *, title: str, on: date, notes: Sequence[str] = ()) -> bytes:
    """The workbook, dated `on`, without an author. FormatError for a text longer than a cell holds.

    `notes` are lines of the read-me sheet, after the title and the date, before the list of sheets.
    """
    from xlsxwriter import Workbook

    names = _tab_names([table.name for table in tables])
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with Workbook(out, options) as book:
        created = datetime(on.year, on.month, on.day, tzinfo=UTC).replace(tzinfo=None)
        book.set_properties({"title": title, "author": "", "created": created})
        _write_read_me(book, tables, names, title, on, notes)
        for table, name in zip(tables, names, strict=True):
            _write_table(book, table, name)
    return out.getvalue()


def _write_read_me(
    book: Any, tables: Sequence[Sheet], names: Sequence[str], title: str, on: date, notes: Sequence[str]
) -> None:
    lines = [title, day(on), "", *notes, *([""] if notes else []), "Sheets of this workbook"]
    page = book.add_worksheet("Read me")
    listed = [[name, table.caption] for name, table in zip(names, tables, strict=True)]
    _write_rows(page, 0, _fitted([*([line] for line in lines), *listed]))
    page.set_row(0, 24, book.add_format({"bold": True, "font_size": 16}))
    page.set_row(len(lines) - 1, None, book.add_format({"bold": True}))
    page.set_column(0, 0, 34)
    page.set_column(1, 1, 80)
    page.set_paper(9)  # A4


def _write_table(book: Any, table: Sheet, name: str) -> None:
    rows = _fitted(table.rows)
    columns = [str(_fitting(column)) for column in table.columns]
    page = book.add_worksheet(name)
    page.write_string(0, 0, str(_fitting(table.caption)), book.add_format({"bold": True, "font_size": 13}))
    _write_rows(page, 2, rows)
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for place, column in enumerate(columns):
        longest = max([len(column), *(len(str(row[place])) for row in rows)])
        page.set_column(place, place, min(max(longest + 2, 8), 60), wrapped)
        page.write_string(1, place, column, head)
    page.freeze_panes(2, 1)
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(1)


def _write_rows(page: Any, first: int, rows: Sequence[Sequence[Cell]]) -> None:
    for number, row in enumerate(rows, start=first):
        for place, cell in enumerate(row):
            page.write(number, place, cell)


def _fitted(rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    return [[_fitting(cell) for cell in row] for row in rows]


def _fitting(cell: Cell) -> Cell:
    safe = guarded(cell)
    if isinstance(safe, str) and len(safe) > LONGEST_TEXT:
        raise FormatError("A text of the annex is longer than a cell of a workbook holds.")
    return safe


def _tab_names(wanted: Sequence[str]) -> list[str]:
    """Names a workbook accepts: at most 31 letters, no signs of its own, no two alike."""
    names: list[str] = []
    taken = {"read me", "history"}
    for name in wanted:
        plain = NOT_IN_A_NAME.sub(" ", name).strip()[:31] or "Table"
        number = 2
        unique = plain
        while unique.lower() in taken:
            unique = f"{plain[:27]} {number}"
            number += 1
        taken.add(unique.lower())
        names.append(unique)
    return names
