"""What makes the database itself refuse to change, remove or replace an event.

Put in place after every `migrate`, so that a migration which remakes the table cannot lose it. Whoever owns
the database can lift it, as a restore does; the chain tells what they did then.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from kscmp_review.audit.chain import START
from kscmp_review.audit.models import AuditEvent, ChainHead

EVENTS = AuditEvent._meta.db_table
REFUSAL = "audit events are never changed or removed"

# "INSERT OR REPLACE" removes a row without asking the trigger on DELETE: the last one refuses it.
SQLITE = {
    "audit_no_update": "BEFORE UPDATE ON {events} BEGIN SELECT RAISE(ABORT, '{refusal}'); END",
    "audit_no_delete": "BEFORE DELETE ON {events} BEGIN SELECT RAISE(ABORT, '{refusal}'); END",
    "audit_no_replace": "BEFORE INSERT ON {events} WHEN EXISTS (SELECT 1 FROM {events} WHERE id = NEW.id) "
    "BEGIN SELECT RAISE(ABORT, '{refusal}'); END",
}
POSTGRESQL = {
    "audit_no_change": "BEFORE UPDATE OR DELETE ON {events} FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "audit_no_truncate": "BEFORE TRUNCATE ON {events} FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
}
REFUSE = f"""CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$"""


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place; harmless twice."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(REFUSE)
            for name, rule in POSTGRESQL.items():
                cursor.execute(f"CREATE OR REPLACE TRIGGER {name} {_spelt(rule)}")
        else:
            for name, rule in SQLITE.items():
                cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} {_spelt(rule)}")


def _spelt(rule: str) -> str:
    return rule.format(events=EVENTS, refusal=REFUSAL)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for name in POSTGRESQL if connection.vendor == "postgresql" else SQLITE:
            of_table = f" ON {EVENTS}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{of_table}")


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Without the triggers inside, with them again afterwards."""
    remove(connection)
    try:
        yield
    finally:
        install(connection)


def after_migrate(using: str, **kwargs: Any) -> None:
    """Receiver of post_migrate: the triggers, and the head of a chain that has no event yet."""
    connection = connections[using]
    if ChainHead._meta.db_table not in connection.introspection.table_names():
        return  # migrated back to before there was a chain
    if not AuditEvent.objects.using(using).exists():
        ChainHead.objects.using(using).get_or_create(pk=ChainHead.ONLY, defaults={"events": 0, "mac": START})
    install(connection)
