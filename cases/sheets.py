"""A case sheet as a table of texts: CSV (UTF-8, with or without a byte order mark) or XLSX, first sheet
that is not hidden.

The index of the table is the row as the sheet numbers it, the heading being row 1; its columns are the
headings as they stand in the sheet.
"""

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cases.errors import Refused
from cases.workbooks import UnreadableWorkbook, rows_of_workbook

if TYPE_CHECKING:
    import pandas as pd

MEGABYTE = 1024 * 1024
MOST_COLUMNS = 300
XLSX_BEGINS = b"PK\x03\x04"
OLD_XLS_BEGINS = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """How large a sheet may be: bytes of the file, rows below the heading, bytes of memory to read it in."""

    size: int
    rows: int
    memory: int


ON_A_PAGE = Bounds(size=5 * MEGABYTE, rows=2_000, memory=512 * MEGABYTE)
BY_COMMAND = Bounds(size=250 * MEGABYTE, rows=1_000_000, memory=4096 * MEGABYTE)


class UnreadableSheet(Refused):
    """The file as a whole is at fault; the message is a sentence."""


@dataclass(frozen=True)
class Sheet:
    """The table and its headings; `headings` may repeat or be empty, the columns of `table` are numbers."""

    headings: list[str]
    table: "pd.DataFrame"


def read_sheet(content: bytes, bounds: Bounds) -> Sheet:
    """The sheet in `content`, CSV or XLSX by what it begins with; raises UnreadableSheet."""
    import pandas as pd

    if len(content) > bounds.size:
        raise UnreadableSheet(f"The file is larger than {bounds.size // MEGABYTE} MB.")
    if content.startswith(OLD_XLS_BEGINS):
        raise UnreadableSheet("The file is an old workbook or has a password: save it as XLSX or CSV.")
    rows = _xlsx_rows(content, bounds) if content.startswith(XLSX_BEGINS) else _csv_rows(content, bounds)
    if not any(cell.strip() for row in rows for cell in row):
        raise UnreadableSheet("The sheet is empty: its first row names the columns.")
    if not any(cell.strip() for cell in rows[0]):
        raise UnreadableSheet("The first row of the sheet is empty: it must name the columns.")
    width = max(map(len, rows))
    if width > MOST_COLUMNS:
        raise UnreadableSheet(f"The sheet has more than {MOST_COLUMNS} columns.")
    headings = [_short(cell) for cell in rows[0]] + [""] * (width - len(rows[0]))
    cells = [[cell.strip() for cell in row] + [""] * (width - len(row)) for row in rows[1:]]
    table = pd.DataFrame(cells, index=range(2, len(rows) + 1), columns=range(width), dtype="object")
    table = table[(table != "").any(axis="columns")]
    if len(table) > bounds.rows:
        raise UnreadableSheet(f"The sheet has more than {bounds.rows:,} rows: split it.")
    return Sheet(headings, table)


def _short(heading: str) -> str:
    """A heading in one line, as faults name it."""
    return " ".join(heading.split())[:60]


def _xlsx_rows(content: bytes, bounds: Bounds) -> list[list[str]]:
    try:
        return rows_of_workbook(content, memory=bounds.memory)
    except UnreadableWorkbook as error:
        raise UnreadableSheet(str(error)) from error


def _csv_rows(content: bytes, bounds: Bounds) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableSheet(
            "The file is neither an XLSX workbook nor CSV in UTF-8: save it as “CSV UTF-8”."
        ) from error
    if "\0" in text:
        raise UnreadableSheet("The file is neither an XLSX workbook nor a CSV file.")
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), strict=True):
            rows.append(row)
            if len(rows) > 2 * bounds.rows + 1:
                raise UnreadableSheet(f"The sheet has more than {bounds.rows:,} rows: split it.")
    except csv.Error as error:
        raise UnreadableSheet(
            f"The CSV file cannot be read after row {len(rows)}: check its quotes."
        ) from error
    if rows and len(rows[0]) == 1 and any(sign in rows[0][0] for sign in ";\t"):
        raise UnreadableSheet(
            "The CSV file has semicolons or tabs between its columns: save it with commas, or as XLSX."
        )
    return rows
