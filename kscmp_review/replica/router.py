"""Which database a query goes to: the replica for what may be read there, the primary for all else."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connections, models

REPLICA: Final = "replica"
# Labels of models that no permission is decided by. Apps register theirs; what is not here is never read
# from the replica, so that a model somebody forgets is read from the primary.
readable: set[str] = set()
_reading: ContextVar[bool] = ContextVar("reading from the replica", default=False)


@contextmanager
def reading_from_replica() -> Iterator[None]:
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


class Router:
    """Writes, transactions of the primary, and models that are not `readable`: always the primary."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str | None:
        if not _reading.get() or model._meta.label not in readable:
            return None
        # What a transaction reads, it must read as it wrote it.
        return None if connections[DEFAULT_DB_ALIAS].in_atomic_block else REPLICA

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: models.Model, other: models.Model, **hints: Any) -> bool:
        """Both hold the same rows."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return False if db == REPLICA else None
