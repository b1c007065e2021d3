"""A finding: what a reviewer writes about one case from one kind of record."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from cases.models import Case, Review
from cases.public_ids import new_public_id


class RecordKind(models.TextChoices):
    ASSESSMENT = "C&F assessment", "C&F assessment"
    AGENCY_CHECK = "agency check", "Agency check"
    CASE_NOTE = "case note", "Case note"
    FGC_REFERRAL = "FGC referral", "FGC referral"
    SUPERVISION = "supervision record", "Supervision record"
    CHRONOLOGY = "chronology", "Chronology"
    OTHER = "other", "Other"


class Expectation(models.TextChoices):
    REQUIRED = "required", "Required by procedure"
    EXPECTED = "expected", "Expected"
    BEYOND = "beyond", "Beyond what is expected"


class Quality(models.TextChoices):
    STRENGTH = "strength", "Strength"
    COULD_BE_BETTER = "could be better", "Could be better"


class FindingQuerySet(models.QuerySet["Finding"]):
    def of(self, review: Review) -> "FindingQuerySet":
        return self.filter(case__review=review)

    def of_selected_cases(self, review: Review) -> "FindingQuerySet":
        return self.of(review).filter(case__withdrawn_at=None).exclude(case__letter="")


class Finding(models.Model):
    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="findings")
    record_kind = models.CharField(max_length=20, choices=RecordKind.choices)
    record_date = models.DateField(null=True, blank=True)
    expectation = models.CharField(max_length=10, choices=Expectation.choices)
    quality = models.CharField(max_length=20, choices=Quality.choices)
    text = models.TextField()
    # Raised by one at every save, so that a form opened earlier can tell that it is late.
    revision = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    history = HistoricalRecords()

    objects: ClassVar[Any] = FindingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(record_kind__in=RecordKind.values), name="record_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(expectation__in=Expectation.values), name="expectation_known"
            ),
            models.CheckConstraint(condition=models.Q(quality__in=Quality.values), name="quality_known"),
            models.CheckConstraint(condition=~models.Q(text=""), name="finding_has_text"),
        ]

    def __str__(self) -> str:
        return f"finding {self.public_id}"
