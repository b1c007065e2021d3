"""A backup read back: line by line, and proved whole before anything is done with it."""

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

from kscmp_review.backup.progress import Progress
from kscmp_review.backup.rows import RowSum
from kscmp_review.backup.sealing import UnreadableBackup, open_sealed, read_header
from kscmp_review.backup.state import Migration


@dataclass(frozen=True)
class Table:
    """What stands before the rows of a table."""

    table: str
    columns: list[str]


@dataclass(frozen=True)
class End:
    """What stands behind them: how many there are, their sum (RowSum), the last number given to a row."""

    end: str
    rows: int
    sum: str
    last_number: int | None


@dataclass(frozen=True)
class Row:
    line: bytes
    values: list[Any]


@dataclass(frozen=True)
class Contents:
    """What a whole backup says of itself."""

    made: str
    engine: str
    key: str
    migrations: frozenset[Migration]
    tables: Mapping[str, End]
    # How many erasures the ledger had by then; a backup of before there was one has none.
    erasures: int = 0

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())


Part = Table | Row | End


def read_parts(
    file: IO[bytes], ring: Mapping[str, bytes], progress: Progress | None = None
) -> Iterator[Part]:
    """Each table, its rows and its end, in a stream. Raises UnreadableBackup.

    What was given out is genuine; whether it is all is known once the last was.
    """
    finished = False
    for line in _lines(file, ring, progress):
        said = json.loads(line)
        if isinstance(said, list):
            yield Row(line, said)
        elif "table" in said:
            yield Table(**said)
        elif "end" in said:
            yield End(**said)
        else:
            finished = True
    if not finished:
        raise UnreadableBackup("the backup is not finished")


def verify(file: IO[bytes], ring: Mapping[str, bytes], progress: Progress | None = None) -> Contents:
    """Read it whole and check every chunk, count and sum. Raises UnreadableBackup."""
    header = read_header(file)
    tables: dict[str, End] = {}
    found = RowSum()
    for part in read_parts(file, ring, progress):
        if isinstance(part, Table):
            found = RowSum()
        elif isinstance(part, Row):
            found.add(part.line)
        else:
            if (part.rows, part.sum) != (found.rows, found.digits):
                raise UnreadableBackup(f"the rows of {part.end} are not those that were written")
            tables[part.end] = part
    migrations = frozenset((app, name) for app, name in header["migrations"])
    return Contents(
        made=header["made"],
        engine=header["engine"],
        key=header["key"],
        migrations=migrations,
        tables=tables,
        erasures=header.get("erasures", 0),
    )


def _lines(file: IO[bytes], ring: Mapping[str, bytes], progress: Progress | None) -> Iterator[bytes]:
    size = file.seek(0, 2)
    unpack = zlib.decompressobj()
    rest = b""
    for chunk in open_sealed(file, ring):
        *lines, rest = (rest + unpack.decompress(chunk)).split(b"\n")
        yield from lines
        if progress:
            progress.show(file.tell(), size)
    if rest or not unpack.eof:
        raise UnreadableBackup("the backup is not finished")
