"""Drafts of report sections: saved while they are typed, shown where they are continued."""

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
from themes.models import ReportSection, SectionDraft
from themes.views.drafting import Drafted

WRITE = Permission.WRITE_REPORT


def section_drafted(request: HttpRequest, review: Review, key: str) -> Drafted:
    """This person's draft of a section, or where it will be kept."""
    draft = _of(request, review, key).first()
    typed = drafts.typed_of(draft)
    return Drafted(
        url=reverse("report_section_draft", args=[review.slug, key]),
        discard_url=reverse("report_section_discard", args=[review.slug, key]),
        token=typed.token,
        revision=typed.revision,
        fields=typed.fields,
        saved_at=draft.saved_at if draft else None,
    )


def end_section_draft(request: HttpRequest, review: Review, key: str) -> None:
    """What was typed has been saved."""
    drafts.end(_of(request, review, key))


@require_http_methods(["GET", "POST"])
def report_section_draft(request: HttpRequest, review_slug: str, key: str) -> JsonResponse:
    """Kept by key: a section that a colleague has removed meanwhile takes no word with it."""
    review, _ = load_review(request, review_slug, WRITE)
    if not ReportSection.history.filter(review=review, key=key).exists():
        raise Http404("the report never had this section")
    token, typed = drafts.typed_in(request)
    return saved_while_typing(
        request,
        lambda: report_drafts.keep(
            review=review,
            key=key,
            token=token,
            revision=drafts.revision_in(request),
            typed=typed,
            by=person(request),
        ),
    )


@require_POST
def report_section_discard(request: HttpRequest, review_slug: str, key: str) -> HttpResponse:
    """Throw the draft away, and show the section as it is saved."""
    review, _ = load_review(request, review_slug, WRITE)
    report_drafts.discard(review=review, key=key, by=person(request))
    return redirect("report_section", review.slug, key)


def _of(request: HttpRequest, review: Review, key: str) -> QuerySet[SectionDraft]:
    return SectionDraft.objects.filter(user=person(request), review=review, key=key, ended_at=None)
