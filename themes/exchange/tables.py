"""Every tag with where it comes from, as CSV or XLSX: a row a tag."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.utils.timezone import localtime

from cases.spreadsheets import guarded
from themes.exchange import packing
from themes.exchange.provenance import COLUMNS, Value

Rows = Iterable[tuple[Value, ...]]


def tags_csv(rows: Rows) -> bytes:
    """UTF-8 with a byte order mark, for Excel; dates and times in ISO form, local time."""
    written = io.StringIO()
    sheet = csv.writer(written)
    sheet.writerow(COLUMNS)
    sheet.writerows(_cells(rows))
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def tags_xlsx(rows: Rows) -> bytes:
    """One sheet, "Tags", its head frozen and filterable."""
    return packing.sheet("Tags", COLUMNS, _cells(rows), widths={COLUMNS.index("words"): 60})


def _cells(rows: Rows) -> Iterator[list[str | int]]:
    """Each value as a cell may hold it; most are there many times."""
    known: dict[Value, str | int] = {}
    for row in rows:
        for value in row:
            if value not in known:
                known[value] = _cell(value)
        yield [known[value] for value in row]


def _cell(value: Value) -> str | int:
    if value is None:
        return ""
    if isinstance(value, int):
        return value
    if isinstance(value, datetime):
        return localtime(value).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else str(guarded(value))
