"""Rows as lines of JSON, the same whichever database they came from, and a sum by which to compare them."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

_MICROSECOND = timedelta(microseconds=1)
# The kinds that JSON has not: (kind, name, how it is written). A moment comes before a day: it is one, too.
_WRITTEN: list[tuple[type | tuple[type, ...], str, Callable[[Any], Any]]] = [
    ((dict, list), "json", lambda value: value),
    ((bytes, memoryview), "bytes", lambda value: base64.b64encode(value).decode()),
    (datetime, "datetime", lambda value: (value.astimezone(UTC) if value.tzinfo else value).isoformat()),
    (date, "date", date.isoformat),
    (time, "time", time.isoformat),
    (timedelta, "microseconds", lambda value: value // _MICROSECOND),
    (Decimal, "decimal", str),
    (UUID, "uuid", str),
]
_READ: dict[str, Callable[[Any], Any]] = {
    "json": lambda value: value,
    "bytes": base64.b64decode,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "microseconds": lambda value: value * _MICROSECOND,
    "decimal": Decimal,
    "uuid": UUID,
}


def row_line(values: Iterable[Any]) -> bytes:
    """One line without its end. Raises TypeError for a value of a kind that no column has."""
    row = [_written(value) for value in values]
    return json.dumps(row, separators=(",", ":"), sort_keys=True).encode()


def read_row(row: list[Any]) -> list[Any]:
    """The values of a parsed line."""
    return [_READ[value[0]](value[1]) if isinstance(value, list) else value for value in row]


class RowSum:
    """How many rows, and the sum of their SHA-256: the order in which they come does not matter."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def add(self, line: bytes) -> None:
        self.rows += 1
        self._sum += int.from_bytes(hashlib.sha256(line).digest())

    @property
    def digits(self) -> str:
        """64 hexadecimal digits."""
        return f"{self._sum % 2**256:064x}"


def _written(value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int | float):
        return value
    for kind, name, write in _WRITTEN:
        if isinstance(value, kind):
            return [name, write(value)]
    raise TypeError(f"a backup cannot hold a {type(value).__name__}")
