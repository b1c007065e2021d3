"""Every tag with where it comes from, as CSV or XLSX: a row a tag."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localtime

from cases.spreadsheets import guarded

COLUMNS = (
    "case",
    "source",
    "kind_of_record",
    "record_date",
    "practice",
    "mark",
    "question",
    "text",
    "start",
    "end",
    "words",
    "strand",
    "theme",
    "sub_theme",
    "memo",
    "quotable",
    "quoting_agreed",
    "to_look_at",
    "tagged_by",
    "tagged_at",
)


def tags_csv(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """UTF-8 with a byte order mark, for Excel; dates and times in ISO form, local time."""
    written = io.StringIO()
    sheet = csv.writer(written)
    sheet.writerow(COLUMNS)
    sheet.writerows([_cell(row[name]) for name in COLUMNS] for row in rows)
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def tags_xlsx(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """One sheet, "Tags", its head frozen and filterable."""
    import xlsxwriter

    buffer = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, {**plain, "in_memory": True}) as book:
        sheet = book.add_worksheet("Tags")
        sheet.write_row(0, 0, COLUMNS, book.add_format({"bold": True}))
        number = 0
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, [_cell(row[name]) for name in COLUMNS])
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, number, len(COLUMNS) - 1)
        sheet.set_column(COLUMNS.index("words"), COLUMNS.index("words"), 60)
    return buffer.getvalue()


def _cell(value: Any) -> str | int:
    if value is None:
        return ""
    if isinstance(value, int):
        return value
    if isinstance(value, datetime):
        return localtime(value).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else str(guarded(str(value)))
