"""Reads the first visible sheet of an XLSX file in a process of its own, with bounded memory and time.

A file of two kilobytes can name a cell a million rows down, or inflate a thousand times: what that costs is
paid by a process that may be lost, not by the one that serves everybody. Run as a program it reads the file
from standard input and writes the rows as JSON; `rows_of_workbook` is how the rest of the project calls it.
"""

import io
import json
import posixpath
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

MOST_UNZIPPED = 400 * 1024 * 1024
MOST_INFLATION = 200
MOST_SECONDS = 60
TOO_LARGE = 3  # the child's exit status where the text of the cells is more than it may hand back
# A spreadsheet keeps 15 digits of a number: beyond them it has rounded already.
EXACT_DIGITS = 15
# "00000000": a number is shown with zeros in front, which its value does not have.
SHOWS_ZEROS = re.compile(r"(0{2,})(;.*)?")
CELL_AT = re.compile(rb"""\sr=["']([A-Z]{1,3})([0-9]{1,7})["']""")


class UnreadableWorkbook(ValueError):
    """The file is no workbook, or is too large inside; the message is a sentence."""


def rows_of_workbook(content: bytes, *, memory: int) -> list[list[str]]:
    """Every row of the first visible sheet from row 1 on, each cell as text; raises UnreadableWorkbook.

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


class ShownOtherwise(NamedTuple):
    """A cell of which calamine gives less than a person sees, by row and column from 0.

    `error` as the spreadsheet writes it ("#N/A"); or the number of `digits` that a number is shown with.
    """

    row: int
    column: int
    error: str = ""
    digits: int = 0


def cells_shown_otherwise(content: bytes, index: int) -> Iterator[ShownOtherwise]:
    """Errors and numbers shown with zeros in front, on the sheet at `index`.

    For calamine an error is an empty cell and a number its value: a look-up that failed would pass for *not
    known*, and an ID for one without its zeros. Nothing is looked for where the workbook has neither.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" not in names:
            return
        sheet = archive.read(_part_of(archive, index))
        zeros = _styles_with_zeros(archive) if "xl/styles.xml" in names else {}
    if b't="e"' in sheet or b"t='e'" in sheet:
        for attributes, value in re.findall(
            rb"""<(?:\w+:)?c((?=\s)[^>/]*\st=["']e["'][^>/]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<""",
            sheet,
            re.DOTALL,
        ):
            if at := _place(attributes):
                yield ShownOtherwise(*at, error=value.decode("utf-8", "replace").strip())
    if zeros:
        styled = "|".join(map(str, zeros)).encode()
        for attributes, style in re.findall(
            rb"""<(?:\w+:)?c((?=\s)[^>]*\ss=["'](%b)["'][^>]*)>""" % styled, sheet
        ):
            if at := _place(attributes):
                yield ShownOtherwise(*at, digits=zeros[int(style)])


def show_otherwise(rows: list[list[str]], cells: list[ShownOtherwise]) -> None:
    """Put what a person sees in place of what calamine gave."""
    for row, column, error, digits in cells:
        if row < len(rows) and column < len(rows[row]):
            text = rows[row][column]
            if error and not text:
                rows[row][column] = error
            elif digits and text.isdecimal():
                rows[row][column] = text.zfill(digits)


def _part_of(archive: zipfile.ZipFile, index: int) -> str:
    """The name of the part that holds a sheet."""
    sheets = [each for each in _parsed(archive, "xl/workbook.xml").iter() if _tag(each) == "sheet"]
    (relation,) = (value for name, value in sheets[index].attrib.items() if name.endswith("}id"))
    targets = _parsed(archive, "xl/_rels/workbook.xml.rels")
    (target,) = (each.attrib["Target"] for each in targets if each.attrib["Id"] == relation)
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _styles_with_zeros(archive: zipfile.ZipFile) -> dict[int, int]:
    """Style → how many digits a number is shown with at least, for those that put zeros in front."""
    styles = _parsed(archive, "xl/styles.xml")
    digits: dict[str, int] = {}
    for each in styles.iter():
        shown = SHOWS_ZEROS.fullmatch(each.attrib.get("formatCode", "")) if _tag(each) == "numFmt" else None
        if shown:
            digits[each.attrib["numFmtId"]] = len(shown[1])
    formats = next((list(each) for each in styles if _tag(each) == "cellXfs"), [])
    used = ((place, each.attrib.get("numFmtId", "")) for place, each in enumerate(formats))
    return {place: digits[number] for place, number in used if number in digits}


def _parsed(archive: zipfile.ZipFile, part: str) -> Any:
    from defusedxml.ElementTree import fromstring

    return fromstring(archive.read(part))


def _tag(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _place(attributes: bytes) -> tuple[int, int] | None:
    """ "C7" → (6, 2)."""
    at = CELL_AT.search(attributes)
    if at is None:
        return None
    column = 0
    for letter in at[1]:
        column = column * 26 + letter - ord("A") + 1
    return int(at[2]) - 1, column - 1


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
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    content = sys.stdin.buffer.read()
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    # The first that a person sees: add-ins keep hidden sheets of their own, some in front.
    seen = [each.visible == SheetVisibleEnum.Visible for each in workbook.sheets_metadata]
    index = seen.index(True) if True in seen else 0
    shown_otherwise = list(cells_shown_otherwise(content, index))
    sheet = workbook.get_sheet_by_index(index)
    rows = [[cell_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    show_otherwise(rows, shown_otherwise)
    if sum(len(cell) + 4 for row in rows for cell in row) > memory // 4:
        return TOO_LARGE
    json.dump(rows, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
