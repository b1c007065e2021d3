"""Opening a review, its settings, and moving it from stage to stage."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cases.actions import reviews
from cases.forms.reviews import ReviewForm, SettingsForm, StageForm
from cases.lifecycle import is_step_back, next_stages
from cases.models import Stage
from cases.permissions import Permission, check_user_can_create_reviews
from cases.views.access import load_review, person
from cases.views.acting import attempt


@require_http_methods(["GET", "POST"])
def review_create(request: HttpRequest) -> HttpResponse:
    check_user_can_create_reviews(person(request))
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: reviews.create(
                slug=form.cleaned_data["slug"],
                settings=form.settings(),
                characteristics=form.lines(),
                by=person(request),
            ),
        )
        if made:
            messages.success(request, "The review has been opened. Add its members, then open submissions.")
            return redirect("review", made.slug)
    return render(request, "cases/reviews/create.html", {"form": form})


@require_http_methods(["GET", "POST"])
def review_settings(request: HttpRequest, review_slug: str) -> HttpResponse:
    review, _ = load_review(request, review_slug, Permission.MANAGE_REVIEW)
    form = SettingsForm.for_review(review, request.POST or None)
    if request.method == "POST" and form.is_valid():
        changed = attempt(
            form,
            lambda: reviews.change_settings(review=review, settings=form.settings(), by=person(request)),
        )
        if changed:
            messages.success(request, "The settings have been changed.")
            return redirect("review", review.slug)
    return render(request, "cases/reviews/settings.html", {"form": form})


@require_http_methods(["GET", "POST"])
def review_stage(request: HttpRequest, review_slug: str, stage: str) -> HttpResponse:
    """Ask before a stage is left, with a reason when it is a step back."""
    review, _ = load_review(request, review_slug, Permission.MANAGE_REVIEW)
    to = next((each for each in next_stages(review) if each.replace(" ", "-") == stage), None)
    if to is None:
        messages.info(request, "The review has moved on since: that step is no longer there to be made.")
        return redirect("review", review.slug)
    back = is_step_back(review, to)
    form = StageForm(request.POST or None, initial={"stage": to})
    form.fields["reason"].required = back
    if request.method == "POST" and form.is_valid():
        moved = attempt(
            form,
            lambda: reviews.move_to_stage(
                review=review, stage=to, reason=form.cleaned_data["reason"], by=person(request)
            ),
        )
        if moved:
            messages.success(request, f"The review is now at the stage “{moved.get_stage_display()}”.")
            return redirect("review", review.slug)
    context = {"form": form, "to": Stage(to).label, "stage": stage, "back": back}
    return render(request, "cases/reviews/stage.html", context)
