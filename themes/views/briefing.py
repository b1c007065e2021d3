"""The one-page briefing: the draft for one agency or all, and as fixed with a version of the report."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.models import Membership, Review
from cases.permissions import Permission
from cases.views.access import load_review, person
from kscmp_review.replica.pages import may_read_replica
from themes.actions import report as actions
from themes.coding.counting import sentence_start
from themes.models import Briefing
from themes.report.briefing import (
    ALL,
    AUDIENCES,
    BRIEFING_FORMATS,
    TooLong,
    audiences_of,
    briefing,
    draft_briefing,
    frozen_document,
)
from themes.report.document import Document, material_of
from themes.report.formats import FormatError, file_name
from themes.views.report_reading import load_version

WRITE, READ = Permission.WRITE_REPORT, Permission.READ_RELEASED_REPORT


@require_safe
def briefing_preview(request: HttpRequest, review_slug: str) -> HttpResponse:
    """The draft as practitioners would read it, for `?audience=` or for all."""
    review, _ = load_review(request, review_slug, WRITE)
    audience = request.GET.get("audience", ALL)
    if audience not in AUDIENCES:
        raise Http404("no such audience")
    material = material_of(review)
    context: dict[str, Any] = {
        "audience": audience,
        "audiences": audience_links([*audiences_of(material), audience], audience),
        "formats": BRIEFING_FORMATS,
    }
    try:
        context["document"] = briefing(material, audience, on=timezone.localdate())
    except TooLong as too_long:
        context["too_long"] = too_long
    except FormatError as fault:
        messages.warning(request, str(fault))
        return redirect("learning", review.slug)
    return render(request, "themes/learning/briefing.html", context)


@require_safe
def briefing_download(
    request: HttpRequest, review_slug: str, audience: str, file_format: str
) -> HttpResponse:
    """The draft, in one format."""
    review, _ = load_review(request, review_slug, WRITE)
    _check(audience, file_format)
    try:
        document = draft_briefing(review, audience)
        content = document.content(file_format)
    except (TooLong, FormatError) as fault:
        messages.warning(request, str(fault))
        return redirect("briefing", review.slug)
    actions.record_download(review=review, file_format=file_format, audience=audience, by=person(request))
    return _file(content, f"{review.slug}-draft", audience, file_format, document)


@may_read_replica
@require_safe
def version_briefing(request: HttpRequest, review_slug: str, number: int, audience: str) -> HttpResponse:
    """The briefing fixed with a version, to read: a released one for every member."""
    review, membership = load_review(request, review_slug, READ)
    found = load_briefing(review, membership, number, audience)
    context: dict[str, Any] = {"version": found.version, "briefing": found, "formats": BRIEFING_FORMATS}
    if found.html:
        context["document"] = frozen_document(found)
    return render(request, "themes/learning/version_briefing.html", context)


@may_read_replica
@require_safe
def version_briefing_download(
    request: HttpRequest, review_slug: str, number: int, audience: str, file_format: str
) -> HttpResponse:
    review, membership = load_review(request, review_slug, READ)
    _check(audience, file_format)
    found = load_briefing(review, membership, number, audience)
    if not found.html:
        raise Http404("it did not fit on a page")
    document = frozen_document(found)
    try:
        content = document.content(file_format)
    except FormatError as fault:
        messages.warning(request, str(fault))
        return redirect("version_briefing", review.slug, number, audience)
    actions.record_download(
        review=review, version=found.version, file_format=file_format, audience=audience, by=person(request)
    )
    return _file(content, f"{review.slug}-v{number}", audience, file_format, document)


def load_briefing(review: Review, membership: Membership, number: int, audience: str) -> Briefing:
    """Of a version that is not released, to whoever releases; to all others it is not there."""
    version = load_version(review, membership, number)
    found = version.briefings.filter(audience="" if audience == ALL else audience).first()
    if found is None:
        raise Http404("no such briefing")
    found.version = version
    return found


def audience_links(audiences: list[str], chosen: str) -> list[dict[str, Any]]:
    return [
        {
            "label": sentence_start(AUDIENCES[each]),
            "url": f"?audience={each}",
            "current": each == chosen,
        }
        for each in dict.fromkeys(audiences)
    ]


def _check(audience: str, file_format: str) -> None:
    if audience not in AUDIENCES or file_format not in BRIEFING_FORMATS:
        raise Http404("no such briefing")


def _file(content: bytes, stem: str, audience: str, file_format: str, document: Document) -> HttpResponse:
    part = "briefing" if audience == ALL else f"briefing-{audience}"
    response = HttpResponse(content, content_type=BRIEFING_FORMATS[file_format].content_type)
    name = file_name(stem, file_format, document.on, part=part)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
