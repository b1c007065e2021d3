"""A legal hold: case data that must not be erased for now, why, and by whom."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from cases.models.review import Review


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def live(self) -> "LegalHoldQuerySet":
        return self.filter(lifted_at=None)


class LegalHold(models.Model):
    """One at a time a review; lifted with a reason, never deleted."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="legal_holds")
    reason = models.TextField()
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(default=timezone.now, editable=False)
    lifted_because = models.TextField(blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = LegalHoldQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["review"], condition=models.Q(lifted_at=None), name="one_legal_hold_a_review"
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="legal_hold_has_a_reason"),
            models.CheckConstraint(
                condition=models.Q(lifted_at=None, lifted_by=None, lifted_because="")
                | (models.Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~models.Q(lifted_because="")),
                name="lifting_a_hold_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"legal hold {self.pk}"
