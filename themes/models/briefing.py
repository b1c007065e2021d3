"""The one-page briefings fixed with a version of the report: one for all agencies, one for each audience."""

from django.db import models

from themes.models.learning_point import Audience
from themes.models.report import ReportVersion


class Briefing(models.Model):
    """`audience` is empty for all agencies. Where it did not fit on a page, `refusal` says so instead."""

    version = models.ForeignKey(ReportVersion, on_delete=models.CASCADE, related_name="briefings")
    audience = models.CharField(max_length=20, blank=True)
    html = models.TextField(blank=True)
    refusal = models.CharField(max_length=300, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "audience"], name="one_briefing_an_audience"),
            models.CheckConstraint(
                condition=models.Q(html="", refusal__gt="") | models.Q(refusal="", html__gt=""),
                name="briefing_fits_or_says_why_not",
            ),
        ]

    def __str__(self) -> str:
        return f"briefing of {self.version}"

    @property
    def audience_label(self) -> str:
        return str(Audience(self.audience).label) if self.audience else "All agencies"
