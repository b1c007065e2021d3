"""Why a review that nobody has worked on for long stays open."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from cases.models.review import Review


class StayingOpen(models.Model):
    """What the business team said when it was asked; each answer is kept."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="staying_open")
    reason = models.TextField()
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="staying_open_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"staying open {self.pk}"
