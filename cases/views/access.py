"""Loading a review for a page: an outsider meets 404, an insider without the right 403."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from cases.models import Case, Membership, Review
from cases.permissions import (
    NotAllowed,
    Permission,
    check_membership_can_see_case,
    membership_allows,
    membership_by_slug,
)
from kscmp_review.accounts.models import User


def person(request: HttpRequest) -> User:
    """Who is signed in. Every page asks for that by default, so there always is somebody."""
    assert isinstance(request.user, User), "a page without sign-in asked who is signed in"  # nosec B101
    return request.user


def load_review(
    request: HttpRequest, review_slug: str, *permissions: Permission
) -> tuple[Review, Membership]:
    """The review and the person's membership; any of `permissions` is enough, none asks for membership only.

    Both are left on the request, where the navigation and the record of denials find them.
    """
    membership = membership_by_slug(person(request), review_slug)
    review = membership.review
    request.review, request.membership = review, membership  # type: ignore[attr-defined]
    if permissions and not any(membership_allows(membership, permission) for permission in permissions):
        raise NotAllowed("this role has no such page")
    return review, membership


def load_case(
    request: HttpRequest, review_slug: str, public_id: str, *permissions: Permission
) -> tuple[Case, Membership]:
    """A case of the review that this person may see; `permissions` as for the review."""
    review, membership = load_review(request, review_slug, *permissions)
    case = get_object_or_404(Case.objects.select_related("district"), review=review, public_id=public_id)
    case.review = review
    check_membership_can_see_case(membership, case)
    return case, membership
