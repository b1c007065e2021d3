"""Reads the first sheet of an XLSX file in a process of its own, with bounded memory and time.

A file of two kilobytes can name a cell a million rows down, or inflate a thousand times: what that costs is
paid by a process that may be lost, not by the one that serves everybody. Run as a program it reads the file
from standard input and writes the rows as JSON; `rows_of_workbook` is how the rest of the project calls it.
"""

import io
import json
import subprocess
import sys
import zipfile
from datetime import date, datetime
from typing import Any

MOST_UNZIPPED = 400 * 1024 * 1024
MOST_INFLATION = 200
MOST_SECONDS = 60
TOO_LARGE = 3  # the child's exit status where the text of the cells is more than it may hand back
# A spreadsheet keeps 15 digits of a number: beyond them it has rounded already.
EXACT_DIGITS = 15


class UnreadableWorkbook(ValueError):
    """The file is no workbook, or is too large inside; the message is a sentence."""


def rows_of_workbook(content: bytes, *, memory: int) -> list[list[str]]:
    """Every row of the first sheet from row 1 on, each cell as text; raises UnreadableWorkbook.

    `memory` bounds the process that reads, in bytes; a quarter of it bounds what that process hands back.
    """
    _check_unzipped_size(content)
    try:
        reading = subprocess.run(
            [sys.executable, "-I", __file__, str(memory)],
            input=content,
            capture_output=True,
            timeout=MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableWorkbook("The sheet takes too long to read. Delete what is not needed.") from error
    if reading.returncode != 0:
        raise UnreadableWorkbook(
            "The sheet could not be read. It may be damaged, locked by a password, or have cells far "
            "outside its table: copy the table to a new workbook."
        )
    rows: list[list[str]] = json.loads(reading.stdout)
    return rows


def _check_unzipped_size(content: bytes) -> None:
    """Inflates each part once: a part that is not as large as it declares fails its checksum."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            declared = sum(part.file_size for part in archive.infolist())
            if declared > min(MOST_UNZIPPED, max(len(content), 4096) * MOST_INFLATION):
                raise UnreadableWorkbook("The sheet is far larger inside than its file: it was not opened.")
            damaged = archive.testzip()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise UnreadableWorkbook("The file is no XLSX workbook, or it is damaged.") from error
    if damaged is not None:
        raise UnreadableWorkbook("The file is no XLSX workbook, or it is damaged.")


def cell_text(cell: Any) -> str:
    """A cell as a person reads it: 12345.0 → "12345", a date → "2021-03-05", True → "true"."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        whole = cell.is_integer() and abs(cell) < 10**EXACT_DIGITS
        return str(int(cell)) if whole else f"{cell:.6E}" if cell.is_integer() else str(cell)
    if isinstance(cell, datetime):
        midnight = (cell.hour, cell.minute, cell.second, cell.microsecond) == (0, 0, 0, 0)
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def main(memory: int) -> int:
    """The child's part: bound itself, read standard input, write rows to standard output."""
    try:
        import resource
    except ImportError:
        pass  # this system bounds no process; the sizes have been checked before
    else:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    sheet = workbook.get_sheet_by_index(0)
    rows = [[cell_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    if sum(len(cell) + 4 for row in rows for cell in row) > memory // 4:
        return TOO_LARGE
    json.dump(rows, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
