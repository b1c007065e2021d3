"""Rows by the hundred thousand: COPY on PostgreSQL, prepared statements on SQLite.

For rows that have been checked: no signal is sent and no field is validated. Constraints and triggers of the
database apply as always.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection, models

AT_A_TIME = 5_000
Row = Sequence[Any]
# A backslash, written twice in the text format of COPY, and an x: hexadecimal digits follow.
BEFORE_BYTES = "\\\\x"


def new_keys(model: type[models.Model], number: int) -> list[int]:
    """Primary keys that no other row has or will be given; to be called inside a transaction."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')::regclass) FROM generate_series(1, %s)",
                [table, number],
            )
            return [key for (key,) in cursor.fetchall()]
        # The transaction is the only writer, and a key written by hand moves the sequence on.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        last = row[0] if row else 0
        return list(range(last + 1, last + 1 + number))


def write(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert the rows, a few thousand at a time.

    Values are numbers, bytes, dates as the database keeps them, and words without tab, line end or
    backslash; a text that has one is a ValueError. A column that is left out is null, or what the database
    makes it.
    """
    waiting = iter(rows)
    insert = _copy if connection.vendor == "postgresql" else _execute
    while chunk := list(islice(waiting, AT_A_TIME)):
        insert(model._meta.db_table, columns, chunk)


def _execute(table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({_named(columns)}) VALUES ({marks})",  # nosec B608
            rows,
        )


def _copy(table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    text = "".join(_lines(rows))
    sealed = sum(isinstance(value, bytes) for value in rows[0])
    expected = len(rows), len(rows) * (len(columns) - 1), len(rows) * sealed * 2
    if (text.count("\n"), text.count("\t"), text.count("\\")) != expected:
        raise ValueError(f"a value for {table} holds a tab, a line end or a backslash")
    statement = f"COPY {table} ({_named(columns)}) FROM STDIN"
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        copy.write(text)


def _named(columns: Sequence[str]) -> str:
    return ", ".join(map(connection.ops.quote_name, columns))


def _lines(rows: Sequence[Row]) -> Iterator[str]:
    """Rows in the text format of COPY."""
    written = [_hexadecimal if isinstance(value, bytes) else str for value in rows[0]]
    if any(isinstance(value, bytes) for value in rows[0]):
        for row in rows:
            yield "\t".join([write_one(value) for write_one, value in zip(written, row, strict=True)]) + "\n"
    else:
        for row in rows:
            yield "\t".join(map(str, row)) + "\n"


def _hexadecimal(value: bytes) -> str:
    return BEFORE_BYTES + value.hex()
