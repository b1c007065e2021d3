"""The risk profile: its versions, and changing it with the effect on the ranking shown first."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cases.actions import profiles
from cases.differences import differences
from cases.forms.profile import ReasonForm, line_forms
from cases.lifecycle import Activity, stage_allows
from cases.permissions import Permission
from cases.views.access import load_review, person
from cases.views.acting import attempt


@require_safe
def profile(request: HttpRequest, review_slug: str) -> HttpResponse:
    review, _ = load_review(request, review_slug, Permission.MANAGE_REVIEW)
    versions = list(review.profile_versions.newest_first().with_lines().select_related("created_by"))
    earlier: list[Any] = [*versions[1:], None]
    context = {
        "current": versions[0],
        "history": [
            (version, differences(previous, version))
            for version, previous in zip(versions, earlier, strict=True)
        ],
        "may_change": stage_allows(review, Activity.CHANGE_PROFILE),
    }
    return render(request, "cases/profile/profile.html", context)


@require_http_methods(["GET", "POST"])
def profile_change(request: HttpRequest, review_slug: str) -> HttpResponse:
    """The editor; posted once it shows the effect on the ranking, posted again from there it saves."""
    review, _ = load_review(request, review_slug, Permission.MANAGE_REVIEW)
    formset = line_forms(review.current_profile, request.POST or None)
    reason = ReasonForm(request.POST or None)
    context: dict[str, Any] = {"formset": formset, "form": reason, "error_forms": [formset, reason]}
    if request.method == "POST" and formset.is_valid() and reason.is_valid():
        change: dict[str, Any] = {
            "review": review,
            "lines": formset.lines(),
            "reason": reason.cleaned_data["reason"],
            "by": person(request),
        }
        if "save" in request.POST:
            version = attempt(reason, lambda: profiles.change(**change))
            if version:
                messages.success(
                    request, f"The risk profile has been changed: this is version {version.number}."
                )
                return redirect("profile", review.slug)
        elif "edit" not in request.POST:
            effect = attempt(reason, lambda: profiles.rehearse(**change))
            if effect:
                return render(request, "cases/profile/effect.html", context | {"effect": effect})
    return render(request, "cases/profile/change.html", context)
