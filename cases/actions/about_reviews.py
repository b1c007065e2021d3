"""What an action on a review as a whole begins and ends with: the review locked, and its event."""

from collections.abc import Mapping

from cases.models import Review
from cases.permissions import check_user_can_manage_review
from kscmp_review.accounts.models import User
from kscmp_review.audit.record import record


def locked_to_manage(review: Review, by: User) -> Review:
    """The review as it is now, locked; for the business team alone.

    Who manages it is asked under the lock: of two who end each other's membership, one is too late.
    """
    locked: Review = Review.objects.select_for_update().get(pk=review.pk)
    check_user_can_manage_review(by, locked)
    return locked


def record_about_review(
    action: str,
    review: Review,
    by: User | None,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """One event about the review, by its short name; `by` is None where a command did it."""
    record(
        action,
        by=by,
        review_id=review.pk,
        object_type="review",
        object_id=review.slug,
        before=before,
        after=after,
    )
