"""A chain for the tests, and ways to tamper with it as somebody who owns the database could."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from kscmp_review.audit import chain
from kscmp_review.audit.guard import lifted
from kscmp_review.audit.models import AuditEvent, ChainHead
from kscmp_review.audit.record import record


def record_events(number: int) -> list[AuditEvent]:
    """Events 1 to `number` of an empty audit, or as many more."""
    return [
        record("case.changed", by=None, object_type="case", object_id=f"case{place}", after={"place": place})
        for place in range(number)
    ]


@contextmanager
def tampering() -> Iterator[Any]:
    """The events as a queryset that the guard no longer protects."""
    with lifted(connection):
        yield AuditEvent.objects.all()


def cut_tail(kept: int) -> None:
    """Remove the newest events and set the head back, which needs no key."""
    with tampering() as events:
        events.filter(pk__gt=kept).delete()
        last = events.filter(pk=kept).values_list("mac", flat=True).first()
        ChainHead.objects.update(events=kept, mac=last or chain.START)
