"""What a review holds and when it goes; how long it is kept, and the legal hold: the business team's."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cases.actions import retention, staying_open
from cases.actions.exports import record_data_protection_export
from cases.data_protection import account_of, as_csv, as_json_file, as_xlsx
from cases.dates import day
from cases.extensions import Panel
from cases.forms.data_protection import HoldForm, LiftForm, RetentionForm, StayingOpenForm
from cases.left_open import LeftOpen, left_open
from cases.models import Review
from cases.permissions import Permission
from cases.retention import term_of
from cases.views.access import load_review, person
from cases.views.acting import attempt
from cases.words import plural

FORMATS = {
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "json": (as_json_file, "application/json"),
    "csv": (as_csv, "text/csv; charset=utf-8"),
}
"""Ending → what writes it, and its content type."""


@require_safe
def data_protection(request: HttpRequest, review_slug: str) -> HttpResponse:
    review, _ = load_review(request, review_slug, Permission.MANAGE_REVIEW)
    return render(request, "cases/data_protection/page.html", {"account": account_of(review)})


@require_safe
def data_protection_export(request: HttpRequest, review_slug: str, file_format: str) -> HttpResponse:
    review, _ = load_review(request, review_slug, Permission.MANAGE_REVIEW)
    if file_format not in FORMATS:
        raise Http404("no such format")
    write, content_type = FORMATS[file_format]
    content = write(account_of(review))
    record_data_protection_export(review, file_format=file_format, by=person(request))
    response = HttpResponse(content, content_type=content_type)
    name = f"{review.slug}-data-protection-{timezone.localdate()}.{file_format}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "POST"])
def retention_change(request: HttpRequest, review_slug: str) -> HttpResponse:
    review, _ = load_review(request, review_slug, Permission.MANAGE_REVIEW)
    initial = {
        "months": review.retention_months,
        "asked_after_months": review.asked_after_months,
        "lawful_basis": review.lawful_basis,
    }
    form = RetentionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        changed = attempt(
            form, lambda: retention.change_term(review=review, **form.cleaned_data, by=person(request))
        )
        if changed:
            messages.success(request, "How long case data is kept has been changed.")
            return redirect("data_protection", review.slug)
    return render(request, "cases/data_protection/retention.html", {"form": form})


@require_http_methods(["GET", "POST"])
def stays_open(request: HttpRequest, review_slug: str) -> HttpResponse:
    """Say why a review on which nobody works is not closed."""
    review, _ = load_review(request, review_slug, Permission.MANAGE_REVIEW)
    form = StayingOpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: staying_open.say_why(review=review, reason=reason, by=person(request))):
            messages.success(request, "Why the review stays open is on record.")
            return redirect("data_protection", review.slug)
    context = {"form": form, "found": left_open([review]).get(review.pk)}
    return render(request, "cases/data_protection/stays_open.html", context)


@require_http_methods(["GET", "POST"])
def legal_hold(request: HttpRequest, review_slug: str) -> HttpResponse:
    """Place a hold, or lift the one there is."""
    review, _ = load_review(request, review_slug, Permission.MANAGE_REVIEW)
    hold = review.legal_holds.live().select_related("placed_by").first()
    form = (LiftForm if hold else HoldForm)(request.POST or None)
    act, done = (
        (retention.lift_hold, "The legal hold has been lifted.")
        if hold
        else (retention.place_hold, "The case data is kept until the legal hold is lifted.")
    )
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: act(review=review, reason=reason, by=person(request))):
            messages.success(request, done)
            return redirect("data_protection", review.slug)
    return render(request, "cases/data_protection/hold.html", {"form": form, "hold": hold})


def case_data_panel(review: Review, found: LeftOpen | None) -> Panel:
    """The line of the overview that leads here; `found` where the review was left open for long."""
    address = reverse("data_protection", args=[review.slug])
    return Panel(88, "Case data", state_of(review, found), address, "See what is held")


def state_of(review: Review, found: LeftOpen | None) -> str:
    """ "Kept until 31 January 2027", "Left open for 20 months", "Kept: legal hold", "Erased on …"."""
    term = term_of(review)
    if term.erased_at is not None:
        return f"Erased on {day(term.erased_at)}"
    if term.hold is not None:
        return "Kept: legal hold"
    today = timezone.localdate()
    if found:
        return f"Left open for {plural(found.months_until(today), 'month')}"
    goes_on = term.goes_on(today)
    if goes_on is None:
        return f"Kept {plural(term.months, 'month')} after closing"
    return f"Kept until {day(goes_on)}"
