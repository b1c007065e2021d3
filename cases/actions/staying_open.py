"""Pointing out reviews that are left open, and saying why one stays so. Nothing here closes or erases."""

from datetime import date

from django.db import transaction

from cases.actions.about_reviews import locked_to_manage, record_about_review
from cases.errors import Refused
from cases.left_open import left_open, to_be_asked_about
from cases.messages import outbox
from cases.models import Review, Stage, StayingOpen
from kscmp_review.accounts.models import User


def ask(*, today: date) -> int:
    """Ask the business team of each review that is left open for long; returns of how many."""
    return sum(_ask(review.pk, today) for review, _ in to_be_asked_about(today))


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
    record_about_review(
        "review.asked why open", review, None, after={"untouched_since": found.untouched_since}
    )
    return True


@transaction.atomic
def say_why(*, review: Review, reason: str, by: User) -> StayingOpen:
    """Say why the review stays open; it is asked about again after its months, counted from now."""
    review = locked_to_manage(review, by)
    if review.stage == Stage.CLOSED:
        raise Refused("The review is closed already.")
    if not reason.strip():
        raise Refused("Say why the review stays open.")
    said: StayingOpen = review.staying_open.create(reason=reason.strip(), said_by=by)
    record_about_review("review.stays open", review, by, after={"said": said.pk})
    return said
