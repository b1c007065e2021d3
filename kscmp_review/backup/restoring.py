"""A backup restored: proved whole first, then put in place of everything in one transaction, or not at all.

The tables are made anew as the backup's own migrations made them, filled, compared row by row with what was
written, and then migrated to this release. Both databases can undo all of that.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, transaction

from kscmp_review.accounts.models import User
from kscmp_review.audit import chain
from kscmp_review.audit.models import AuditEvent, ChainHead
from kscmp_review.audit.record import record
from kscmp_review.backup import state
from kscmp_review.backup.progress import Progress
from kscmp_review.backup.reading import Contents, End, Row, Table, read_parts, verify
from kscmp_review.backup.rows import RowSum, read_row, row_line
from kscmp_review.backup.tables import (
    AT_A_TIME,
    Model,
    kept_models,
    last_number,
    rows_of,
    set_last_number,
    stored_fields,
)  # fmt: skip
from kscmp_review.privacy.ledger import UnreadableLedger
from kscmp_review.privacy.replaying import replays, told_by_audit, told_by_ledger

INSERT = "INSERT INTO {table} ({columns}) VALUES ({marks})"


class CannotRestore(RuntimeError):
    """The backup is whole but may not be put in place of what is there; the message says why."""


def restore_backup(
    path: Path,
    *,
    replace: bool,
    checking: Progress,
    restoring: Progress,
    broken_audit: bool = False,
    without_ledger: bool = False,
) -> Contents:
    """Put what the backup holds in place of all that the database holds.

    `replace` must be said where there is something to lose, `broken_audit` where the chain was broken when
    the backup was made: a restore is needed most when all is not well; `without_ledger` where the ledger of
    erasures is lost. Raises UnreadableBackup, CannotRestore and, where the file cannot be read, OSError; then
    nothing was changed. What was erased since the backup is erased in the same transaction; `finish` of each
    replay is for the caller.
    """
    with path.open("rb") as file:
        contents = verify(file, settings.RECORD_KEYS, checking)
        _check_releases(contents)
        if not replace and _holds_records():
            raise CannotRestore("the database holds records, which a restore replaces: say --yes if it is to")
        with _all_or_nothing():
            replaced = _length_of_chain()
            known = told_by_audit() if replaced else {}
            _replace(file, contents, restoring)
            _record(contents, replaced, broken_audit=broken_audit)
            _erase_again(contents, known, without_ledger=without_ledger)
    ContentType.objects.clear_cache()
    return contents


def _check_releases(contents: Contents) -> None:
    newer = contents.migrations - state.known(connection)
    if newer:
        app, name = min(newer)
        raise CannotRestore(f"the backup is of a newer release: this one does not know {app}.{name}")
    if state.applied(connection) and not state.is_current(connection):
        raise CannotRestore("the database is not at this release's migrations: run migrate first")


def _holds_records() -> bool:
    if not state.applied(connection):
        return False
    return User.objects.exists() or AuditEvent.objects.exists()


@contextmanager
def _all_or_nothing() -> Iterator[None]:
    """One transaction, in which SQLite must not look at foreign keys: that cannot be said later."""
    connection.disable_constraint_checking()
    try:
        with transaction.atomic(durable=True):
            yield
    finally:
        connection.enable_constraint_checking()


def _replace(file: IO[bytes], contents: Contents, progress: Progress) -> None:
    _check_constraints("IMMEDIATE")  # else PostgreSQL alters no table to which rows were added
    _drop_tables()
    old = kept_models(state.migrate_to(contents.migrations, connection))
    if set(old) != set(contents.tables):
        raise CannotRestore("the backup's tables are not those of its release")
    _empty(old)
    _check_constraints("DEFERRED")
    _fill(file, old, contents, progress)
    _compare(old, contents)
    _check_constraints("IMMEDIATE")
    connection.check_constraints()
    state.migrate_to_the_end(connection)
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)


def _record(contents: Contents, replaced: int, *, broken_audit: bool) -> None:
    found = chain.verify()
    broken = isinstance(found, chain.Break)
    if broken and not broken_audit:
        raise CannotRestore(f"of the backup, {found}: say --broken-audit to restore it all the same")
    record(
        "installation.restored",
        by=None,
        object_type="installation",
        object_id="",
        before={"events": replaced},
        after={
            "made": contents.made,
            "rows": contents.rows,
            "events": contents.tables[AuditEvent._meta.db_table].rows,
            "chain": "broken" if broken else "holds",
        },
    )


def _erase_again(contents: Contents, known: dict[str, datetime], *, without_ledger: bool) -> None:
    """What was erased since the backup, by the ledger or by the audit of what is replaced.

    In the restore's transaction: nobody is ever served what is gone. The ledger can be read only now, for
    the key of its codes is that of the chain.
    """
    try:
        written = told_by_ledger()
    except UnreadableLedger as error:
        if not without_ledger:
            raise CannotRestore(f"{error}: say --without-ledger to restore all the same") from error
        written = {}
    known = known | written
    if len(known) < contents.erasures and not without_ledger:
        raise CannotRestore(
            f"{contents.erasures} reviews had been erased when the backup was made, and the ledger has "
            f"{len(written)}: name the right one, or say --without-ledger"
        )
    for replay in replays:
        replay.erase(known)
    connection.check_constraints()


def _length_of_chain() -> int:
    there = ChainHead._meta.db_table in connection.introspection.table_names()
    head = chain.chain_state() if there else None
    return head.events if head else 0


def _check_constraints(when: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET CONSTRAINTS ALL {when}")


def _drop_tables() -> None:
    """Every table of ours, what was applied among them; the shared cache stays."""
    there = connection.introspection.django_table_names(only_existing=True, include_views=False)
    names = [connection.ops.quote_name(name) for name in {*there, "django_migrations"}]
    cascade = " CASCADE" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"DROP TABLE IF EXISTS {name}{cascade}")


def _empty(old: dict[str, Model]) -> None:
    """What the migrations themselves put in: the backup has it as it was."""
    # Cascading: sessions, which no backup holds, point at accounts.
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), list(old), allow_cascade=True))


def _fill(file: IO[bytes], old: dict[str, Model], contents: Contents, progress: Progress) -> None:
    done, table, waiting = 0, Table("", []), list[list[Any]]()
    for part in read_parts(file, settings.RECORD_KEYS):
        if isinstance(part, Table):
            table = part
        elif isinstance(part, Row):
            waiting.append(read_row(part.values))
            done += 1
            progress.show(done, contents.rows + 1)
        if isinstance(part, End) or len(waiting) == AT_A_TIME:
            _insert(old[table.table], table.columns, waiting)
            waiting = []
        if isinstance(part, End) and part.last_number is not None:
            set_last_number(old[part.end], part.last_number, connection)


def _insert(model: Model, columns: list[str], rows: list[list[Any]]) -> None:
    fields = stored_fields(model)
    if set(columns) != set(fields):
        raise CannotRestore(f"the columns of {model._meta.db_table} are not those of the backup's release")
    if not rows:
        return
    name = connection.ops.quote_name
    statement = INSERT.format(
        table=name(model._meta.db_table),
        columns=", ".join(name(column) for column in columns),
        marks=", ".join(["%s"] * len(columns)),
    )
    order = [fields[column] for column in columns]
    written = [
        [field.get_db_prep_save(value, connection) for field, value in zip(order, row, strict=True)]
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(statement, written)


def _compare(old: dict[str, Model], contents: Contents) -> None:
    """Every row as the database gives it back now against the sums of the backup."""
    for table, model in old.items():
        found, said = RowSum(), contents.tables[table]
        for values in rows_of(model, connection):
            found.add(row_line(values))
        last = said.last_number  # SQLite counts rows whose number was given by us, PostgreSQL does not
        as_last = last is None or last == last_number(model, connection)
        if (found.rows, found.digits) != (said.rows, said.sum) or not as_last:
            raise CannotRestore(f"the rows of {table} did not come back as they were written")
