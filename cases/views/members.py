"""Who may do what in a review, and since when."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from cases.actions import members as actions
from cases.forms.members import MemberForm
from cases.models import Membership
from cases.permissions import Permission
from cases.views.access import load_review, person
from cases.views.acting import attempt, moved


@require_http_methods(["GET", "POST"])
def members(request: HttpRequest, review_slug: str) -> HttpResponse:
    review, _ = load_review(request, review_slug, Permission.MANAGE_REVIEW)
    form = MemberForm(request.POST or None, review=review)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        added = attempt(
            form,
            lambda: actions.add(
                review=review,
                user=typed["email"],
                role=typed["role"],
                district=typed["district"],
                by=person(request),
            ),
        )
        if added:
            messages.success(request, f"{added.user} is now a member: {added.get_role_display().lower()}.")
            return redirect("members", review.slug)
    everyone = Membership.objects.filter(review=review).select_related("user", "district")
    context = {
        "form": form,
        "live": everyone.live().order_by("role", "district__order", "user__email"),
        "ended": everyone.exclude(ended_at=None).order_by("-ended_at"),
    }
    return render(request, "cases/members/members.html", context)


@require_http_methods(["GET", "POST"])
def member_end(request: HttpRequest, review_slug: str, pk: int) -> HttpResponse:
    """Ask, then end a membership."""
    review, _ = load_review(request, review_slug, Permission.MANAGE_REVIEW)
    ending = get_object_or_404(Membership.objects.select_related("user"), pk=pk, review=review)
    if request.method == "POST":
        return moved(
            request,
            lambda: actions.end(membership=ending, by=person(request)),
            done=f"{ending.user} is no longer a member of the review.",
            back=("members", review.slug),
        )
    return render(request, "cases/members/end.html", {"ending": ending})
