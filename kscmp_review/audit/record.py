"""`record()`: the one way an event is written, in the transaction of what it records."""

from collections.abc import Mapping
from datetime import date
from math import isfinite
from typing import Any, Protocol

from django.db import transaction

from kscmp_review.audit import chain
from kscmp_review.audit.models import AuditEvent

LONGEST_VALUE = 80


class Actor(Protocol):
    pk: Any
    email: str


class UnfitForAudit(ValueError):
    """A value that could carry free text was offered to the audit."""


def record(
    action: str,
    *,
    by: Actor | None,
    object_type: str,
    object_id: str,
    review_id: int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Write one event at the end of the chain; it stands or falls with the transaction it is called in.

    `action` is "noun.verb" ("case.submitted"). `before` and `after` hold non-text fields only: numbers,
    dates, booleans and short fixed words; anything else raises UnfitForAudit and so undoes the action.
    """
    event = AuditEvent(
        action=action,
        actor_id=by.pk if by else None,
        actor_email=by.email if by else "",
        review_id=review_id,
        object_type=object_type,
        object_id=object_id,
        before=_fit(before or {}),
        after=_fit(after or {}),
    )
    # Where there is a transaction already, no savepoint: nothing goes on without its event.
    with transaction.atomic(savepoint=False):
        return chain.append(event)


def _fit(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {str(name): _fit_value(name, value) for name, value in fields.items()}


def _fit_value(name: str, value: Any) -> Any:
    if value is None or isinstance(value, bool | int) or (isinstance(value, float) and isfinite(value)):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and len(value) <= LONGEST_VALUE and "\n" not in value:
        return str(value)
    if isinstance(value, Mapping):
        return _fit(value)
    raise UnfitForAudit(f"the audit takes no free text: field {name}")
