"""Learning points: listed by audience with what they rest on; added, changed, moved and withdrawn."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.errors import Refused
from cases.lifecycle import Activity, stage_allows
from cases.models import Review
from cases.permissions import Permission
from cases.views.access import load_review, person
from cases.views.acting import attempt, moved
from themes.actions import learning as actions
from themes.forms.learning import LearningPointForm, WithdrawalForm, theirs_of
from themes.learning_versions import row_of, versions_of
from themes.models import Audience, LearningPoint
from themes.report.facts import gather
from themes.report.learning import learning_of
from themes.views.report_drafting import end_point_draft, point_drafted
from themes.views.saving import save, status_of

WRITE = Permission.WRITE_REPORT


@require_safe
def learning(request: HttpRequest, review_slug: str) -> HttpResponse:
    """All points, or (`?audience=`) those for one agency; withdrawn ones below."""
    review, _ = load_review(request, review_slug, WRITE)
    told = learning_of(review, gather(review))
    audience = request.GET.get("audience", "")
    if audience not in Audience.values:
        audience = ""
    own = LearningPoint.objects.of(review)
    saved = own.standing().select_related("changed_by").with_follow_up()
    by_key = {point.pk: point for point in saved}
    context = {
        "points": [(each, by_key[each.pk]) for each in told if not audience or audience in each.audiences],
        "audiences": audience_links(told, audience),
        "withdrawn": own.withdrawn().in_order().select_related("changed_by"),
        "last": len(told),
        "may_write": stage_allows(review, Activity.DRAFT_REPORT),
    }
    return render(request, "themes/learning/learning.html", context)


@require_http_methods(["GET", "POST"])
def learning_new(request: HttpRequest, review_slug: str) -> HttpResponse:
    review, _ = load_review(request, review_slug, WRITE)
    form = LearningPointForm.of(None, review, request.POST or None)
    draft = point_drafted(request, review, None)
    if request.method == "GET":
        draft.show_in(form)
    if request.method == "POST" and form.is_valid():
        added = attempt(form, lambda: actions.add(review=review, point=form.point(), by=person(request)))
        if added:
            end_point_draft(request, review, None)
            messages.success(request, "The learning point has been added.")
            return redirect("learning", review.slug)
    return render(request, "themes/learning/form.html", {"form": form, "draft": draft})


@require_http_methods(["GET", "POST"])
def learning_change(request: HttpRequest, review_slug: str, pk: int) -> HttpResponse:
    review, _ = load_review(request, review_slug, WRITE)
    found = load_point(review, pk)
    form = LearningPointForm.of(found, review, request.POST or None)
    draft = point_drafted(request, review, found)
    if request.method == "GET":
        draft.show_in(form)
    if request.method == "POST" and form.is_valid():
        changed = save(
            form,
            lambda: actions.change(
                learning_point=found,
                point=form.point(),
                revision=form.cleaned_data["revision"],
                by=person(request),
            ),
            lambda: theirs_of(load_point(review, pk)),
        )
        if changed:
            end_point_draft(request, review, found)
            messages.success(request, "The learning point has been saved.")
            return redirect("learning", review.slug)
    context = {"form": form, "point": found, "draft": draft}
    return render(request, "themes/learning/form.html", context, status=status_of(form))


@require_POST
def learning_move(request: HttpRequest, review_slug: str, pk: int) -> HttpResponse:
    """Up unless "down" is asked for."""
    review, _ = load_review(request, review_slug, WRITE)
    found = load_point(review, pk)
    try:
        down = request.POST.get("to") == "down"
        actions.move(learning_point=found, to="down" if down else "up", by=person(request))
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("learning", review.slug)


@require_http_methods(["GET", "POST"])
def learning_withdraw(request: HttpRequest, review_slug: str, pk: int) -> HttpResponse:
    """Ask why, then take the point out."""
    review, _ = load_review(request, review_slug, WRITE)
    found = load_point(review, pk)
    form = WithdrawalForm(request.POST or None, initial={"revision": found.revision})
    if request.method == "POST" and form.is_valid():
        withdrawn = save(
            form,
            lambda: actions.withdraw(
                learning_point=found,
                because=form.cleaned_data["because"],
                revision=form.cleaned_data["revision"],
                by=person(request),
            ),
            lambda: theirs_of(load_point(review, pk)),
        )
        if withdrawn:
            messages.success(request, "The learning point has been withdrawn.")
            return redirect("learning", review.slug)
    context = {"form": form, "point": found}
    return render(request, "themes/learning/withdraw.html", context, status=status_of(form))


@require_POST
def learning_restore(request: HttpRequest, review_slug: str, pk: int) -> HttpResponse:
    review, _ = load_review(request, review_slug, WRITE)
    found = load_point(review, pk)
    return moved(
        request,
        lambda: actions.restore(learning_point=found, by=person(request)),
        "The learning point is back in its place.",
        ("learning", review.slug),
    )


@require_http_methods(["GET", "POST"])
def learning_history(request: HttpRequest, review_slug: str, pk: int) -> HttpResponse:
    """Every version of a point; posted with a revision, that one is saved again."""
    review, _ = load_review(request, review_slug, WRITE)
    found = load_point(review, pk)
    if request.method == "POST":
        earlier = row_of(found, request.POST.get("revision", ""))
        if earlier is None:
            raise Http404("no such version")
        row, themes = earlier
        said = actions.Point(row.text, row.audiences, row.owner, row.due_on, themes)
        return moved(
            request,
            lambda: actions.change(
                learning_point=found, point=said, revision=found.revision, by=person(request)
            ),
            "The earlier version has been saved again.",
            ("learning", review.slug),
        )
    context = {
        "point": found,
        "versions": versions_of(found),
        "may_write": stage_allows(review, Activity.DRAFT_REPORT) and found.withdrawn_at is None,
    }
    return render(request, "themes/learning/history.html", context)


def load_point(review: Review, pk: int) -> LearningPoint:
    point: LearningPoint = get_object_or_404(
        LearningPoint.objects.select_related("changed_by").prefetch_related("themes"), review=review, pk=pk
    )
    point.review = review
    return point


def audience_links(points: Any, chosen: str) -> list[dict[str, Any]]:
    """All, and each audience with how many points it has, for the navigation of the list."""
    links = [{"label": f"All ({len(points)})", "url": "?", "current": not chosen}]
    for value, label in Audience.choices:
        number = sum(value in point.audiences for point in points)
        if number or value == chosen:
            url = f"?audience={value}"
            links.append({"label": f"{label} ({number})", "url": url, "current": value == chosen})
    return links
