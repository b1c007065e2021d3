"""What a backup holds of the database: every table of every app but the few named here, as rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps.registry import Apps
from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

LEFT_OUT = {
    "accounts_session": "a restore signs everybody out, so that no session ended since comes to life again",
    "django_session": "where sessions were kept before they were kept by account",
    "django_migrations": "the header says what was applied, and the restore applies it",
    "shared_cache": "throttles and other short-lived counts, of no meaning later",
}
AT_A_TIME = 2000
SEQUENCE = "pg_get_serial_sequence(%s, %s)::regclass"

Model = type[models.Model]


def kept_models(apps: Apps) -> dict[str, Model]:
    """Table → model, for each table that a backup holds, by name. Also of a state of the migrations."""
    found = {
        str(model._meta.db_table): model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.db_table not in LEFT_OUT
    }
    return dict(sorted(found.items()))


def stored_fields(model: Model) -> dict[str, "models.Field[Any, Any]"]:
    """Column → field by column, without what the database works out by itself.

    Models as their migrations left them have their fields in another order: hence one of our own.
    """
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    return dict(sorted((str(field.column), field) for field in fields))


def rows_of(model: Model, connection: BaseDatabaseWrapper) -> Iterator[tuple[Any, ...]]:
    """The values of `stored_fields`, a row at a time, in a stream."""
    names = [field.attname for field in stored_fields(model).values()]
    rows: Any = models.QuerySet(model, using=connection.alias).order_by("pk").values_list(*names)
    found: Iterator[tuple[Any, ...]] = rows.iterator(chunk_size=AT_A_TIME)
    return found


def last_number(model: Model, connection: BaseDatabaseWrapper) -> int | None:
    """The highest number the database ever gave a row; None where it gives none, or gave none yet."""
    field = model._meta.auto_field
    if field is None:
        return None
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"SELECT pg_sequence_last_value({SEQUENCE})", [table, field.column])
        else:
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
        row = cursor.fetchone()
    return row[0] or None if row else None  # SQLite may keep a 0


def set_last_number(model: Model, number: int, connection: BaseDatabaseWrapper) -> None:
    """So that the number of a row deleted since is not given again."""
    table, field = model._meta.db_table, model._meta.auto_field
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and field is not None:
            values = [connection.ops.quote_name(table), field.column, number]
            cursor.execute(f"SELECT setval({SEQUENCE}, %s)", values)
            return
        cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
        cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, number])


@contextmanager
def as_at_one_moment(connection: Any) -> Iterator[None]:
    """Everything read inside is read as at one moment, and nobody who writes meanwhile is kept waiting."""
    if connection.vendor == "postgresql":
        with transaction.atomic(using=connection.alias, durable=True):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    connection.ensure_connection()
    mode = connection.transaction_mode
    connection.transaction_mode = "DEFERRED"  # IMMEDIATE would take the writers' lock
    try:
        with transaction.atomic(using=connection.alias, durable=True):
            yield
    finally:
        connection.transaction_mode = mode
