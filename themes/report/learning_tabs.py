"""What the learning hangs in the frame of a review: its tab, a line of the overview, and what is overdue."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone

from cases import extensions
from cases.extensions import Panel, Tab, Waiting
from cases.models import Membership, Review, Role
from cases.permissions import Permission
from themes.coding.counting import counted, sentence_start
from themes.models import LearningPoint


def register() -> None:
    extensions.tabs.append(Tab(75, "Learning", "learning", (Permission.WRITE_REPORT,)))
    extensions.panels.append(learning_panel)
    # Before the general state of a review, and after a report that waits for approval.
    extensions.waiting.insert(0, waiting_overdue)


def learning_panel(review: Review) -> list[Panel]:
    points = list(LearningPoint.objects.of(review).standing().with_follow_up())
    late = sum(point.is_overdue for point in points)
    state = sentence_start(counted(len(points), "learning point"))
    if points:
        state += f", {late or 'none'} overdue"
    return [Panel(70, "Learning", state, reverse("learning", args=[review.slug]), "See the learning points")]


def waiting_overdue(memberships: Sequence[Membership]) -> dict[int, Waiting]:
    """To the business team: how many learning points of a review are overdue."""
    team = [membership for membership in memberships if membership.role == Role.BUSINESS_TEAM]
    past = LearningPoint.objects.standing().filter(
        review__in=[membership.review_id for membership in team], due_on__lt=timezone.localdate()
    )
    late: dict[int, int] = {}
    for point in past.with_follow_up():
        late[point.review_id] = late.get(point.review_id, 0) + point.is_overdue
    return {
        membership.pk: _waiting(membership.review, late[membership.review_id])
        for membership in team
        if late.get(membership.review_id)
    }


def _waiting(review: Review, late: int) -> Waiting:
    verb = "is" if late == 1 else "are"
    address = reverse("follow_up", args=[review.slug]) + "?status=overdue"
    return Waiting(f"{counted(late, 'learning point')} {verb} overdue", address, "Follow them up")
