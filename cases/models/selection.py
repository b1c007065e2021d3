"""The selection: decisions one by one, then confirmed, and the ranking frozen as it stood."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from cases.models.case import Case
from cases.models.review import Review


class Outcome(models.TextChoices):
    SELECTED = "selected", "Selected"
    RESERVE = "reserve", "Reserve"
    NOT_SELECTED = "not selected", "Not selected"


class SelectionQuerySet(models.QuerySet["Selection"]):
    def open(self) -> "SelectionQuerySet":
        return self.filter(confirmed_at=None)

    def confirmed(self) -> "SelectionQuerySet":
        return self.exclude(confirmed_at=None)

    def standing(self) -> "SelectionQuerySet":
        """Confirmed and not reopened since."""
        return self.confirmed().filter(reopened_at=None)

    def newest_first(self) -> "SelectionQuerySet":
        return self.order_by("-number")


class Selection(models.Model):
    """One round of choosing. Confirmed, it never changes; reopening starts the next."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="selections")
    number = models.PositiveIntegerField()
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    frozen = models.JSONField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reopened_because = models.TextField(blank=True)

    objects: ClassVar[Any] = SelectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="one_selection_a_number"),
            models.UniqueConstraint(
                fields=["review"], condition=models.Q(confirmed_at=None), name="one_open_selection_a_review"
            ),
            models.UniqueConstraint(
                fields=["review"],
                condition=models.Q(confirmed_at__isnull=False, reopened_at=None),
                name="one_standing_selection_a_review",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_at=None, frozen=None, digest="")
                | (models.Q(confirmed_at__isnull=False, frozen__isnull=False) & ~models.Q(digest="")),
                name="confirmed_selection_is_frozen",
            ),
            models.CheckConstraint(
                condition=models.Q(reopened_at=None) | ~models.Q(reopened_because=""),
                name="reopening_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"selection {self.number}"


class Decision(models.Model):
    """One case's outcome, what the ranking suggested when it was decided, and why."""

    selection = models.ForeignKey(Selection, on_delete=models.CASCADE, related_name="decisions")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="decisions")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    suggested = models.CharField(max_length=3)
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["selection", "case"], name="one_decision_a_case"),
            models.CheckConstraint(condition=models.Q(outcome__in=Outcome.values), name="outcome_known"),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.outcome}"
