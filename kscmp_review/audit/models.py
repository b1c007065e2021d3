"""The audit: one row an event, no foreign keys, so that it outlives all it speaks of."""

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def of_review(self, review_id: int) -> "AuditEventQuerySet":
        return self.filter(review_id=review_id)

    def about(self, object_type: str, object_id: str) -> "AuditEventQuerySet":
        return self.filter(object_type=object_type, object_id=object_id)

    def newest_first(self) -> "AuditEventQuerySet":
        return self.order_by("-pk")


class AuditEvent(models.Model):
    """Who did what to which object, when, and the non-text fields before and after.

    Written by `record()` alone, never changed: the database itself refuses that (`guard.py`).
    """

    # The event's place in the chain: 1, 2, 3 … without a gap.
    id = models.BigIntegerField(primary_key=True, editable=False)
    at = models.DateTimeField(default=timezone.now, editable=False)
    action = models.CharField(max_length=60)
    actor_id = models.BigIntegerField(null=True)
    actor_email = models.CharField(max_length=254, blank=True)
    review_id = models.BigIntegerField(null=True)
    object_type = models.CharField(max_length=40)
    # As long as the longest short name of a review or a theme.
    object_id = models.CharField(max_length=60)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    # 64 hexadecimal digits over this event and the one before it (`chain.py`).
    mac = models.CharField(max_length=64, editable=False)

    objects: ClassVar[Any] = AuditEventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["review_id", "-id"], name="audit_review_newest"),
            models.Index(fields=["object_type", "object_id"], name="audit_object"),
        ]

    def __str__(self) -> str:
        return f"{self.words} ({self.object_type} {self.object_id})"

    @property
    def words(self) -> str:
        """The action as it reads on a page: "case submitted"."""
        return self.action.replace(".", " ")


class ChainHead(models.Model):
    """The one row that says where the chain ends; whoever adds an event holds it until they commit."""

    ONLY = 1

    events = models.BigIntegerField()
    mac = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="audit_one_chain")]

    def __str__(self) -> str:
        return f"{self.events} events"
