"""The index cases a review sets out from (rule 9): what they answer to, and nothing that names them."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from cases.models.case import Presence
from cases.models.profile import Characteristic
from cases.models.review import Review


class IndexCase(models.Model):
    """One case of the earlier exercise, known by its number in this review alone: it has no Liberi ID."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="index_cases")
    number = models.PositiveIntegerField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    # Raised by one at every change, so that a form filled in earlier can tell that it is late.
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="one_index_case_a_number"),
        ]

    def __str__(self) -> str:
        return f"index case {self.number}"


class IndexAnswer(models.Model):
    """One answer of an index case; a missing one is not known."""

    index_case = models.ForeignKey(IndexCase, on_delete=models.CASCADE, related_name="answers")
    characteristic = models.ForeignKey(Characteristic, on_delete=models.PROTECT, related_name="index_answers")
    presence = models.CharField(max_length=10, choices=Presence.choices, default=Presence.NOT_KNOWN)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["index_case", "characteristic"], name="one_index_answer_a_characteristic"
            ),
            models.CheckConstraint(
                condition=models.Q(presence__in=Presence.values), name="index_answer_known_word"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.characteristic}: {self.presence}"
