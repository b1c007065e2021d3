"""What a check found in the report and the business team accepted with a reason."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from cases.models import Review


class ReportAcceptanceQuerySet(models.QuerySet["ReportAcceptance"]):
    def standing(self, review: Review) -> "ReportAcceptanceQuerySet":
        """Neither withdrawn nor fallen away, oldest first."""
        return self.filter(review=review, ended_at=None).select_related("accepted_by").order_by("pk")


class ReportAcceptance(models.Model):
    """What a check found, accepted with a reason. It holds for what was seen and falls away with it.

    `fingerprint` is that of the problem. It ends by the hand of `ended_by`; without a hand it fell away.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="report_acceptances")
    # The slug of the check.
    kind = models.SlugField(max_length=40)
    fingerprint = models.CharField(max_length=64)
    sentence = models.TextField()
    reason = models.TextField()
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects: ClassVar[Any] = ReportAcceptanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review", "fingerprint"],
                condition=models.Q(ended_at=None),
                name="one_standing_acceptance_a_problem",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="no_acceptance_without_a_reason"),
            models.CheckConstraint(
                condition=models.Q(ended_by=None) | models.Q(ended_at__isnull=False),
                name="acceptance_ended_by_has_a_date",
            ),
        ]

    def __str__(self) -> str:
        return f"acceptance of {self.kind}"
