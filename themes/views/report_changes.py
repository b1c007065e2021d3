"""What a version, or the draft, says otherwise than the version released before it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.permissions import Permission
from cases.views.access import load_review
from kscmp_review.replica.pages import may_read_replica
from themes.coding.comparing import changed_figures, compared
from themes.models import ReportVersion
from themes.report.document import build, material_of
from themes.report.vocabulary import figures_of
from themes.views.report_reading import load_version, released_before

WRITE = Permission.WRITE_REPORT


@may_read_replica
@require_safe
def report_version_changes(request: HttpRequest, review_slug: str, number: int) -> HttpResponse:
    """A version beside the one released before it."""
    review, membership = load_review(request, review_slug, WRITE)
    version = load_version(review, membership, number)
    before = released_before(review, number)
    if before is None:
        messages.info(request, f"Version {number} is the first: there is none to compare it with.")
        return redirect("report_version", review.slug, number)
    context = {"version": version, **told(before, version.html, version.figures)}
    return render(request, "themes/report/changes.html", context)


@may_read_replica
@require_safe
def report_changes(request: HttpRequest, review_slug: str) -> HttpResponse:
    """The draft beside the newest released version."""
    review, _ = load_review(request, review_slug, WRITE)
    before = released_before(review)
    if before is None:
        messages.info(request, "No version has been released yet: there is none to compare the draft with.")
        return redirect("report", review.slug)
    material = material_of(review)
    document = build(material, on=timezone.localdate(), leave_unknown=True)
    context = told(before, document.html, figures_of(material.facts))
    return render(request, "themes/report/changes.html", context)


def told(before: ReportVersion, html: str, figures: dict[str, Any]) -> dict[str, Any]:
    sections = compared(before.html, html)
    return {
        "before": before,
        "sections": [section for section in sections if section.what != "same"],
        "same": [section for section in sections if section.what == "same"],
        "figures": changed_figures(before.figures, figures) if before.figures else None,
    }
