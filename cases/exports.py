"""The ranking as it leaves: CSV, XLSX or JSON, one row a case, in the order of rule 2.

Rows are read and written a few thousand at a time, so that memory stays flat whatever the number of cases.
"""

import csv
import io
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import IO, Any

from django.db import connection, transaction
from django.db.models import Aggregate, TextField, Value
from django.db.models.functions import Cast, Concat

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
GUARDED = (COLUMNS.index("liberi_id"), COLUMNS.index("district"))
CHUNK = 5_000
Cell = str | int


class Joined(Aggregate):
    """Texts of a group one after the other, with commas between, in no particular order."""

    template = "string_agg(%(expressions)s, ',')"
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="group_concat(%(expressions)s)", **context)


_ANSWER = Concat(Cast("characteristic_id", TextField()), Value("="), "presence", output_field=TextField())


def columns_of(ranking: Ranking) -> list[str]:
    """The fixed columns, then one a characteristic slug in the order of the profile."""
    return [*COLUMNS, *(line.characteristic.slug for line in ranking.lines)]


def ranking_rows(ranking: Ranking, cases: CaseQuerySet | None = None) -> Iterator[list[Cell]]:
    """One list of values a case, as `columns_of` names them; `cases` narrows `ranking.cases()`."""
    chosen = ranking.cases() if cases is None else cases
    found = chosen.values_list("pk", "liberi_id_sealed", "district__name", "district_id", *COUNTS)
    read = found.iterator(chunk_size=CHUNK)
    placed, answers = _Placed(ranking), _Answers(ranking)
    while chunk := list(islice(read, CHUNK)):
        given = answers.of([case[0] for case in chunk])
        for pk, sealed, district, *counts in chunk:
            rank, *middle = placed[tuple(counts)]
            yield [rank, liberi.decrypt(sealed), district, *middle, *given[pk]]


class _Placed(dict[tuple[int, ...], list[Cell]]):
    """Counts → the rank and the columns from the match count to the suggestion, worked out once."""

    def __init__(self, ranking: Ranking) -> None:
        super().__init__()
        self.ranking = ranking

    def __missing__(self, key: tuple[int, ...]) -> list[Cell]:
        ranking, counts = self.ranking, Counts(*key)
        self[key] = [
            ranking.ranks[score_of(counts)],
            counts.match_count,
            counts.key_count,
            counts.not_known,
            counts.lowest,
            counts.highest,
            ranking.standings[counts],
            ranking.suggestions[counts],
        ]
        return self[key]


class _Answers:
    """The answers of cases in the order of a profile, read a case a row: many cases answer alike."""

    def __init__(self, ranking: Ranking) -> None:
        self.characteristics = [line.characteristic_id for line in ranking.lines]
        self.known: dict[str, list[str]] = {}

    def of(self, cases: Sequence[int]) -> dict[int, list[str]]:
        """For one chunk, in one query; a missing answer is not known."""
        given = Answer.objects.filter(case__in=cases, characteristic__in=self.characteristics)
        joined = (
            given.order_by().values("case_id").annotate(all=Joined(_ANSWER)).values_list("case_id", "all")
        )
        found = {case: self._read(text) for case, text in joined}
        nothing = self._read("")
        return {case: found.get(case, nothing) for case in cases}

    def _read(self, text: str) -> list[str]:
        if text not in self.known:
            pairs = (answer.split("=") for answer in text.split(",") if answer)
            presence = {int(characteristic): word for characteristic, word in pairs}
            self.known[text] = [presence.get(pk, Presence.NOT_KNOWN.value) for pk in self.characteristics]
        return self.known[text]


def write_ranking(
    ranking: Ranking, file_format: str, file: IO[bytes], cases: CaseQuerySet | None = None
) -> None:
    """Write the ranking to a binary file; raises ValueError for a format not among FORMATS."""
    if file_format == "xlsx":
        _write_xlsx(columns_of(ranking), _guarded(ranking_rows(ranking, cases)), file)
        return
    for text in ranking_text(ranking, file_format, cases=cases):
        file.write(text.encode())


def ranking_text(ranking: Ranking, file_format: str, *, cases: CaseQuerySet | None = None) -> Iterator[str]:
    """The ranking as CSV or JSON, a piece at a time."""
    columns, rows = columns_of(ranking), ranking_rows(ranking, cases)
    if file_format == "csv":
        return _csv(columns, _guarded(rows))
    if file_format == "json":
        return _json(columns, rows)
    raise ValueError(f"no format {file_format!r}: one of {', '.join(FORMATS)}")


def _guarded(rows: Iterator[list[Cell]]) -> Iterator[list[Cell]]:
    """Rows for a spreadsheet program: all but these two columns are numbers and fixed words of ours."""
    for row in rows:
        for place in GUARDED:
            row[place] = guarded(row[place])
        yield row


def _csv(columns: Sequence[str], rows: Iterator[list[Cell]]) -> Iterator[str]:
    piece = io.StringIO()
    writer = csv.writer(piece, lineterminator="\n")
    writer.writerow(map(guarded, columns))
    while chunk := list(islice(rows, CHUNK)):
        writer.writerows(chunk)
        yield piece.getvalue()
        piece.seek(0)
        piece.truncate()
    yield piece.getvalue()


def _json(columns: Sequence[str], rows: Iterator[list[Cell]]) -> Iterator[str]:
    yield "["
    separator = "\n"
    for row in rows:
        yield separator + json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False)
        separator = ",\n"
    yield "\n]\n"


def _write_xlsx(columns: Sequence[str], rows: Iterator[list[Cell]], file: IO[bytes]) -> None:
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
                    sheet.write_string(number, place, value)
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
