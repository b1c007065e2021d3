"""Following learning points up: by the business team, step by step, also after the review has been closed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cases.actions import reviews
from cases.errors import Refused, Stale
from cases.models import Membership, Stage
from cases.permissions import NotAllowed, NotFound
from tests.themes import build_report_case as build
from themes.actions import following_up, learning
from themes.models import FollowUp, LearningPoint
from themes.report.learning_tabs import learning_panel, waiting_overdue

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def home() -> build.Reported:
    return build.reported()


@pytest.fixture
def point(home) -> LearningPoint:
    return added(home, -1)


def added(home, days: int | None) -> LearningPoint:
    due = TODAY + timedelta(days=days) if days is not None else None
    said = learning.Point("Ask early.", ["health"], "Lead midwife", due)
    return learning.add(review=home.review, point=said, by=home.reviewer)


def step(home, point: LearningPoint, status: str, note: str = "", *, seen: int = 0, by: str = "team"):
    return following_up.record_step(point=point, status=status, note=note, seen=seen, by=getattr(home, by))


def now(point: LearningPoint) -> LearningPoint:
    found: LearningPoint = LearningPoint.objects.with_follow_up().get(pk=point.pk)
    return found


def test_a_point_is_not_started_until_somebody_says_otherwise(home, point):
    assert now(point).status == "not started"
    step(home, point, "in progress", "A guide is being written.")
    step(home, point, "done", seen=1, by="second")
    found = now(point)
    assert found.status == "done"
    assert [(each.status, each.note, each.recorded_by) for each in found.follow_ups.all()] == [
        ("in progress", "A guide is being written.", home.team),
        ("done", "", home.second),
    ]


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("reviewer", NotAllowed), ("lead", NotAllowed), ("board", NotAllowed), ("outsider", NotFound)],
)
def test_the_business_team_alone_records(home, point, who, refusal):
    with pytest.raises(refusal):
        step(home, point, "done", by=who)


def test_what_will_not_be_done_needs_a_reason(home, point):
    with pytest.raises(Refused, match="why it will not be done"):
        step(home, point, "will not be done")
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUp.objects.create(point=point, number=1, status="will not be done", recorded_by=home.team)
    step(home, point, "will not be done", "Another team does it.")


@pytest.mark.parametrize(
    ("status", "note", "says"),
    [
        ("not started", "", "Nothing has changed"),
        ("perhaps", "", "Select how far"),
        ("done", "x" * 2001, "at most 2000"),
    ],
)
def test_what_a_step_may_not_be(home, point, status, note, says):
    with pytest.raises(Refused, match=says):
        step(home, point, status, note)
    assert not FollowUp.objects.exists()


def test_a_step_beside_one_that_was_taken_first_is_refused(home, point):
    step(home, point, "in progress")
    with pytest.raises(Stale):
        step(home, point, "done", by="second")
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUp.objects.create(point=point, number=1, status="done", recorded_by=home.team)


def test_a_withdrawn_point_is_not_followed_up(home, point):
    learning.withdraw(learning_point=point, because="Said twice.", revision=1, by=home.team)
    with pytest.raises(Refused, match="has been withdrawn"):
        step(home, point, "done")


def test_it_goes_on_after_the_review_has_been_closed(home, point):
    reviews.move_to_stage(review=home.review, stage=Stage.CLOSED, by=home.team)
    assert step(home, point, "done").number == 1


@pytest.mark.parametrize(
    ("days", "status", "overdue"),
    [
        (-1, None, True),
        (0, None, False),
        (None, None, False),
        (-1, "in progress", True),
        (-1, "done", False),
        (-1, "will not be done", False),
    ],
)
def test_overdue_is_what_is_past_its_date_and_still_waited_for(home, days, status, overdue):
    point = added(home, days)
    if status:
        step(home, point, status, "As told.")
    assert now(point).is_overdue is overdue
    members = list(Membership.objects.filter(review=home.review).select_related("review"))
    waiting = waiting_overdue(members)
    assert [waited.state for waited in waiting.values()] == ["1 learning point is overdue"] * 2 * overdue
    state = learning_panel(home.review)[0].state
    assert state == f"1 learning point, {'1' if overdue else 'none'} overdue"
