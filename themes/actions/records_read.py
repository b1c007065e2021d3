"""Saying that a kind of record was read and left nothing to write, or was not there."""

from django.db import transaction
from django.utils import timezone

from cases.errors import Refused
from cases.models import Case
from kscmp_review.accounts.models import User
from themes.actions.opening import open_case, record_about_case
from themes.models import ReadOutcome, RecordKind, RecordRead


@transaction.atomic
def mark(*, case: Case, record_kind: str, outcome: str, by: User) -> RecordRead:
    """Mark a kind of record as read by this person; a second mark replaces their first."""
    case = open_case(case, by=by)
    if record_kind not in RecordKind.values:
        raise Refused("Select the kind of record.")
    if outcome not in ReadOutcome.values:
        raise Refused("Say whether there was nothing to note or no such record.")
    row, _ = RecordRead.objects.update_or_create(
        case=case,
        record_kind=record_kind,
        read_by=by,
        defaults={"outcome": outcome, "read_at": timezone.now()},
    )
    record_about_case(
        "record.marked read",
        case,
        by,
        object_type="record",
        object_id=str(row.pk),
        after={"record_kind": record_kind, "outcome": outcome},
    )
    return row


@transaction.atomic
def unmark(*, case: Case, record_kind: str, by: User) -> None:
    """Take one's own mark off again."""
    case = open_case(case, by=by)
    row = RecordRead.objects.filter(case=case, record_kind=record_kind, read_by=by).first()
    if row is None:
        raise Refused("You have not marked this record.")
    record_about_case(
        "record.unmarked",
        case,
        by,
        object_type="record",
        object_id=str(row.pk),
        before={"record_kind": record_kind, "outcome": row.outcome},
    )
    row.delete()
