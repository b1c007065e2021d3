"""The ranking as it leaves: CSV, XLSX or JSON, one row a case, in the order of rule 2.

Rows are read and written a few thousand at a time, so that memory stays flat whatever the number of cases.
"""

import csv
import io
import json
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import IO, NamedTuple

from django.db import connection, transaction

from cases import liberi
from cases.matching import Counts, score_of
from cases.models import Answer, Presence
from cases.models.case import CaseQuerySet
from cases.ranking import COUNTS, Ranking
from cases.spreadsheets import guarded
from kscmp_review.audit import chain

FORMATS = ("csv", "xlsx", "json")
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
COLUMNS = (
    "rank", "liberi_id", "district", "match_count", "key_count", "not_known", "lowest", "highest",
    "standing", "suggested",
)  # fmt: skip
CHUNK = 2_000
Value = str | int


class ReadCase(NamedTuple):
    """What a row needs of a case, without the case."""

    pk: int
    liberi_id_sealed: bytes
    district: str
    district_id: int
    matches: int
    keys: int
    unknowns: int
    key_unknowns: int


def columns_of(ranking: Ranking) -> list[str]:
    """The fixed columns, then one a characteristic slug in the order of the profile."""
    return [*COLUMNS, *(line.characteristic.slug for line in ranking.lines)]


def ranking_rows(ranking: Ranking, cases: CaseQuerySet | None = None) -> Iterator[list[Value]]:
    """One list of values a case, as `columns_of` names them; `cases` narrows `ranking.cases()`."""
    chosen = ranking.cases() if cases is None else cases
    found = chosen.values_list("pk", "liberi_id_sealed", "district__name", "district_id", *COUNTS)
    read = map(ReadCase._make, found.iterator(chunk_size=CHUNK))
    while chunk := list(islice(read, CHUNK)):
        given = _presence(chunk)
        for case in chunk:
            yield _row(ranking, case, given[case.pk])


def _presence(cases: Sequence[ReadCase]) -> dict[int, dict[int, str]]:
    """Case → characteristic → answer, for one chunk in one query."""
    given: dict[int, dict[int, str]] = defaultdict(dict)
    answers = Answer.objects.filter(case__in=[case.pk for case in cases])
    for case, characteristic, presence in answers.values_list("case_id", "characteristic_id", "presence"):
        given[case][characteristic] = presence
    return given


def _row(ranking: Ranking, case: ReadCase, given: dict[int, str]) -> list[Value]:
    counts = Counts(case.district_id, case.matches, case.keys, case.unknowns, case.key_unknowns)
    return [
        ranking.ranks[score_of(counts)],
        liberi.decrypt(case.liberi_id_sealed),
        case.district,
        case.matches,
        case.keys,
        case.unknowns,
        counts.lowest,
        counts.highest,
        ranking.standings[counts],
        ranking.suggestions[counts],
        *(given.get(line.characteristic_id, Presence.NOT_KNOWN.value) for line in ranking.lines),
    ]


def write_ranking(
    ranking: Ranking, file_format: str, file: IO[bytes], cases: CaseQuerySet | None = None
) -> None:
    """Write the ranking to a binary file; raises ValueError for a format not among FORMATS."""
    rows = ranking_rows(ranking, cases)
    if file_format == "xlsx":
        _write_xlsx(columns_of(ranking), rows, file)
        return
    for text in ranking_text(ranking, file_format, cases=cases):
        file.write(text.encode())


def ranking_text(ranking: Ranking, file_format: str, *, cases: CaseQuerySet | None = None) -> Iterator[str]:
    """The ranking as CSV or JSON, a piece at a time."""
    columns, rows = columns_of(ranking), ranking_rows(ranking, cases)
    if file_format == "csv":
        return _csv(columns, rows)
    if file_format == "json":
        return _json(columns, rows)
    raise ValueError(f"no format {file_format!r}: one of {', '.join(FORMATS)}")


def _csv(columns: Sequence[str], rows: Iterator[list[Value]]) -> Iterator[str]:
    piece = io.StringIO()
    writer = csv.writer(piece, lineterminator="\n")
    writer.writerow(map(guarded, columns))
    while chunk := list(islice(rows, CHUNK)):
        writer.writerows([guarded(value) for value in row] for row in chunk)
        yield piece.getvalue()
        piece.seek(0)
        piece.truncate()
    yield piece.getvalue()


def _json(columns: Sequence[str], rows: Iterator[list[Value]]) -> Iterator[str]:
    yield "["
    separator = "\n"
    for row in rows:
        yield separator + json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False)
        separator = ",\n"
    yield "\n]\n"


def _write_xlsx(columns: Sequence[str], rows: Iterator[list[Value]], file: IO[bytes]) -> None:
    import xlsxwriter

    # Rows wait on disk, not in memory, and in a folder that goes when the workbook is written.
    with tempfile.TemporaryDirectory() as folder:
        workbook = xlsxwriter.Workbook(
            file,
            {
                "constant_memory": True,
                "tmpdir": folder,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        sheet = workbook.add_worksheet("Ranking")
        head = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        sheet.freeze_panes(1, 2)
        sheet.set_column(1, 2, 16)
        sheet.set_column(len(COLUMNS), len(columns) - 1, 14)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, str(guarded(column)), head)
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, place, guarded(value))
                else:
                    sheet.write_number(number, place, value)
        workbook.close()


@contextmanager
def unmoving() -> Iterator[None]:
    """Everything read inside is read as at one moment, so that ranks and rows cannot disagree."""
    first = not connection.in_atomic_block
    with transaction.atomic():
        if first and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            chain.hold()
        yield
