"""The follow-up: where each learning point stands, what is overdue, and the steps of one point."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cases.lifecycle import Activity, stage_allows
from cases.models import Review
from cases.permissions import Permission, membership_allows
from cases.views.access import load_review, person
from themes.actions import following_up
from themes.forms.learning import FollowUpFilter, FollowUpForm, theirs_of_step
from themes.models import FollowUpStatus, LearningPoint
from themes.views.saving import save, status_of

READ, WRITE = Permission.WRITE_REPORT, Permission.FOLLOW_UP


@require_safe
def follow_up(request: HttpRequest, review_slug: str) -> HttpResponse:
    """Every point that stands, with its newest step; `?audience=` and `?status=` narrow the list."""
    review, _ = load_review(request, review_slug, READ)
    points = list(LearningPoint.objects.of(review).standing().in_order().with_follow_up())
    filtering = FollowUpFilter(request.GET or None)
    audience, status = filtering.chosen()
    numbered = list(enumerate(points, start=1))
    context = {
        "points": [(number, point) for number, point in numbered if _wanted(point, audience, status)],
        "tally": tally_of(points),
        "overdue": sum(point.is_overdue for point in points),
        "filter": filtering,
        "filtered": bool(audience or status),
    }
    return render(request, "themes/learning/follow_up.html", context)


@require_http_methods(["GET", "POST"])
def follow_up_point(request: HttpRequest, review_slug: str, pk: int) -> HttpResponse:
    """One point and its steps; the business team takes the next."""
    review, membership = load_review(request, review_slug, WRITE if request.method == "POST" else READ)
    point = load_followed(review, pk)
    form = FollowUpForm.of(point.last_step, request.POST or None)
    if request.method == "POST" and form.is_valid():
        taken = save(
            form,
            lambda: following_up.record_step(
                point=point, **form.typed(), seen=form.cleaned_data["revision"], by=person(request)
            ),
            lambda: theirs_of_step(load_followed(review, pk).last_step),
        )
        if taken:
            messages.success(request, "The follow-up has been recorded.")
            return redirect("follow_up", review.slug)
    context = {
        "point": point,
        "steps": sorted(point.follow_ups.all(), key=lambda step: -step.number),
        "form": form,
        "may_follow_up": membership_allows(membership, WRITE)
        and stage_allows(review, Activity.FOLLOW_UP)
        and point.withdrawn_at is None,
    }
    return render(request, "themes/learning/follow_up_point.html", context, status=status_of(form))


def load_followed(review: Review, pk: int) -> LearningPoint:
    point: LearningPoint = get_object_or_404(LearningPoint.objects.with_follow_up(), review=review, pk=pk)
    point.review = review
    return point


def tally_of(points: list[LearningPoint]) -> list[tuple[str, int]]:
    """(status, how many points stand there), in the order of the statuses."""
    standing = Counter(point.status for point in points)
    return [(label, standing[FollowUpStatus(value)]) for value, label in FollowUpStatus.choices]


def _wanted(point: LearningPoint, audience: str, status: Any) -> bool:
    if audience and audience not in point.audiences:
        return False
    if status == "overdue":
        return point.is_overdue
    return not status or point.status == status
