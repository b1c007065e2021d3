"""A closed review with something in every table, a canary in every column about a case, and where to look."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection, models
from django.utils import timezone

from cases.actions import liberi_ids, reviews
from cases.models import Draft, Review, Selection, Stage, StageChange
from cases.retention import NOTICE
from kscmp_review.accounts.models import Session
from kscmp_review.accounts.session_store import SessionStore
from kscmp_review.privacy.holdings import Holding, PrivacyClass, deleted, erasable, free_text
from tests.world import World, world
from themes.actions import records_read
from themes.models import Briefing, PointDraft, ReportAcceptance, SecondReading, SectionDraft, WritingDraft

LIBERI_ID = "700123456"
# Shorter than a canary: the letter of a case and the word suggested.
TOO_SHORT = 12


def closed_review(slug: str = "babies", *, first_id: int = int(LIBERI_ID)) -> World:
    """Everything that a review can hold, closed so long ago, and warned of, that it is to be erased."""
    made = world(slug, first_id=first_id)
    bola, rita = made.people["business"], made.people["reviewer"]
    liberi_ids.reveal(case=made.selected, reason="To read the record.", by=rita)
    records_read.mark(case=made.selected, record_kind="chronology", outcome="nothing to note", by=rita)
    SecondReading.objects.get(case=made.selected).settlements.create(place=0, kept=True, settled_by=rita)
    made.proposed.approvals.create(approved_by=bola)
    made.theme.example, made.theme.memo = "As when they called.", "Ask again."
    made.theme.save()
    accepted = ReportAcceptance.objects.create(
        review=made.review, kind="names", fingerprint="f", sentence="It", reason="So.", accepted_by=bola
    )
    made.proposed.accepted.add(accepted)
    made.proposed.files.create(file_format="html", content=b"page", digest="d")
    for stage in (Stage.REPORTING, Stage.CLOSED):
        reviews.move_to_stage(review=made.review, stage=stage, by=bola)
    # Closing ends drafts; those that were on their way then would be there still.
    Draft.objects.create(review=made.review, user=bola, token="form", sealed=b"sealed")
    PointDraft.objects.create(review=made.review, user=rita, key="new", token="form", sealed=b"sealed")
    SectionDraft.objects.create(review=made.review, user=rita, key="thanks", token="form", sealed=b"sealed")
    WritingDraft.objects.create(
        case=made.selected, user=rita, kind="finding", target="new", token="form", sealed=b"sealed"
    )
    long_ago(made.review)
    return made


def long_ago(review: Review) -> None:
    """Closed two years ago; the notice has run out today."""
    StageChange.objects.filter(review=review, to_stage=Stage.CLOSED).update(
        changed_at=timezone.now() - timedelta(days=730)
    )
    Review.objects.filter(pk=review.pk).update(erasure_warned_on=timezone.localdate() - NOTICE)


def plant(review: Review) -> list[bytes]:
    """Put a canary into every column about a case, and into sessions; their words."""
    planted = [_put(holding, column, review, n) for n, (holding, column) in enumerate(columns())]
    _plant_in_frozen(review)
    for ended in (False, True):
        session = SessionStore()
        session["sheet:" + str(review.pk)] = "canary_sheet"
        session.save()
        if ended:
            Session.objects.filter(pk=session.session_key).update(
                expire_date=timezone.now() - timedelta(days=1), session_data="canary_ended"
            )
    return [word.encode() for word in [*planted, "canary_frozen", "canary_ended"]]


def columns() -> Iterator[tuple[Holding, str]]:
    """Every (holding, column) of case data that takes a word as it is."""
    for holding in erasable():
        going = free_text(holding.model) if holding.erase is deleted else set(holding.text)
        for name in sorted(going):
            column: Any = holding.model._meta.get_field(name)
            about_a_case = holding.erase is deleted or holding.text[name] is PrivacyClass.CASE
            roomy = column.max_length is None or column.max_length >= TOO_SHORT
            if about_a_case and roomy and (holding.model, name) != (Selection, "frozen"):
                yield holding, name


def _put(holding: Holding, name: str, review: Review, number: int) -> str:
    word = f"canary{number:06}"
    rows = list(holding.rows(review.pk).order_by("pk").values_list("pk", flat=True))
    row = rows[0]
    if (holding.model, name) == (Briefing, "refusal"):
        # A briefing holds a page or says why it could not be made: another one than has the page's canary.
        row = rows[-1]
        assert len(rows) > 1
        Briefing.objects.filter(pk=row).update(html="", refusal="It did not fit.")
    column: Any = holding.model._meta.get_field(name)
    value: Any = word
    if isinstance(column, models.BinaryField):
        value = word.encode()
    elif isinstance(column, models.JSONField):
        value = [word]
    holding.model._base_manager.filter(pk=row).update(**{name: value})
    return word


def _plant_in_frozen(review: Review) -> None:
    selection = Selection.objects.get(review=review)
    assert selection.frozen is not None
    selection.frozen["note"] = selection.frozen["cases"][0]["decision"]["reason"] = "canary_frozen"
    selection.save()


def empty_tables(review: Review) -> set[str]:
    """Of what is erased: what the scene has no row of, so that nothing is proved about it."""
    return {holding.words for holding in erasable() if not holding.rows(review.pk).exists()}


def stored() -> bytes:
    """The database as it lies there: SQLite's file and its log; of PostgreSQL a dump of every table, what the
    planner remembers of them, and the bytes of the database's files.
    """
    if connection.vendor == "postgresql":
        return b"".join(_dumped())
    name = Path(str(connection.settings_dict["NAME"]))
    connection.close()
    return b"".join(path.read_bytes() for path in sorted(name.parent.glob(f"{name.name}*")))


def _dumped() -> Iterator[bytes]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            with cursor.cursor.copy(f'COPY "{table}" TO STDOUT') as rows:
                yield from map(bytes, rows)
        cursor.execute("SELECT s::text FROM pg_stats s")
        yield from (row[0].encode() for row in cursor.fetchall())
        cursor.execute("CHECKPOINT")
        cursor.execute(
            "SELECT current_setting('data_directory'), oid FROM pg_database "
            "WHERE datname = current_database()"
        )
        folder, number = cursor.fetchone()
    yield from (path.read_bytes() for path in sorted((Path(folder) / "base" / str(number)).iterdir()))


@contextmanager
def open_elsewhere(statement: str = "SELECT 1 FROM cases_review") -> Iterator[None]:
    """A second connection, as a worker has it, which has asked `statement` and stays open."""
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        with psycopg.connect(**connection.get_connection_params(), autocommit=True) as worker:
            for each in statement.split(";"):
                worker.execute(each.encode())
            yield
        return
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as worker:
        for each in statement.split(";"):
            worker.execute(each).fetchall()
        yield


@contextmanager
def looking_since_before() -> Iterator[None]:
    """Somebody with a transaction open, who goes on seeing the database as it is now."""
    level = " ISOLATION LEVEL REPEATABLE READ" if connection.vendor == "postgresql" else ""
    # A table that nothing is erased from, so that it is the view alone which stands in the way.
    with open_elsewhere(f"BEGIN{level}; SELECT 1 FROM django_migrations"):
        yield


@contextmanager
def writing_in_another_database() -> Iterator[None]:
    """On PostgreSQL: a transaction that writes, in a database which has nothing to do with ours."""
    params = {**connection.get_connection_params(), "dbname": "postgres"}
    with psycopg.connect(**params, autocommit=True) as other:
        other.execute("BEGIN")
        other.execute("SELECT pg_current_xact_id()")
        yield


def found(words: list[bytes], content: bytes) -> set[bytes]:
    """Those words that the content holds, as they are or as PostgreSQL writes bytes."""
    return {word for word in words if word in content or word.hex().encode() in content}
