"""Loading a selected case, or something of it, for a page: a case that is not selected is not there."""

from typing import NamedTuple

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from cases.lifecycle import Activity, stage_allows
from cases.models import Case, Membership, Review
from cases.permissions import Permission, membership_allows
from cases.views.access import load_case, load_review, person
from themes.actions import viewing
from themes.coding.parts import is_long, parts, touched
from themes.models import Finding, Source, Theme
from themes.reading import one_text

READ, WRITE = Permission.SEE_SELECTED_CASES, Permission.WRITE_FINDINGS


class Desk(NamedTuple):
    """A review as a reader of findings meets it; `may_write` asks their role and the review's stage."""

    review: Review
    membership: Membership
    may_write: bool


def load_desk(request: HttpRequest, review_slug: str, permission: Permission = READ) -> Desk:
    """The review, for whoever reads findings (or, with WRITE, writes them)."""
    review, membership = load_review(request, review_slug, permission)
    writes = membership_allows(membership, WRITE) and stage_allows(review, Activity.KEEP_CODEBOOK)
    return Desk(review, membership, writes)


def load_selected_case(
    request: HttpRequest, review_slug: str, public_id: str, permission: Permission = READ
) -> Case:
    """A selected case that this person reads (or writes about). Showing it is recorded."""
    case, _ = load_case(request, review_slug, public_id, permission)
    if not case.letter or case.withdrawn_at is not None:
        raise Http404("no such case")
    if request.method == "GET":
        viewing.case_viewed(case=case, by=person(request))
    return case


def may_write_about(membership: Membership, case: Case) -> bool:
    return membership_allows(membership, WRITE) and stage_allows(case.review, Activity.REVIEW_CASES)


def load_finding(case: Case, public_id: str) -> Finding:
    found: Finding = get_object_or_404(
        Finding.objects.select_related("case", "changed_by"), case=case, public_id=public_id
    )
    return found


def load_text(case: Case, public_id: str) -> Source:
    """A finding or an interview note of this case."""
    source = one_text(case, public_id)
    if source is None:
        raise Http404("no such text")
    return source


def address_of(case: Case, source: Source, at: int | None = None, *, mark: int | None = None) -> str:
    """The text's place on the page of its case; a place in a long text on its own page, with `at`.

    `mark` is the passage there. What is said on the way there is information, not success: a banner of
    success takes the focus to the top.
    """
    if at is not None and is_long(source.text):
        page = reverse("text_read", args=[case.review.slug, case.public_id, source.public_id])
        part = touched(parts(source.text), at, at + 1)[0]
        return f"{page}#mark-{mark}" if mark else f"{page}#part-{source.public_id}-{part}"
    return f"{reverse('case', args=[case.review.slug, case.public_id])}#text-{source.public_id}"


def load_theme(review: Review, slug: str) -> Theme:
    theme: Theme = get_object_or_404(
        Theme.objects.of(review).select_related("parent", "restates", "merged_into"), slug=slug
    )
    theme.review = review
    return theme
