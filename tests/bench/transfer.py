"""Importing a sheet of 100,000 cases with nine answers each, and exporting as many ranked rows.

Ours reads, validates, seals, writes and records; the reference writes the very same rows, made ready before,
into the same tables with their indexes and constraints: COPY on PostgreSQL, executemany on SQLite. Exports
are held against a server cursor over one statement that gives the same columns but standing and suggestion.
"""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import xlsxwriter
from django.db import connection, transaction

from cases.actions.imports import import_cases
from cases.exports import write_ranking
from cases.imports import check_sheet
from cases.liberi import digest, encrypt
from cases.models import Case, Membership, Review
from cases.ranking import rank_review
from cases.sheets import BY_COMMAND, read_sheet
from kscmp_review.sealing import seal
from tests.bench.reviews import DISTRICTS, LINES, analyse, business_team, empty_review
from tests.bench.timing import Row, compare, measure, timed

CASES = 100_000
SIZES = (1_000, 10_000, CASES)
GOALS = {"postgresql": 2.0, "sqlite": 2.5}
CSV_GOAL, XLSX_GOAL, FLAT_GOAL = 3.0, 1.5, 1.2
slugs = [line.slug for line in LINES]
numbers = count(1)


def sheet_of(cases: int) -> bytes:
    """A made-up case sheet, the same at every call."""
    words = ("present", "absent", "not known", "present", "absent", "present", "absent")
    lines = [",".join(["liberi_id", "district", "assessment_date", *slugs])]
    for number in range(cases):
        answers = [words[(number * 31 + place * place * 7 + number // 97) % len(words)] for place in range(9)]
        lines.append(",".join([f"{number:09}", DISTRICTS[number % 4], "2021-03-05", *answers]))
    return "\n".join(lines).encode()


def import_sheet(content: bytes, review: Review) -> int:
    """As the command does it."""
    by = business_team()
    membership = Membership.objects.live().get(user=by, review=review)
    checked = check_sheet(read_sheet(content, BY_COMMAND), review, membership)
    assert not checked.faults, checked.faults[:3]
    return import_cases(review=review, cases=checked.cases, by=by)


TABLES = {
    "cases_case": "SELECT * FROM cases_case WHERE review_id = %s ORDER BY id",
    "cases_answer": (
        "SELECT a.id, a.case_id, a.characteristic_id, a.reported, a.evidence, a.verified, a.verified_note, "
        "a.verified_by_id, a.verified_at FROM cases_answer AS a JOIN cases_case AS c ON c.id = a.case_id "
        "WHERE c.review_id = %s ORDER BY a.id"
    ),
    "cases_caseversion": (
        "SELECT v.* FROM cases_caseversion AS v JOIN cases_case AS c ON c.id = v.case_id "
        "WHERE c.review_id = %s ORDER BY v.id"
    ),
}


EMPTY = (
    "DELETE FROM cases_caseversion WHERE case_id IN (SELECT id FROM cases_case WHERE review_id = %s)",
    "DELETE FROM cases_answer WHERE case_id IN (SELECT id FROM cases_case WHERE review_id = %s)",
    "DELETE FROM cases_case WHERE review_id = %s",
    "DELETE FROM cases_tally WHERE review_id = %s",
)


class Written:
    """The rows of an import, taken out again and ready to be put back as they were."""

    def __init__(self, review: Review) -> None:
        self.review = review
        self.tables: list[tuple[str, list[str], Any]] = []
        with connection.cursor() as cursor:
            for table, statement in TABLES.items():
                if connection.vendor == "postgresql":
                    self.tables.append(
                        (table, self._columns(cursor, statement), self._copied(cursor, statement))
                    )
                else:
                    cursor.execute(statement, [review.pk])
                    rows = cursor.fetchall()
                    self.tables.append((table, [column[0] for column in cursor.description], rows))

    def _columns(self, cursor: Any, statement: str) -> list[str]:
        cursor.execute(f"{statement} LIMIT 0", [self.review.pk])
        return [column[0] for column in cursor.description]

    def _copied(self, cursor: Any, statement: str) -> list[bytes]:
        with cursor.copy(f"COPY ({statement % self.review.pk}) TO STDOUT") as copy:
            return [bytes(block) for block in copy]

    def take_out(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            if (
                connection.vendor == "postgresql"
            ):  # nothing else points at these rows: look up none that might
                cursor.execute("SET LOCAL session_replication_role = replica")
            for statement in EMPTY:
                cursor.execute(statement, [self.review.pk])
        analyse()

    def put_back(self) -> int:
        """The reference: the rows and nothing else, in one transaction."""
        with transaction.atomic(), connection.cursor() as cursor:
            for table, columns, rows in self.tables:
                names = ", ".join(columns)
                if connection.vendor == "postgresql":
                    with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                        for block in rows:
                            copy.write(block)
                else:
                    marks = ", ".join(["%s"] * len(columns))
                    cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
        return Case.objects.of(self.review).count()


def importing(size: int) -> Row:
    """Each turn into a review of its own for ours, and into the same tables for the reference."""
    content = sheet_of(size)
    first = empty_review(size, slug=f"sheet-{next(numbers)}")
    import_sheet(content, first)
    written = Written(first)
    written.take_out()

    def ours() -> float:
        review = empty_review(size, slug=f"sheet-{next(numbers)}")
        analyse()
        seconds, imported = timed(partial(import_sheet, content, review))
        assert imported == size
        Written.take_out(_Of(review))
        return seconds

    def reference() -> float:
        seconds, put = timed(written.put_back)
        assert put == size
        written.take_out()
        return seconds

    return measure(
        f"import {size:,} cases × 9 answers",
        ours,
        reference,
        goal=GOALS[connection.vendor] if size == CASES else None,
        curve="import",
        size=size,
        seconds=45 if size == CASES else 6,
    )


class _Of(Written):
    """A review whose cases can be taken out, without having read them."""

    def __init__(self, review: Review) -> None:
        self.review = review


def sealing() -> Row:
    """What sealing alone takes of an import: an ID, its digest and the first version of each case."""
    said = b"a case as it was submitted, packed: about as long as nine answers are" * 2

    def seal_all() -> None:
        for number in range(CASES):
            encrypt(f"{number:09}")
            digest(f"{number:09}")
            seal(said)

    def bare() -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        cipher = AESGCM(b"k" * 32)
        for number in range(CASES):
            cipher.encrypt(os.urandom(12), b"%09d" % number, b"label:")
            cipher.encrypt(os.urandom(12), said, b"label:")

    return compare(f"sealing alone, {CASES:,} cases", seal_all, bare)


PIVOT = """
SELECT rank() OVER (ORDER BY match_count DESC, key_count DESC, not_known_count), liberi_id_sealed, district,
    match_count, key_count, not_known_count, match_count, match_count + not_known_count, '', '', {answers}
FROM (
    SELECT c.id, liberi_id_sealed, d.name AS district, match_count, key_count, not_known_count, sequence,
        {each}
    FROM cases_case AS c JOIN cases_district AS d ON d.id = c.district_id
    JOIN cases_answer AS a ON a.case_id = c.id
    WHERE c.review_id = {review} AND withdrawn_at IS NULL
    GROUP BY c.id, liberi_id_sealed, d.name, match_count, key_count, not_known_count, sequence
) AS pivoted ORDER BY match_count DESC, key_count DESC, not_known_count, sequence"""


def bare_rows(review: Review) -> Iterator[Sequence[Any]]:
    """The same rows by one statement, in a stream."""
    keys = [line.characteristic_id for line in review.current_profile.lines.all()]
    statement = PIVOT.format(
        review=review.pk,
        answers=", ".join(f"a{key}" for key in keys),
        each=", ".join(
            f"max(CASE WHEN a.characteristic_id = {key} THEN a.presence END) AS a{key}" for key in keys
        ),
    )
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(statement)
            yield from iter(cursor.fetchone, None)
        return
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(statement)
        while rows := cursor.fetchmany(2_000):
            yield from rows


def reference_csv(review: Review) -> None:
    writer = csv.writer(io.StringIO())
    writer.writerows(bare_rows(review))


def reference_xlsx(review: Review) -> None:
    with xlsxwriter.Workbook(io.BytesIO(), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(bare_rows(review)):
            for place, value in enumerate(row):
                sheet.write(number, place, value.hex()[:9] if place == 1 else value)


def exporting(review: Review, size: int) -> Iterator[Row]:
    def ours(file_format: str) -> None:
        write_ranking(rank_review(review), file_format, io.BytesIO())

    for file_format, reference, goal in (
        ("csv", reference_csv, CSV_GOAL),
        ("xlsx", reference_xlsx, XLSX_GOAL),
    ):
        yield compare(
            f"export {size:,} ranked rows, {file_format.upper()}",
            partial(ours, file_format),
            partial(reference, review),
            goal=goal if size == CASES else None,
            curve=f"export {file_format.upper()}",
            size=size,
            seconds=20 if size == CASES else 4,
        )


def peak_memory(job: str, review: Review) -> int:
    """Bytes a process of its own had at most while it did nothing else: python -m tests.bench.memory JOB."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.memory", job, review.slug],
        env={**os.environ, "DATABASE_URL": _address()},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return int(json.loads(done.stdout))


def _address() -> str:
    file = Path(os.environ["KSCMP_VAR"]) / "kscmp_review.sqlite3"
    return os.environ.get("DATABASE_URL", f"sqlite:///{file}")


def flat_memory(small: Review, large: Review) -> Iterator[Row]:
    for file_format in ("csv", "xlsx"):
        yield Row(
            f"export {file_format.upper()}, memory at {CASES:,} ÷ at {SIZES[1]:,}",
            peak_memory(f"export-{file_format}", large),
            peak_memory(f"export-{file_format}", small),
            FLAT_GOAL,
            unit="B",
        )


def rows() -> Iterator[Row]:
    for size in SIZES:
        yield importing(size)
    yield sealing()
    reviews: dict[int, Review] = {}
    for size in SIZES[1:]:
        reviews[size] = empty_review(size, slug=f"export-{size}")
        import_sheet(sheet_of(size), reviews[size])
        analyse()
        yield from exporting(reviews[size], size)
    yield from flat_memory(reviews[SIZES[1]], reviews[CASES])
