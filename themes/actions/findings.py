"""Findings: written, changed and deleted by reviewers, about selected cases."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from cases.errors import Refused
from cases.models import Case
from kscmp_review.accounts.models import User
from themes.actions.carrying import carry_passages
from themes.actions.indexing import forget, index
from themes.actions.opening import (
    check_revision,
    check_texts_may_change,
    open_case,
    record_about_case,
    written,
)
from themes.models import Expectation, Finding, Quality, RecordKind, SearchKind

EMPTY = "Enter what you found."


@transaction.atomic
def write(
    *,
    case: Case,
    record_kind: str,
    expectation: str,
    quality: str,
    text: str,
    record_date: date | None = None,
    by: User,
) -> Finding:
    """Write a finding about one case from one kind of record."""
    case = open_case(case, by=by)
    check_texts_may_change(case)
    _check(record_kind, expectation, quality, record_date)
    finding = Finding.objects.create(
        case=case,
        record_kind=record_kind,
        record_date=record_date,
        expectation=expectation,
        quality=quality,
        text=written(text, EMPTY),
        written_by=by,
        changed_by=by,
    )
    index(finding)
    _record("finding.written", finding, by, after=_fields(finding))
    return finding


@transaction.atomic
def change(
    *,
    finding: Finding,
    record_kind: str,
    expectation: str,
    quality: str,
    text: str,
    record_date: date | None,
    revision: int,
    by: User,
) -> Finding:
    """Change a finding; its passages follow. Raises Stale when somebody saved it since `revision`."""
    finding = _opened(finding, by)
    check_revision(finding.revision, revision)
    _check(record_kind, expectation, quality, record_date)
    before, old = _fields(finding), finding.text
    finding.record_kind, finding.record_date = record_kind, record_date
    finding.expectation, finding.quality = expectation, quality
    finding.text = written(text, EMPTY)
    finding.revision += 1
    finding.changed_by, finding.changed_at = by, timezone.now()
    finding.save()
    index(finding)
    to_look_at = carry_passages(list(finding.passages.order_by("pk")), old, finding.text)
    _record(
        "finding.changed", finding, by, before=before, after={**_fields(finding), "to_look_at": to_look_at}
    )
    return finding


@transaction.atomic
def delete(*, finding: Finding, revision: int, by: User) -> int:
    """Delete a finding with its passages; its texts stay in its history. Returns how many rows went."""
    finding = _opened(finding, by)
    check_revision(finding.revision, revision)
    _record("finding.deleted", finding, by, before={**_fields(finding), "passages": finding.passages.count()})
    forget(SearchKind.FINDING, [finding.pk])
    forget(SearchKind.MEMO, finding.passages.values_list("pk", flat=True))
    return finding.delete()[0]


def _opened(finding: Finding, by: User) -> Finding:
    case = open_case(finding.case, by=by)
    check_texts_may_change(case)
    now = Finding.objects.filter(pk=finding.pk).first()
    if now is None:
        raise Refused("Somebody has deleted this finding.")
    now.case = case
    return now


def _check(record_kind: str, expectation: str, quality: str, record_date: date | None) -> None:
    if record_kind not in RecordKind.values:
        raise Refused("Select the kind of record.")
    if expectation not in Expectation.values:
        raise Refused("Select whether it was required, expected or beyond.")
    if quality not in Quality.values:
        raise Refused("Select whether it is a strength or could be better.")
    if record_date is not None and record_date > timezone.localdate():
        raise Refused("The date of the record is in the future.")


def _fields(finding: Finding) -> dict[str, Any]:
    return {
        "record_kind": finding.record_kind,
        "record_date": finding.record_date,
        "expectation": finding.expectation,
        "quality": finding.quality,
        "revision": finding.revision,
    }


def _record(
    action: str,
    finding: Finding,
    by: User,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    record_about_case(
        action,
        finding.case,
        by,
        object_type="finding",
        object_id=finding.public_id,
        before=before,
        after=after,
    )
