"""That a kind of record was read and left nothing to write, or was not there to be read."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from cases.models import Case
from themes.models.finding import RecordKind


class ReadOutcome(models.TextChoices):
    NOTHING = "nothing to note", "Read, nothing to note"
    NO_RECORD = "no such record", "No such record"


class RecordRead(models.Model):
    """One reviewer, one case, one kind of record; a finding says the same without such a mark."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="records_read")
    record_kind = models.CharField(max_length=20, choices=RecordKind.choices)
    outcome = models.CharField(max_length=20, choices=ReadOutcome.choices)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "record_kind", "read_by"], name="one_mark_a_record_and_reviewer"
            ),
            models.CheckConstraint(
                condition=models.Q(record_kind__in=RecordKind.values), name="read_record_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__in=ReadOutcome.values), name="read_outcome_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.record_kind}"
