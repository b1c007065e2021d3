"""Earlier versions of a section of the report, each restorable."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cases.errors import Refused
from cases.lifecycle import Activity, stage_allows
from cases.permissions import Permission
from cases.views.access import load_review, person
from themes.actions import report as actions
from themes.versions import save_of, section_saves, section_versions
from themes.views.report_sections import load_section


@require_http_methods(["GET", "POST"])
def report_section_history(request: HttpRequest, review_slug: str, key: str) -> HttpResponse:
    """Every save with what it changed; posted with a revision, that one is saved again as the newest."""
    review, _ = load_review(request, review_slug, Permission.WRITE_REPORT)
    section = load_section(review, key)
    if request.method == "POST":
        wanted = request.POST.get("revision", "")
        row = save_of(section_saves(section), int(wanted)) if wanted.isdecimal() else None
        if row is None:
            raise Http404("no such version")
        try:
            actions.change_section(
                section=section,
                heading=row.heading,
                body=row.body,
                revision=section.revision,
                by=person(request),
            )
        except Refused as refusal:
            messages.warning(request, str(refusal))
            return redirect(request.path)
        messages.success(request, "The earlier version has been saved again.")
        return redirect("report_section", review.slug, key)
    context = {
        "section": section,
        "versions": section_versions(section),
        "now": section.revision,
        "may_write": stage_allows(review, Activity.DRAFT_REPORT),
    }
    return render(request, "themes/report/history.html", context)
