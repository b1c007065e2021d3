"""Writing the report: its sections, each save on record, and every copy that leaves."""

from typing import Literal

from django.db import models, transaction
from django.utils import timezone

from cases.actions.about_reviews import record_about_review
from cases.errors import Refused
from cases.lifecycle import Activity, check_stage_allows
from cases.models import Review
from cases.permissions import Permission, check_user_can
from kscmp_review.accounts.models import User
from kscmp_review.audit.record import record
from themes.actions.opening import check_revision
from themes.actions.report_template import free_key, keys_used
from themes.coding.passages import normalised
from themes.models import ReportSection, ReportVersion
from themes.report.sections import WITH_EVIDENCE, Outline, outline_of, template_of

LONGEST_HEADING = 120
NOT_STARTED = "Start the report first."
NO_HEADING = "Enter a heading."


@transaction.atomic
def start(*, review: Review, by: User) -> list[ReportSection]:
    """Lay out the sections of the review's template, in their order, with the text they begin with."""
    review = _opened(review, by)
    if ReportSection.objects.filter(review=review).exists():
        raise Refused("The report has been started already.")
    return _lay_out("report.started", review, by)


@transaction.atomic
def add_from_template(*, review: Review, by: User) -> list[ReportSection]:
    """Add what the template has and the report has not, after the sections that are there."""
    review = _opened(review, by)
    if not ReportSection.objects.filter(review=review).exists():
        raise Refused(NOT_STARTED)
    if not missing_sections(review):
        raise Refused("The report has every section of its template.")
    sections = _lay_out("report.extended", review, by)
    overtake(review)
    return sections


def missing_sections(review: Review) -> list[Outline]:
    """Sections of the template that the report does not have."""
    there = set(ReportSection.objects.filter(review=review).values_list("key", flat=True))
    return [section for section in outline_of(template_of(review)) if section.key not in there]


@transaction.atomic
def add_section(*, review: Review, heading: str, by: User) -> ReportSection:
    """Add an empty section after the others."""
    review = _opened(review, by)
    if not ReportSection.objects.filter(review=review).exists():
        raise Refused(NOT_STARTED)
    section = ReportSection.objects.create(
        review=review,
        key=free_key("added", keys_used(review)),
        heading=_one_line(heading),
        order=_last_place(review) + 1,
        changed_by=by,
    )
    overtake(review)
    _record("report section.added", section, by)
    return section


@transaction.atomic
def restore_section(*, review: Review, key: str, by: User) -> ReportSection:
    """Put a section that was removed back in, with its last words, after the others."""
    review = _opened(review, by)
    if ReportSection.objects.filter(review=review, key=key).exists():
        raise Refused("The report has this section.")
    last = ReportSection.history.filter(review=review, key=key).order_by("-history_id").first()
    if last is None:
        raise Refused("The report never had this section.")
    section = ReportSection.objects.create(
        review=review,
        key=key,
        heading=last.heading,
        body=last.body,
        order=_last_place(review) + 1,
        revision=last.revision + 1,
        changed_by=by,
    )
    overtake(review)
    _record("report section.restored", section, by)
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
    if section.key in WITH_EVIDENCE:
        raise Refused("Every report has this section: leave it without words if there is nothing to say.")
    _record("report section.removed", section, by)
    overtake(section.review)
    section.changed_by, section.changed_at = by, timezone.now()
    section.delete()


@transaction.atomic
def record_download(
    *,
    review: Review,
    file_format: str,
    version: ReportVersion | None = None,
    audience: str = "",
    by: User | None,
) -> None:
    """A copy of the report left, as a draft or in a version; `by` is None where a command wrote it.

    With an `audience`, what left is the briefing for it.
    """
    record(
        "briefing.downloaded" if audience else "report.downloaded",
        by=by,
        review_id=review.pk,
        object_type="report version" if version else "report draft",
        object_id=str(version.number if version else review.pk),
        after={
            "format": file_format,
            "released": bool(version and version.released_at),
            **({"audience": audience} if audience else {}),
        },
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
    overtake(section.review)


def overtake(review: Review) -> None:
    """What was put forward is no longer what the report says: approvals of it count for nothing."""
    ReportVersion.objects.proposed().filter(review=review).update(overtaken_at=timezone.now())


def _one_line(heading: str) -> str:
    heading = " ".join(heading.split())
    if not heading:
        raise Refused(NO_HEADING)
    if len(heading) > LONGEST_HEADING:
        raise Refused(f"A heading has at most {LONGEST_HEADING} characters.")
    return heading


def _last_place(review: Review) -> int:
    last = ReportSection.objects.filter(review=review).aggregate(last=models.Max("order"))["last"]
    return last or 0


def _lay_out(action: str, review: Review, by: User) -> list[ReportSection]:
    """Whoever wrote the template wrote the words that a section begins with."""
    template, place = template_of(review), _last_place(review)
    sections = [
        ReportSection.objects.create(
            review=review,
            key=outlined.key,
            heading=outlined.heading,
            body=outlined.text,
            order=place + number,
            changed_by=template.changed_by if template and outlined.text else by,
        )
        for number, outlined in enumerate(missing_sections(review), start=1)
    ]
    record_about_review(action, review, by, after={"sections": len(sections)})
    return sections


def _record(action: str, section: ReportSection, by: User) -> None:
    record(
        action,
        by=by,
        review_id=section.review.pk,
        object_type="report section",
        object_id=str(section.pk),
        after={"order": section.order, "revision": section.revision, "characters": len(section.body)},
    )
