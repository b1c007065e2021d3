"""What a case said at each change: the history that a district and the business team read."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from cases.models.case import Case


class CaseVersion(models.Model):
    """A case as it was saved once, never changed after; sealed, for it holds the Liberi ID of its day."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    sealed = models.BinaryField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="one_version_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.case}, version {self.number}"
