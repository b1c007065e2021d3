"""The database's files rewritten, so that nothing of what was erased is left in them.

SQLite: the file is written anew and the write-ahead log emptied (`secure_delete` has overwritten freed pages
before). PostgreSQL: each table that lost rows is written anew with its indexes, and what the planner
remembered of its columns is dropped: the most common values of a column are kept beside the table, and an
empty table is never looked at again. A table written anew keeps rows that somebody may still see, so that
whoever began before the erasing is waited for. What the disk itself still holds is for its encryption.
"""

from collections.abc import Iterable
from time import monotonic, sleep
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, models

from kscmp_review.privacy.holdings import free_text

LONGEST_WAIT = 60  # seconds


class CannotRewrite(RuntimeError):
    """Somebody was using the database and did not finish in time; it can be tried again."""


def rewrite(tables: Iterable[type[models.Model]]) -> None:
    """Rewrite what holds these tables; not inside a transaction. Raises CannotRewrite."""
    if settings.PGBOUNCER:  # how long it waits for a lock would be told to one connection, and kept by it
        raise CannotRewrite("files are rewritten over a connection of one's own: run it without PgBouncer")
    try:
        if connection.vendor == "postgresql":
            _rewrite_postgresql(sorted(set(tables), key=lambda model: model._meta.db_table))
        else:
            _rewrite_sqlite()
    except OperationalError as error:  # its text may quote a row
        raise CannotRewrite("the database was in use and its files could not be rewritten") from error


def _rewrite_sqlite() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy = cursor.fetchone()[0]
    if busy:
        raise CannotRewrite("the write-ahead log is in use and could not be emptied")


def _rewrite_postgresql(tables: list[type[models.Model]]) -> None:
    name = connection.ops.quote_name
    with connection.cursor() as cursor:
        _wait_for_whoever_may_see_it(cursor)
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{LONGEST_WAIT}s"])
        try:
            for model in tables:
                table = name(model._meta.db_table)
                for column in _columns(model):
                    # To give a column the type it has makes the planner forget what it knew of it.
                    cursor.execute(f"ALTER TABLE {table} ALTER COLUMN {name(column[0])} TYPE {column[1]}")
                cursor.execute(f"VACUUM (FULL, ANALYZE) {table}")
            # What was dropped lies there still, and since then somebody may have begun to look.
            _wait_for_whoever_may_see_it(cursor)
            cursor.execute("VACUUM (FULL) pg_catalog.pg_statistic")
        finally:
            cursor.execute("SELECT set_config('lock_timeout', '0', false)")


def _wait_for_whoever_may_see_it(cursor: Any) -> None:
    """Until nobody works with a view of the database from before now. Raises CannotRewrite.

    Such a view is that of a statement or transaction of this database, or of a replica. While a transaction
    that began before runs in any database of the server, each new view here is as old as that.
    """
    cursor.execute("SELECT pg_current_xact_id()::text")  # the number of a transaction after all of it
    now = cursor.fetchone()[0]
    end = monotonic() + LONGEST_WAIT
    while _somebody_sees_what_was(cursor, now):
        if monotonic() > end:
            raise CannotRewrite("somebody works with the database as it was before the erasing")
        sleep(0.05)


def _somebody_sees_what_was(cursor: Any, transaction: str) -> bool:
    cursor.execute(
        """
        SELECT pg_snapshot_xmin(pg_current_snapshot()) <= %(then)s::xid8
            OR EXISTS (
                SELECT FROM pg_stat_activity
                WHERE pid <> pg_backend_pid() AND (datname = current_database() OR datname IS NULL)
                    AND age(backend_xmin) > age(xid(%(then)s::xid8))
            )
            OR EXISTS (SELECT FROM pg_replication_slots WHERE age(xmin) > age(xid(%(then)s::xid8)))
        """,
        {"then": transaction},
    )
    return bool(cursor.fetchone()[0])


def _columns(model: type[models.Model]) -> list[tuple[str, Any]]:
    wordy = free_text(model)
    return [
        (str(field.column), field.db_type(connection))
        for field in model._meta.local_concrete_fields
        if field.name in wordy
    ]
