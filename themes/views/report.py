"""The report's own page: where it is written and released, or, for its readers, what is released."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.lifecycle import Activity, stage_allows
from cases.models import Membership, Review
from cases.permissions import Permission, membership_allows
from cases.views.access import load_review, person
from cases.views.acting import attempt, moved
from themes.actions import release
from themes.actions import report as actions
from themes.forms.report import ProposalForm
from themes.models import Briefing, ReportSection, ReportVersion
from themes.report.checks import Outcome, outcome_of
from themes.report.document import material_of
from themes.report.formats import FORMATS
from themes.report.live_counts import unknown_tokens
from themes.views.report_reading import released_before

WRITE, RELEASE, READ = Permission.WRITE_REPORT, Permission.RELEASE_REPORT, Permission.READ_RELEASED_REPORT


@require_safe
def report(request: HttpRequest, review_slug: str) -> HttpResponse:
    """Writers meet their desk, all others the released versions."""
    review, membership = load_review(request, review_slug, WRITE, READ)
    if not membership_allows(membership, WRITE):
        released = ReportVersion.objects.released().filter(review=review).newest_first()
        released = released.prefetch_related(Prefetch("briefings", Briefing.objects.defer("html")))
        return render(request, "themes/report/released.html", {"versions": released, "formats": FORMATS})
    return render(request, "themes/report/desk.html", desk(review, membership))


@require_POST
def report_start(request: HttpRequest, review_slug: str) -> HttpResponse:
    review, _ = load_review(request, review_slug, WRITE)
    return moved(
        request,
        lambda: actions.start(review=review, by=person(request)),
        "The sections have been laid out. Write the first.",
        ("report", review.slug),
    )


@require_http_methods(["GET", "POST"])
def report_propose(request: HttpRequest, review_slug: str) -> HttpResponse:
    """What putting forward does, and whether it can be done; then doing it."""
    review, _ = load_review(request, review_slug, RELEASE)
    form = ProposalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        version = attempt(form, lambda: release.propose(review=review, by=person(request)))
        if version:
            messages.success(request, f"Version {version.number} has been put forward.")
            return redirect("report_version", review.slug, version.number)
    context: dict[str, Any] = {
        "checks": outcome_of(material_of(review)),
        "authors": release.authors_since_release(review),
        "standing": ReportVersion.objects.proposed().filter(review=review).first(),
        "newest_release": released_before(review),
        "at_this_stage": stage_allows(review, Activity.RELEASE_REPORT),
        "form": form,
    }
    return render(request, "themes/report/propose.html", context, status=409 if form.errors else 200)


def desk(review: Review, membership: Membership) -> dict[str, Any]:
    """All the desk shows: sections, figures, checks and versions."""
    material = material_of(review)
    sections = list(ReportSection.objects.filter(review=review).select_related("changed_by"))
    checks = outcome_of(material) if sections else Outcome((), ())
    releases = membership_allows(membership, RELEASE)
    versions = ReportVersion.objects.filter(review=review).newest_first().select_related("proposed_by")
    shown = (
        list(versions.prefetch_related("approvals__approved_by")) if releases else list(versions.released())
    )
    proposed = next((each for each in shown if not each.released_at and not each.overtaken_at), None)
    return {
        "sections": [
            (section, [problem for problem in checks.blocking if problem.at.section == section.key])
            for section in sections
        ],
        "missing": actions.missing_sections(review),
        "facts": material.facts,
        "cohort": material.facts.cohort,
        "checks": checks,
        "builds": not any(unknown_tokens(part.body, material.words) for part in material.parts),
        "versions": shown,
        "proposed": proposed,
        "newest_release": next((each for each in shown if each.released_at), None),
        "still_so": proposed is not None and release.still_reads_so(proposed, material),
        "approvals_needed": release.APPROVALS_NEEDED,
        "formats": FORMATS,
        "releases": releases,
        "may_write": stage_allows(review, Activity.DRAFT_REPORT),
        "may_release": releases and stage_allows(review, Activity.RELEASE_REPORT),
    }
