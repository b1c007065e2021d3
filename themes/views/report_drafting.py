"""Drafts of report sections and learning points: saved while typed, shown where they are continued."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from cases import drafts
from cases.models import Review
from cases.permissions import Permission
from cases.views.access import load_review, person
from cases.views.acting import saved_while_typing
from themes.actions import report_drafts
from themes.actions.report_drafts import ReportDraft
from themes.models import LearningPoint, PointDraft, ReportSection, SectionDraft
from themes.views.drafting import Drafted

WRITE = Permission.WRITE_REPORT
NEW = "new"
# Of each kind, the names of the pages that keep a draft and throw it away.
PAGES = {
    SectionDraft: ("report_section_draft", "report_section_discard"),
    PointDraft: ("learning_draft", "learning_discard"),
}


def section_drafted(request: HttpRequest, review: Review, key: str) -> Drafted:
    """This person's draft of a section, or where it will be kept."""
    return _drafted(request, SectionDraft, review, key)


def point_drafted(request: HttpRequest, review: Review, point: LearningPoint | None) -> Drafted:
    """This person's draft of a learning point or a new one, or where it will be kept."""
    return _drafted(request, PointDraft, review, _key_of(point))


def end_section_draft(request: HttpRequest, review: Review, key: str) -> None:
    """What was typed has been saved."""
    _end(request, SectionDraft, review, key)


def end_point_draft(request: HttpRequest, review: Review, point: LearningPoint | None) -> None:
    """What was typed has been saved."""
    _end(request, PointDraft, review, _key_of(point))


@require_http_methods(["GET", "POST"])
def report_section_draft(request: HttpRequest, review_slug: str, key: str) -> JsonResponse:
    """Kept by key: a section that a colleague has removed meanwhile takes no word with it."""
    review, _ = load_review(request, review_slug, WRITE)
    if not ReportSection.history.filter(review=review, key=key).exists():
        raise Http404("the report never had this section")
    return _kept(request, SectionDraft, review, key)


@require_POST
def report_section_discard(request: HttpRequest, review_slug: str, key: str) -> HttpResponse:
    """Throw the draft away, and show the section as it is saved."""
    review, _ = load_review(request, review_slug, WRITE)
    report_drafts.discard(kind=SectionDraft, review=review, key=key, by=person(request))
    return redirect("report_section", review.slug, key)


@require_http_methods(["GET", "POST"])
def learning_draft(request: HttpRequest, review_slug: str, key: str) -> JsonResponse:
    review, _ = load_review(request, review_slug, WRITE)
    _check_point(review, key)
    return _kept(request, PointDraft, review, key)


@require_POST
def learning_discard(request: HttpRequest, review_slug: str, key: str) -> HttpResponse:
    """Throw the draft away, and show the point as it is saved."""
    review, _ = load_review(request, review_slug, WRITE)
    _check_point(review, key)
    report_drafts.discard(kind=PointDraft, review=review, key=key, by=person(request))
    if key == NEW:
        return redirect("learning_new", review.slug)
    return redirect("learning_change", review.slug, int(key))


def _key_of(point: LearningPoint | None) -> str:
    return str(point.pk) if point else NEW


def _check_point(review: Review, key: str) -> None:
    """Http404 unless the key is that of a point of the review, or of a new one."""
    if key != NEW and not (key.isdecimal() and LearningPoint.objects.of(review).filter(pk=int(key)).exists()):
        raise Http404("no such learning point")


def _drafted(request: HttpRequest, kind: type[ReportDraft], review: Review, key: str) -> Drafted:
    draft = _of(request, kind, review, key).first()
    keep, discard = (reverse(page, args=[review.slug, key]) for page in PAGES[kind])
    return Drafted.of(draft, keep, discard, token=drafts.token_in(request))


def _kept(request: HttpRequest, kind: type[ReportDraft], review: Review, key: str) -> JsonResponse:
    token, typed = drafts.typed_in(request)
    return saved_while_typing(
        request,
        lambda: report_drafts.keep(
            kind=kind,
            review=review,
            key=key,
            token=token,
            revision=drafts.revision_in(request),
            typed=typed,
            by=person(request),
        ),
    )


def _end(request: HttpRequest, kind: type[ReportDraft], review: Review, key: str) -> None:
    drafts.sent(kind, drafts.token_in(request), user=person(request), review=review, key=key)


def _of(
    request: HttpRequest, kind: type[ReportDraft], review: Review, key: str
) -> "QuerySet[SectionDraft] | QuerySet[PointDraft]":
    return kind.objects.filter(user=person(request), review=review, key=key, ended_at=None)
