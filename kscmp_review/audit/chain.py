"""The chain: each event carries a code over itself and over the event before it.

HMAC-SHA-256 (RFC 2104) under a key derived from the oldest record key, which stays in the ring when newer
ones are put before it and is never in the database. Whoever can write to the database but has not the key
can neither change an event nor make one up. What a chain alone cannot show is that its newest events were
cut off together with its head: for that see `anchor.py`.
"""

import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Subquery

from kscmp_review.audit.models import AuditEvent, ChainHead
from kscmp_review.lookups import one

START = "0" * 64
"""What stands for the code of the event before the first."""

FIELDS = (
    "id", "at", "action", "actor_id", "actor_email", "review_id", "object_type", "object_id",
    "before", "after",
)  # fmt: skip
"""What a code covers, in this order. To change it would break every chain there is."""

_write = json.JSONEncoder(separators=(",", ":"), sort_keys=True).encode


class NoChain(RuntimeError):
    """The row that says where the chain ends is gone, so nothing can be added to it."""


@dataclass(frozen=True)
class Break:
    """The first event at which the chain does not hold, and in what way."""

    event: int
    why: str

    def __str__(self) -> str:
        return f"the chain is broken at event {self.event}: {self.why}"


@dataclass(frozen=True)
class ChainState:
    """How long the chain says it is, and the code of its newest event."""

    events: int
    mac: str


def chain_key(record_key: bytes | None = None) -> bytes:
    """The 32 bytes under which the codes are made, of the ring's oldest key where none is given."""
    oldest = record_key or list(settings.RECORD_KEYS.values())[-1]
    return hmac.digest(oldest, b"audit chain", "sha256")


def mac_of(values: Iterable[Any], previous: str, key: bytes) -> str:
    """64 hexadecimal digits over the values of FIELDS and the code of the event before."""
    content = _write([previous, *map(_plain, values)])
    return hmac.digest(key, content.encode(), "sha256").hex()


def _plain(value: Any) -> Any:
    """The same for a value before it is stored and as either database gives it back."""
    if value is None or type(value) in (str, int):  # most are, and a long chain has many
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, float) and value.is_integer():
        return int(value)  # PostgreSQL keeps 1e22 as the whole number it is
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return value


def append(event: AuditEvent) -> AuditEvent:
    """Give the event the next place and its code, and save it; three statements.

    To be called inside a transaction. Others who record wait from here until it ends, so an action
    records last. Raises NoChain where the head is missing.
    """
    head = one(ChainHead.objects.select_for_update().filter(pk=ChainHead.ONLY))
    if head is None:
        raise NoChain("the audit chain has no head: nothing can be recorded")
    event.id = head.events + 1
    event.mac = mac_of([getattr(event, name) for name in FIELDS], head.mac, chain_key())
    event.save(force_insert=True)
    ChainHead.objects.filter(pk=ChainHead.ONLY).update(events=event.id, mac=event.mac)
    return event


def hold() -> None:
    """Keep the chain for this transaction, which goes on to read everything as at one moment.

    PostgreSQL would refuse such a transaction its event if another was recorded since that moment.
    To be called before the transaction's first query; LOCK does not fix the moment, a query does.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {ChainHead._meta.db_table} IN EXCLUSIVE MODE")


def chain_state() -> ChainState | None:
    """What the chain's head says, in one query; None where it is missing."""
    head = ChainHead.objects.filter(pk=ChainHead.ONLY).first()
    return ChainState(head.events, head.mac) if head else None


def verify(*, codes: Mapping[int, str] | None = None, key: bytes | None = None) -> ChainState | Break:
    """Every event of the chain against its code, oldest first, in a stream.

    `codes` are those known from elsewhere, by event. Events recorded meanwhile are left for the next time.
    """
    return _verify_from(1, START, codes or {}, key or chain_key())


def verify_tail(length: int = 100) -> ChainState | Break:
    """The newest `length` events only, as against the one before them: quick enough for a page."""
    state = chain_state()
    first = max(1, (state.events if state else 0) - length + 1)
    before = AuditEvent.objects.filter(pk=first - 1).values_list("mac", flat=True).first()
    if first > 1 and before is None:
        return Break(first - 1, "it is missing")
    return _verify_from(first, before or START, {}, chain_key())


def _verify_from(first: int, previous: str, codes: Mapping[int, str], key: bytes) -> ChainState | Break:
    head = _head_and_newest()
    if head is None:
        return Break(1, "the head of the chain is missing")
    state, newest = head
    number = first - 1
    for number, (values, mac) in enumerate(_events(first, state.events), first):
        why = _fault(number, values, mac, mac_of(values, previous, key), codes)
        if why:
            return Break(number, why)
        previous = mac
    if number < state.events:
        return Break(number + 1, "it is missing")
    return _fault_at_the_end(state, newest, previous, max(codes, default=0)) or state


def _fault(number: int, values: tuple[Any, ...], mac: str, expected: str, codes: Mapping[int, str]) -> str:
    if values[0] != number:
        return "it is missing"
    if not hmac.compare_digest(mac.encode(), expected.encode()):
        return "it was changed or made up, or those before it were"
    return "it is not the event that the anchor knows" if codes.get(number, mac) != mac else ""


def _fault_at_the_end(state: ChainState, newest: int, last_mac: str, known: int) -> Break | None:
    if newest > state.events:
        return Break(state.events + 1, "it was made up: the chain ends before it")
    if state.mac != last_mac:
        return Break(max(1, state.events), "it is not the event at which the chain ends")
    if known > state.events:
        return Break(state.events + 1, f"it is missing: the anchor knows {known:,} events")
    return None


def _head_and_newest() -> tuple[ChainState, int] | None:
    """Both read in one statement, so that an event recorded meanwhile cannot come between."""
    row = (
        ChainHead.objects.filter(pk=ChainHead.ONLY)
        .annotate(newest=Subquery(AuditEvent.objects.newest_first().values("pk")[:1]))
        .values_list("events", "mac", "newest")
        .first()
    )
    return (ChainState(row[0], row[1]), row[2] or 0) if row else None


def _events(first: int, last: int) -> Iterator[tuple[tuple[Any, ...], str]]:
    """(The values of FIELDS, the code) of each event from place `first` to `last`."""
    rows = AuditEvent.objects.filter(pk__gte=first, pk__lte=last).order_by("pk").values_list(*FIELDS, "mac")
    for row in rows.iterator(chunk_size=2000):
        yield row[:-1], row[-1]
