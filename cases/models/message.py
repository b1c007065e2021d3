"""A message: one e-mail that an action owes to one person, kept until a mail server has taken it."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone

from cases.models.case import Case, Question
from cases.models.membership import Membership
from cases.models.review import District, Review

# Longer than one message can take; a claim older than this was left behind by a process that died.
CLAIM_LASTS = timedelta(minutes=15)


class MessageKind(models.TextChoices):
    OPENED = "review opened", "The review is open for submissions"
    CLOSING = "submissions close soon", "Submissions close soon"
    ASKED = "question asked", "The district is asked something"
    COMPLETE = "district complete", "A district has put forward all its cases"
    ERASURE = "erasure due", "Case data is erased soon"
    LEFT_OPEN = "review left open", "The review is left open"


class MessageState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    NOT_NEEDED = "not needed", "No longer needed"


ABOUT_THE_REVIEW = (MessageKind.ERASURE, MessageKind.LEFT_OPEN)
UNSENT = models.Q(state__in=(MessageState.WAITING, MessageState.SENDING))


class MessageQuerySet(models.QuerySet["Message"]):
    def of(self, review: Review) -> "MessageQuerySet":
        return self.filter(review=review)

    def unsent(self) -> "MessageQuerySet":
        return self.filter(UNSENT)

    def numbers(self) -> dict[str, int]:
        """How many are "sent" and "unsent", in one query."""
        return self.aggregate(
            sent=models.Count("pk", filter=models.Q(state=MessageState.SENT)),
            unsent=models.Count("pk", filter=UNSENT),
        )

    def claimable(self, now: datetime) -> "MessageQuerySet":
        """Waiting, or claimed so long ago that whoever claimed it must have died."""
        left_behind = models.Q(state=MessageState.SENDING, claimed_at__lt=now - CLAIM_LASTS)
        return self.filter(models.Q(state=MessageState.WAITING) | left_behind)

    def unsent_first(self) -> "MessageQuerySet":
        """What still has to be sent, then the rest; the newest first in each."""
        place = models.Case(models.When(UNSENT, then=0), default=1)
        return self.order_by(place, "-pk")

    def with_need(self) -> "MessageQuerySet":
        """Each with what tells whether it is still needed: see `cases.messages.need`."""
        member = Membership.objects.live().filter(
            review=models.OuterRef("review"), user=models.OuterRef("recipient"), user__is_active=True
        )
        asked = Question.objects.waiting().filter(case__district=models.OuterRef("district"))
        cases = (
            Case.objects.live()
            .filter(district=models.OuterRef("district"))
            .order_by()
            .values("district")
            .annotate(number=models.Count("pk"))
            .values("number")
        )
        told: dict[str, Any] = {
            "recipient_role": models.Subquery(member.values("role")[:1]),
            "recipient_district": models.Subquery(member.values("district")[:1]),
            "has_open_question": models.Exists(asked),
            "submitted": Coalesce(models.Subquery(cases), 0),
        }
        return self.select_related("review", "district", "recipient").annotate(**told)


class Message(models.Model):
    """It holds no text: the words are written when it is sent, from what holds then.

    `occasion` names what caused it ("opening 12", "closing 2022-02-28"), so that it is owed once only.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="messages")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # Whom or what it is about: a district lead's own district, or the one that is complete; or none.
    district = models.ForeignKey(District, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=25, choices=MessageKind.choices)
    occasion = models.CharField(max_length=60)
    state = models.CharField(max_length=12, choices=MessageState.choices, default=MessageState.WAITING)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    # Attempts that failed, and the name of the last failure's class: its text may hold an address.
    failures = models.PositiveIntegerField(default=0)
    last_failure = models.CharField(max_length=60, blank=True)

    # There where it was read `with_need`: the recipient's live role and its district, the district's state.
    recipient_role: str | None
    recipient_district: int | None
    has_open_question: bool
    submitted: int

    objects: ClassVar[Any] = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review", "kind", "occasion", "recipient"], name="one_message_an_occasion"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=MessageState.values), name="message_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=MessageKind.values), name="message_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=ABOUT_THE_REVIEW, district=None)
                | (~models.Q(kind__in=ABOUT_THE_REVIEW) & models.Q(district__isnull=False)),
                name="message_is_about_a_district_or_the_review",
            ),
            models.CheckConstraint(
                condition=models.Q(state=MessageState.SENT, sent_at__isnull=False)
                | (~models.Q(state=MessageState.SENT) & models.Q(sent_at=None)),
                name="sent_message_has_its_time",
            ),
        ]
        indexes = [
            models.Index(fields=["state"], name="message_unsent", condition=UNSENT),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}: {self.kind}"
