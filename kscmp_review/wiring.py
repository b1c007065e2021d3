"""What every page is given: the house's name, ways to sign in and, inside a review, its tabs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from cases import extensions
from cases.models import Membership, Review
from cases.permissions import membership_allows
from cases.templatetags.addresses import address


def house(request: HttpRequest) -> dict[str, Any]:
    provider = settings.WORK_ACCOUNTS
    return {
        "organisation_name": settings.ORGANISATION_NAME,
        "service_name": settings.SERVICE_NAME,
        "work_accounts": {"id": settings.WORK_ACCOUNT_PROVIDER, "name": provider.name} if provider else None,
    }


def review_navigation(request: HttpRequest) -> dict[str, Any]:
    """`review_tabs`: the pages of the review that this person may open, the current one marked."""
    review, membership = getattr(request, "review", None), getattr(request, "membership", None)
    if review is None or membership is None:
        return {}
    return {
        "review": review,
        "membership": membership,
        # A piece of a page has none.
        "review_tabs": SimpleLazyObject(lambda: _tabs(request.path, review, membership)),
        "review_title": review.title,
    }


def _tabs(path: str, review: Review, membership: Membership) -> list[dict[str, Any]]:
    offered = [
        (tab.label, address(tab.url_name, review.slug))
        for tab in sorted(extensions.tabs)
        if not tab.permissions or any(membership_allows(membership, each) for each in tab.permissions)
    ]
    # A page below a tab's own, such as one case, belongs to the tab with the longest fitting address.
    current = max((url for _, url in offered if path.startswith(url)), key=len, default="")
    return [{"label": label, "url": url, "current": url == current} for label, url in offered]
