"""What a person has filled in about a case and not sent yet, so that it outlives their session."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from cases.models.case import Case
from cases.models.review import Review


class DraftQuerySet(models.QuerySet["Draft"]):
    def about(self, review: Review, case: Case | None) -> "DraftQuerySet":
        """Of a new case of the review, or of a change of `case`."""
        return self.filter(review=review, case=case)

    def unfinished(self) -> "DraftQuerySet":
        """Neither sent nor discarded."""
        return self.filter(ended_at=None)


class TypedForm(models.Model):
    """What one person has typed into a form, sealed.

    Sent or discarded, its content goes and its token stays, so that a save still on its way is told apart.
    """

    sealed = models.BinaryField()
    saved_at = models.DateTimeField(default=timezone.now)
    # Which form it was typed into, and how often it was saved: a form that is behind must not save over it.
    token = models.CharField(max_length=32)
    revision = models.PositiveIntegerField(default=1)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class Draft(TypedForm):
    """One person's draft of a new case, or of a change of one; sealed, for it holds a Liberi ID."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="drafts")
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.CASCADE, related_name="drafts")

    objects: ClassVar[Any] = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "review"],
                condition=models.Q(case=None),
                name="one_draft_of_a_new_case_a_person",
            ),
            models.UniqueConstraint(
                fields=["user", "case"],
                condition=models.Q(case__isnull=False),
                name="one_draft_of_a_change_a_person",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(sealed=b""), name="ended_draft_holds_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"
