"""Following learning points up: each step says where a point stands, with a note, under a name."""

from django.db import transaction

from cases.errors import Refused
from cases.lifecycle import Activity, check_stage_allows
from cases.models import Review
from cases.permissions import Permission, check_user_can
from kscmp_review.accounts.models import User
from kscmp_review.audit.record import record
from themes.actions.opening import check_revision
from themes.coding.passages import normalised
from themes.models import FollowUp, FollowUpStatus, LearningPoint

LONGEST_NOTE = 2000
NO_REASON = "Enter why it will not be done."


@transaction.atomic
def record_step(*, point: LearningPoint, status: str, note: str = "", seen: int, by: User) -> FollowUp:
    """Say where a point stands now. Raises Stale when somebody took a step since the `seen`th (0: none yet).

    Allowed after the review has been closed: what was learnt takes longer than the review.
    """
    check_user_can(by, point.review, Permission.FOLLOW_UP)
    review = Review.objects.select_for_update().get(pk=point.review_id)
    check_stage_allows(review, Activity.FOLLOW_UP)
    point = LearningPoint.objects.get(pk=point.pk)
    if point.withdrawn_at is not None:
        raise Refused("This learning point has been withdrawn: it is not followed up.")
    last = point.last_step
    check_revision(last.number if last else 0, seen)
    note = normalised(note).strip()
    _check(status, note, last)
    step = FollowUp.objects.create(point=point, number=seen + 1, status=status, note=note, recorded_by=by)
    record(
        "learning point.followed up",
        by=by,
        review_id=review.pk,
        object_type="learning point",
        object_id=str(point.pk),
        before={"status": last.status if last else FollowUpStatus.NOT_STARTED.value},
        after={"status": status, "step": step.number, "noted": bool(note)},
    )
    return step


def _check(status: str, note: str, last: FollowUp | None) -> None:
    if status not in FollowUpStatus.values:
        raise Refused("Select how far it has come.")
    if status == FollowUpStatus.WILL_NOT and not note:
        raise Refused(NO_REASON)
    if len(note) > LONGEST_NOTE:
        raise Refused(f"A note has at most {LONGEST_NOTE} characters.")
    if not note and status == (last.status if last else FollowUpStatus.NOT_STARTED):
        raise Refused("Nothing has changed: choose another status, or write a note.")
