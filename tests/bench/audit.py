"""Verifying the chain of the audit, beside a bare HMAC pass over the same rows.

The reference reads what ours reads through one iterator of the database's own driver, and makes one code of
the values as they come over that and the code before: no canonical form, no comparison, nothing named.
"""

import hmac
import tracemalloc
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from kscmp_review.audit.chain import FIELDS, START, ChainState, chain_key, mac_of, verify
from kscmp_review.audit.models import AuditEvent, ChainHead
from tests.bench.timing import Row, compare, measure

EVENTS = 100_000
A_TENTH = 10_000
A_BATCH = 5_000
GOAL = 3.0
FLAT = 1.5


def rows() -> Iterator[Row]:
    """Seconds over the whole chain; and that ten times the events take no more memory."""
    fill(A_TENTH)
    at_a_tenth = peak_of_verifying()
    fill(EVENTS)
    yield compare(
        f"verify_audit: {EVENTS:,} events", ours, bare, goal=GOAL, curve="verify_audit", size=EVENTS
    )
    yield measure(
        f"verify_audit: most memory, against {A_TENTH:,} events",
        peak_of_verifying,
        lambda: at_a_tenth,
        goal=FLAT,
        unit="B",
        seconds=0,
    )


def ours() -> int:
    found = verify()
    if not isinstance(found, ChainState):
        raise ValueError(f"the chain of the benchmark does not hold: {found}")
    return found.events


def bare() -> int:
    """How many events; the codes are thrown away, as they are of nothing that is stored."""
    columns = ", ".join(f'"{name}"' for name in (*FIELDS, "mac"))
    key, code, number = chain_key(), START, 0
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {AuditEvent._meta.db_table} ORDER BY id")
        while rows := cursor.fetchmany(2000):
            for row in rows:
                code = hmac.digest(key, f"{code}{row}".encode(), "sha256").hex()
            number += len(rows)
    return number


def peak_of_verifying() -> float:
    """The most bytes of Python's own that it held at once."""
    tracemalloc.start()
    try:
        ours()
        return float(tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()


def fill(events: int) -> None:
    """Add to the chain until it holds so many: a year of people's work, each a changed case."""
    head = ChainHead.objects.get(pk=ChainHead.ONLY)
    key, code, start = chain_key(), head.mac, timezone.now()
    for first in range(head.events + 1, events + 1, A_BATCH):
        batch = [_event(place, start) for place in range(first, min(first + A_BATCH, events + 1))]
        for event in batch:
            event.mac = code = mac_of([getattr(event, name) for name in FIELDS], code, key)
        AuditEvent.objects.bulk_create(batch)
    ChainHead.objects.filter(pk=ChainHead.ONLY).update(events=events, mac=code)


def _event(place: int, start: datetime) -> AuditEvent:
    return AuditEvent(
        id=place,
        at=start + timedelta(milliseconds=place),
        action="case.changed",
        actor_id=place % 40 + 1,
        actor_email=f"person{place % 40}@kscmp.example",
        review_id=place % 7 + 1,
        object_type="case",
        object_id=f"{place * 2654435761 % 2**32:08x}",
        before={"revision": place % 9, "housing-issues": "not known"},
        after={"revision": place % 9 + 1, "housing-issues": "present", "matches": place % 10},
    )
