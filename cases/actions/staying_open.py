"""Pointing out reviews that are left open, and saying why one stays so. Nothing here closes or erases."""

from datetime import date

from django.db import transaction

from cases.errors import Refused
from cases.left_open import left_open
from cases.messages import outbox
from cases.models import Review, Stage, StayingOpen
from cases.permissions import check_user_can_manage_review
from kscmp_review.accounts.models import User
from kscmp_review.audit.record import record


def ask(*, today: date) -> int:
    """Ask the business team of each review that is left open for long; returns of how many."""
    reviews = list(Review.objects.exclude(stage=Stage.CLOSED))
    due = [pk for pk, found in left_open(reviews).items() if found.is_to_be_asked_about(today)]
    return sum(_ask(pk, today) for pk in due)


@transaction.atomic
def _ask(review_id: int, today: date) -> bool:
    """Looked at again under the lock: another run may have asked, or somebody have worked on it."""
    review = Review.objects.select_for_update().get(pk=review_id)
    found = left_open([review]).get(review.pk)
    if found is None or not found.is_to_be_asked_about(today):
        return False
    review.asked_why_open_on = today
    review.save(update_fields=["asked_why_open_on"])
    outbox.ask_why_open(review)
    _record("review.asked why open", review, None, after={"untouched_since": found.untouched_since})
    return True


@transaction.atomic
def say_why(*, review: Review, reason: str, by: User) -> StayingOpen:
    """Say why the review stays open; it is asked about again after its months, counted from now."""
    check_user_can_manage_review(by, review)
    review = Review.objects.select_for_update().get(pk=review.pk)
    if review.stage == Stage.CLOSED:
        raise Refused("The review is closed already.")
    if not reason.strip():
        raise Refused("Say why the review stays open.")
    said: StayingOpen = review.staying_open.create(reason=reason.strip(), said_by=by)
    _record("review.stays open", review, by, after={"said": said.pk})
    return said


def _record(action: str, review: Review, by: User | None, *, after: dict[str, object]) -> None:
    record(
        action,
        by=by,
        review_id=review.pk,
        object_type="review",
        object_id=review.slug,
        after=after,
    )
