"""The risk profile as it is, and its versions with what changed between them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.differences import differences
from cases.lifecycle import Activity, stage_allows
from cases.permissions import Permission
from cases.robust import problems
from cases.views.access import load_review


@require_safe
def profile(request: HttpRequest, review_slug: str) -> HttpResponse:
    review, _ = load_review(request, review_slug, Permission.MANAGE_REVIEW)
    versions = list(review.profile_versions.newest_first().with_lines().select_related("created_by"))
    earlier: list[Any] = [*versions[1:], None]
    context = {
        "current": versions[0],
        "nested": [
            (name, [line.name for line in lines])
            for name, lines in problems(list(versions[0].lines.all())).items()
        ],
        "history": [
            (version, differences(previous, version))
            for version, previous in zip(versions, earlier, strict=True)
        ],
        "may_change": stage_allows(review, Activity.CHANGE_PROFILE),
    }
    return render(request, "cases/profile/profile.html", context)
