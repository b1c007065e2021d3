"""What makes the database itself refuse to change, remove or replace an event.

Whoever owns the database can lift it, as a restore does; the chain tells what they did then.
"""

from typing import Any

from django.db import connections

from kscmp_review.audit.chain import START
from kscmp_review.audit.guarding import ABORT, REFUSE, Guard
from kscmp_review.audit.models import AuditEvent, ChainHead

EVENTS = AuditEvent._meta.db_table
REFUSAL = "audit events are never changed or removed"
STOP = ABORT.format(refusal=REFUSAL)
TAKEN = "EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"
CALL = "EXECUTE FUNCTION audit_refuse()"

# "INSERT OR REPLACE" removes a row without asking the trigger on DELETE: the last one refuses it.
SQLITE = {
    "audit_no_update": f"BEFORE UPDATE ON {{table}} {STOP}",
    "audit_no_delete": f"BEFORE DELETE ON {{table}} {STOP}",
    "audit_no_replace": f"BEFORE INSERT ON {{table}} WHEN {TAKEN} {STOP}",
}
POSTGRESQL = {
    "audit_no_change": f"BEFORE UPDATE OR DELETE ON {{table}} FOR EACH ROW {CALL}",
    "audit_no_truncate": f"BEFORE TRUNCATE ON {{table}} FOR EACH STATEMENT {CALL}",
}
GUARD = Guard(
    sqlite={name: (EVENTS, rule) for name, rule in SQLITE.items()},
    postgresql={name: (EVENTS, rule) for name, rule in POSTGRESQL.items()},
    functions=(REFUSE.format(name="audit_refuse", refusal=REFUSAL),),
)
install, remove, lifted = GUARD.install, GUARD.remove, GUARD.lifted


def after_migrate(using: str, **kwargs: Any) -> None:
    """Receiver of post_migrate: the triggers, and the head of a chain that has no event yet."""
    connection = connections[using]
    if ChainHead._meta.db_table not in connection.introspection.table_names():
        return  # migrated back to before there was a chain
    if not AuditEvent.objects.using(using).exists():
        ChainHead.objects.using(using).get_or_create(pk=ChainHead.ONLY, defaults={"events": 0, "mac": START})
    install(connection)
