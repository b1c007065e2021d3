"""The framework matrix: a written summary where a case meets a theme, and what was looked for in vain."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from cases.models import Case
from themes.models.theme import Theme


class Cell(models.Model):
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="cells")
    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="cells")
    summary = models.TextField(blank=True)
    looked_for_not_found = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "theme"], name="one_cell_a_case_and_theme"),
        ]

    def __str__(self) -> str:
        return f"{self.case} × {self.theme}"
