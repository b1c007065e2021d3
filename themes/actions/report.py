"""Writing the report: its sections, each save on record, and every copy that leaves."""

from typing import Literal

from django.db import models, transaction
from django.utils import timezone
from django.utils.text import slugify

from cases.errors import Refused
from cases.lifecycle import Activity, check_stage_allows
from cases.models import Review
from cases.permissions import Permission, check_user_can
from kscmp_review.accounts.models import User
from kscmp_review.audit.record import record
from themes.actions.opening import check_revision
from themes.coding.passages import normalised
from themes.models import ReportSection, ReportVersion
from themes.report.sections import STANDARD

LONGEST_HEADING = 120
LONGEST_KEY = 60
# An address of its own stands there.
TAKEN = ("new",)
NO_HEADING = "Enter a heading."


@transaction.atomic
def start(*, review: Review, by: User) -> list[ReportSection]:
    """Lay out the standard sections, empty, in their order."""
    review = _opened(review, by)
    if ReportSection.objects.filter(review=review).exists():
        raise Refused("The report has been started already.")
    sections = [
        ReportSection.objects.create(review=review, key=key, heading=heading, order=order, changed_by=by)
        for order, (key, heading) in enumerate(STANDARD.items(), start=1)
    ]
    record(
        "report.started",
        by=by,
        review_id=review.pk,
        object_type="review",
        object_id=str(review.pk),
        after={"sections": len(sections)},
    )
    return sections


@transaction.atomic
def add_section(*, review: Review, heading: str, by: User) -> ReportSection:
    """Add an empty section after the others."""
    review = _opened(review, by)
    own = ReportSection.objects.filter(review=review)
    if not own.exists():
        raise Refused("Start the report first.")
    section = ReportSection.objects.create(
        review=review,
        key=_free_key(own, heading),
        heading=_one_line(heading),
        order=(own.aggregate(last=models.Max("order"))["last"] or 0) + 1,
        changed_by=by,
    )
    _overtake(review)
    _record("report section.added", section, by)
    return section


@transaction.atomic
def change_section(
    *, section: ReportSection, heading: str, body: str, revision: int, by: User
) -> ReportSection:
    """Save a section's heading and words; raises Stale when somebody saved it since `revision`."""
    section = _opened_section(section, by)
    check_revision(section.revision, revision)
    section.heading = _one_line(heading)
    section.body = normalised(body).strip()
    _save(section, by)
    _record("report section.changed", section, by)
    return section


@transaction.atomic
def move_section(*, section: ReportSection, to: Literal["up", "down"], by: User) -> ReportSection:
    """Change places with the section before or after."""
    section = _opened_section(section, by)
    others = ReportSection.objects.filter(review=section.review)
    if to == "up":
        other = others.filter(order__lt=section.order).order_by("-order").first()
    else:
        other = others.filter(order__gt=section.order).order_by("order").first()
    if other is None:
        raise Refused("The section is at that end of the report already.")
    own, theirs = section.order, other.order
    # No two sections share a place, not even on the way: the other one waits beyond the last.
    others.filter(pk=other.pk).update(order=(others.aggregate(last=models.Max("order"))["last"] or 0) + 1)
    section.order = theirs
    _save(section, by)
    others.filter(pk=other.pk).update(order=own)
    _record("report section.moved", section, by)
    return section


@transaction.atomic
def remove_section(*, section: ReportSection, revision: int, by: User) -> None:
    """Take out a section that was added; its words stay in its history. Raises Stale as a change does."""
    section = _opened_section(section, by)
    check_revision(section.revision, revision)
    if section.key in STANDARD:
        raise Refused("Every report has this section: leave it without words if there is nothing to say.")
    _record("report section.removed", section, by)
    _overtake(section.review)
    section.changed_by, section.changed_at = by, timezone.now()
    section.delete()


@transaction.atomic
def record_download(
    *, review: Review, file_format: str, version: ReportVersion | None = None, by: User | None
) -> None:
    """A copy of the report left, as a draft or in a version; `by` is None where a command wrote it."""
    record(
        "report.downloaded",
        by=by,
        review_id=review.pk,
        object_type="report version" if version else "report draft",
        object_id=str(version.number if version else review.pk),
        after={"format": file_format, "released": bool(version and version.released_at)},
    )


def _opened(review: Review, by: User) -> Review:
    """The review, locked: its report may be written by this person, now."""
    check_user_can(by, review, Permission.WRITE_REPORT)
    review = Review.objects.select_for_update().get(pk=review.pk)
    check_stage_allows(review, Activity.DRAFT_REPORT)
    return review


def _opened_section(section: ReportSection, by: User) -> ReportSection:
    review = _opened(section.review, by)
    found = ReportSection.objects.filter(pk=section.pk).first()
    if found is None:
        raise Refused("Somebody has removed this section.")
    found.review = review
    return found


def _save(section: ReportSection, by: User) -> None:
    section.revision += 1
    section.changed_by, section.changed_at = by, timezone.now()
    section.save()
    _overtake(section.review)


def _overtake(review: Review) -> None:
    """What was put forward is no longer what the report says: approvals of it count for nothing."""
    ReportVersion.objects.proposed().filter(review=review).update(overtaken_at=timezone.now())


def _one_line(heading: str) -> str:
    heading = " ".join(heading.split())
    if not heading:
        raise Refused(NO_HEADING)
    if len(heading) > LONGEST_HEADING:
        raise Refused(f"A heading has at most {LONGEST_HEADING} characters.")
    return heading


def _free_key(own: "models.QuerySet[ReportSection]", heading: str) -> str:
    stem = slugify(heading)[: LONGEST_KEY - 4].strip("-") or "section"
    # The history keeps the keys of sections that were removed: a new one does not take over their past.
    review = own.values_list("review", flat=True)[:1]
    used = {*own.values_list("key", flat=True), *TAKEN, *STANDARD}
    used |= set(ReportSection.history.filter(review__in=review).values_list("key", flat=True))
    key, number = stem, 1
    while key in used:
        number += 1
        key = f"{stem}-{number}"
    return key


def _record(action: str, section: ReportSection, by: User) -> None:
    record(
        action,
        by=by,
        review_id=section.review.pk,
        object_type="report section",
        object_id=str(section.pk),
        after={"order": section.order, "revision": section.revision, "characters": len(section.body)},
    )
