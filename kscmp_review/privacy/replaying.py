"""What a restore has to erase again before anything of the backup is served."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from kscmp_review.audit.models import AuditEvent
from kscmp_review.privacy import ledger

ERASED = "review.erased"


class Replay(NamedTuple):
    """`erase` is called in the restore's own transaction with name → when, and returns how many reviews it
    erased; `finish` after it, to leave nothing of them in the database's files.
    """

    erase: Callable[[Mapping[str, datetime]], int]
    finish: Callable[[], object]


replays: list[Replay] = []


def told_by_audit() -> dict[str, datetime]:
    """Name → when, of every erasure that this database has on record."""
    events = AuditEvent.objects.filter(action=ERASED).order_by("pk").values_list("after", "at")
    return {after["review"]: at for after, at in events}


def told_by_ledger() -> dict[str, datetime]:
    """The same, of the ledger. Raises UnreadableLedger."""
    return ledger.read(Path(settings.ERASURE_LEDGER))
