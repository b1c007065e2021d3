"""What an action owes by e-mail, written in the action's own transaction: both are there, or neither.

Delivery is tried once the transaction is committed; what fails is kept for `manage.py send_reminders`.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, Exists, F, Min, OuterRef, Q
from django.utils import timezone

from cases.messages.delivery import deliver_soon
from cases.models import (
    Membership,
    Message,
    MessageKind,
    Question,
    Review,
    Role,
    Slot,
    Stage,
    StageChange,
)
from cases.models.membership import MembershipQuerySet

REMIND_DAYS_BEFORE = 3


class Owed(NamedTuple):
    """One person to be told, about one district or none."""

    recipient_id: int
    district_id: int | None


def stage_changed(change: StageChange) -> None:
    """Tell every district lead when the review opens for submissions, also when it opens again."""
    if change.to_stage != Stage.OPEN:
        return
    leads = _leads().filter(review=change.review_id)
    _queue(MessageKind.OPENED, change.review_id, f"opening {change.pk}", _each(leads))


def question_asked(question: Question) -> None:
    """Tell the leads of the district that it is asked something.

    Ten questions in a row are told of once: again on another day, or once the first of them is answered.
    """
    case = question.case
    waiting = Question.objects.open().filter(case__district=case.district_id)
    first = waiting.aggregate(first=Min("pk"))["first"]
    occasion = f"questions from {first} on {timezone.localdate(question.asked_at)}"
    leads = _leads().filter(district=case.district_id)
    _queue(MessageKind.ASKED, case.review_id, occasion, _each(leads))


def cases_put_forward(review: Review, *, since: int) -> None:
    """Tell the business team which districts the cases from sequence `since` on made complete.

    A district that withdraws a case and puts another forward is complete a second time, and said so again.
    """
    new = Q(cases__review=review, cases__sequence__gte=since, cases__withdrawn_at=None)
    free = Slot.objects.filter(district=OuterRef("pk"), case=None)
    complete = (
        review.districts.filter(~Exists(free)).annotate(new=Count("cases", filter=new)).filter(new__gt=0)
    )
    districts = list(complete.values_list("pk", flat=True))
    if not districts:
        return
    team = _members().filter(review=review, role=Role.BUSINESS_TEAM).values_list("user", flat=True)
    people = list(team)
    for district in districts:
        owed = [Owed(person, district) for person in people]
        _queue(MessageKind.COMPLETE, review.pk, f"district {district} from {since}", owed)


def queue_reminders(*, today: date) -> int:
    """Owe a reminder to each lead of a district under quota whose review closes within three days.

    Once for each closing day: a run that was missed is made up for, a second run owes nothing more, and a
    day that is moved is reminded of again. Returns how many are new.
    """
    due = [
        (user, district, review, f"closing {closes}")
        for user, district, review, closes in _leads()
        .filter(
            review__stage=Stage.OPEN,
            review__submissions_close_on__range=(today, today + timedelta(days=REMIND_DAYS_BEFORE)),
        )
        .annotate(submitted=Count("district__cases", filter=Q(district__cases__withdrawn_at=None)))
        .filter(submitted__lt=F("review__cases_per_district"))
        .values_list("user", "district", "review", "review__submissions_close_on")
    ]
    owed_already = set(
        Message.objects.filter(kind=MessageKind.CLOSING, review__stage=Stage.OPEN).values_list(
            "recipient", "review", "occasion"
        )
    )
    owed = [
        Message(
            kind=MessageKind.CLOSING,
            recipient_id=user,
            district_id=district,
            review_id=review,
            occasion=occasion,
        )
        for user, district, review, occasion in due
        if (user, review, occasion) not in owed_already
    ]
    # Another run may have been quicker by a moment: the constraint has the last word.
    Message.objects.bulk_create(owed, ignore_conflicts=True, batch_size=500)
    return len(owed)


def warn_of_erasure(review: Review) -> None:
    """Tell the business team that case data goes; `erasure_warned_on` says of which warning this is."""
    team = _members().filter(review=review, role=Role.BUSINESS_TEAM).values_list("user", flat=True)
    owed = [Owed(person, None) for person in team]
    _queue(MessageKind.ERASURE, review.pk, f"erasure {review.erasure_warned_on}", owed)


def ask_why_open(review: Review) -> None:
    """Ask the business team why the review stays open; `asked_why_open_on` says which asking this is."""
    team = _members().filter(review=review, role=Role.BUSINESS_TEAM).values_list("user", flat=True)
    owed = [Owed(person, None) for person in team]
    _queue(MessageKind.LEFT_OPEN, review.pk, f"left open {review.asked_why_open_on}", owed)


def _queue(kind: str, review_id: int, occasion: str, owed: Iterable[Owed]) -> None:
    messages = [Message(kind=kind, review_id=review_id, occasion=occasion, **each._asdict()) for each in owed]
    if not messages:
        return
    Message.objects.bulk_create(messages, ignore_conflicts=True, batch_size=500)
    # Robust: the page that caused it has done its work, whatever becomes of the e-mail.
    transaction.on_commit(
        partial(deliver_soon, review_id=review_id, kind=kind, occasion=occasion), robust=True
    )


def _each(leads: Iterable[Membership]) -> list[Owed]:
    return [Owed(lead.user_id, lead.district_id) for lead in leads if lead.district_id is not None]


def _members() -> MembershipQuerySet:
    return Membership.objects.live().filter(user__is_active=True)


def _leads() -> MembershipQuerySet:
    return _members().filter(role=Role.DISTRICT_LEAD)
