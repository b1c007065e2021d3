"""The template of a review's report: the sections it is laid out with, which the business team may change."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import count

from django.db import transaction
from django.utils import timezone

from cases.errors import Refused
from cases.lifecycle import Activity, check_stage_allows
from cases.models import Review, Stage
from cases.permissions import Permission, check_user_can
from kscmp_review.accounts.models import User
from kscmp_review.audit.record import record
from themes.actions.opening import check_revision
from themes.coding.passages import normalised
from themes.models import ReportSection, ReportTemplate
from themes.report.sections import STANDARD, WITH_EVIDENCE, Outline, kept, outline_of, template_of

MOST_SECTIONS = 40
NOT_LEFT_OUT = "These sections carry the evidence, and every report has them: {}. Leave them in."


@transaction.atomic
def change(*, review: Review, outline: Sequence[Outline], revision: int, by: User) -> ReportTemplate:
    """Save the list of sections; `revision` is the template's as it was seen, 0 for the standard one.

    A section without a key is new and gets one. Raises Stale where somebody saved since, Refused where a
    section that carries evidence is missing.
    """
    check_user_can(by, review, Permission.MANAGE_REVIEW)
    review = Review.objects.select_for_update().get(pk=review.pk)
    if review.stage == Stage.CLOSED:
        check_stage_allows(review, Activity.DRAFT_REPORT)
    template = template_of(review)
    check_revision(template.revision if template else 0, revision)
    outline = _settled(review, template, outline)
    _check(outline)
    template = template or ReportTemplate(review=review, revision=0)
    template.sections, template.revision = kept(outline), revision + 1
    template.changed_by, template.changed_at = by, timezone.now()
    template.save()
    record(
        "report template.changed",
        by=by,
        review_id=review.pk,
        object_type="report template",
        object_id=str(template.pk),
        after={"sections": len(outline), "revision": template.revision},
    )
    return template


def _settled(review: Review, template: ReportTemplate | None, outline: Sequence[Outline]) -> list[Outline]:
    """Headings on one line, texts without white space around them, and a key for each section.

    A key that no section of the list had is none: whoever sends a form does not choose it.
    """
    known = {section.key for section in outline_of(template)} | set(STANDARD)
    taken = known | keys_used(review)
    settled = []
    for section in outline:
        heading = " ".join(section.heading.split())
        key = section.key if section.key in known else free_key("own", taken)
        taken.add(key)
        texts = {"guidance": normalised(section.guidance).strip(), "text": normalised(section.text).strip()}
        settled.append(replace(section, key=key, heading=heading, **texts))
    return settled


def _check(outline: Sequence[Outline]) -> None:
    if not all(section.heading for section in outline):
        raise Refused("Enter a heading for each section.")
    if len(outline) > MOST_SECTIONS:
        raise Refused(f"A report has at most {MOST_SECTIONS} sections.")
    if len({section.key for section in outline}) < len(outline):
        raise Refused("A section is listed twice.")
    missing = [STANDARD[key] for key in WITH_EVIDENCE if key not in {section.key for section in outline}]
    if missing:
        raise Refused(NOT_LEFT_OUT.format(", ".join(missing)))


def keys_used(review: Review) -> set[str]:
    """The keys of the sections that a report has or had: a new one does not take over another's past."""
    return set(ReportSection.history.filter(review=review).values_list("key", flat=True))


def free_key(stem: str, taken: Collection[str]) -> str:
    """A key that no section has, without a word of its heading: it stands in addresses and in the report."""
    return next(key for number in count(1) if (key := f"{stem}-{number}") not in taken)
