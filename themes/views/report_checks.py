"""What the checks say of the report: every problem with its place, accepted with a reason where it may be."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.lifecycle import Activity, stage_allows
from cases.permissions import Permission
from cases.views.access import load_review, person
from cases.views.acting import attempt, moved
from themes.actions import acceptances
from themes.forms.report import AcceptanceForm
from themes.models import ReportAcceptance
from themes.report.checks import CHECKS, outcome_of
from themes.report.document import material_of

WRITE, RELEASE = Permission.WRITE_REPORT, Permission.RELEASE_REPORT


@require_safe
def report_checks(request: HttpRequest, review_slug: str) -> HttpResponse:
    """What is looked for, what it cannot see, what was found, and every acceptance, those that ended too."""
    review, _ = load_review(request, review_slug, WRITE)
    given = ReportAcceptance.objects.filter(review=review).select_related("accepted_by", "ended_by")
    context = {
        "checks": outcome_of(material_of(review)),
        "may_accept": stage_allows(review, Activity.DRAFT_REPORT),
        "looked_for": CHECKS.values(),
        "ended": given.exclude(ended_at=None).order_by("-ended_at", "-pk"),
    }
    return render(request, "themes/report/checks.html", context)


@require_http_methods(["GET", "POST"])
def report_problem_accept(request: HttpRequest, review_slug: str, fingerprint: str) -> HttpResponse:
    """One problem as it stands, with a form for the reason."""
    review, _ = load_review(request, review_slug, RELEASE)
    problem = outcome_of(material_of(review)).problem(fingerprint)
    if problem is None or not problem.check.acceptable:
        raise Http404("no such problem")
    form = AcceptanceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        done = attempt(
            form,
            lambda: acceptances.accept(
                review=review, fingerprint=fingerprint, reason=reason, by=person(request)
            ),
        )
        if done:
            messages.success(request, "Accepted, with your reason.")
            return redirect("report_checks", review.slug)
    context = {
        "problem": problem,
        "form": form,
        "may_accept": stage_allows(review, Activity.DRAFT_REPORT),
    }
    return render(request, "themes/report/accept.html", context)


@require_POST
def report_acceptance_withdraw(request: HttpRequest, review_slug: str, pk: int) -> HttpResponse:
    review, _ = load_review(request, review_slug, RELEASE)
    acceptance = get_object_or_404(ReportAcceptance, review=review, pk=pk)
    acceptance.review = review
    return moved(
        request,
        lambda: acceptances.withdraw(acceptance=acceptance, by=person(request)),
        "The acceptance has been taken back: the problem is in the way again.",
        ("report_checks", review.slug),
    )
