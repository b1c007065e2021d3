"""The report: sections as they are written, and versions as two people release them."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from cases.models import Review, TypedForm
from themes.models.acceptance import ReportAcceptance


class ReportTemplate(models.Model):
    """The sections a review's report is laid out with; a review without one has the standard list.

    `sections` holds, in order, {"key", "heading", "guidance", "text"}: guidance is shown to whoever writes
    and never printed, text is what the section begins with.
    """

    review = models.OneToOneField(Review, on_delete=models.CASCADE, related_name="report_template")
    sections = models.JSONField()
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"report template of {self.review}"


class ReportSection(models.Model):
    """One written part of the report. `body` is Markdown with live counts in double braces."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="report_sections")
    key = models.SlugField(max_length=60)
    heading = models.CharField(max_length=120)
    body = models.TextField(blank=True)
    order = models.PositiveIntegerField()
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    history = HistoricalRecords()

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["review", "key"], name="one_section_a_key"),
            models.UniqueConstraint(fields=["review", "order"], name="one_section_a_place"),
        ]

    def __str__(self) -> str:
        return self.heading


class SectionDraft(TypedForm):
    """One person's draft of a section, by the section's key: it outlives a section that is removed."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="section_drafts")
    key = models.SlugField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "review", "key"], name="one_draft_of_a_section_a_person"),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(sealed=b""),
                name="ended_section_draft_holds_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"draft of section {self.key}"


class ReportVersionQuerySet(models.QuerySet["ReportVersion"]):
    def released(self) -> "ReportVersionQuerySet":
        return self.exclude(released_at=None)

    def proposed(self) -> "ReportVersionQuerySet":
        """Put forward for approval, neither released nor overtaken by a later edit."""
        return self.filter(released_at=None, overtaken_at=None)

    def newest_first(self) -> "ReportVersionQuerySet":
        return self.order_by("-number")


class ReportVersion(models.Model):
    """The report as it stood when it was put forward: its HTML is fixed, and released by two approvals."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="report_versions")
    number = models.PositiveIntegerField()
    html = models.TextField()
    annex = models.JSONField(default=list)
    # Every live count as it read then: token → [what it counts, its words].
    figures = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    # What the checks had found and the business team had accepted when it was put forward.
    accepted = models.ManyToManyField(ReportAcceptance, related_name="versions", blank=True)
    authors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now, editable=False)
    overtaken_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = ReportVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="one_report_version_a_number"),
            models.UniqueConstraint(
                fields=["review"],
                condition=models.Q(released_at=None, overtaken_at=None),
                name="one_proposed_report_a_review",
            ),
        ]

    def __str__(self) -> str:
        return f"report version {self.number}"


class ReportFile(models.Model):
    """A released version in one format, byte for byte as it is given away; `digest` is SHA-256, in hex."""

    version = models.ForeignKey(ReportVersion, on_delete=models.CASCADE, related_name="files")
    file_format = models.CharField(max_length=20)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "file_format"], name="one_report_file_a_format"),
        ]

    def __str__(self) -> str:
        return f"{self.version} as {self.file_format}"


class Approval(models.Model):
    version = models.ForeignKey(ReportVersion, on_delete=models.CASCADE, related_name="approvals")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "approved_by"], name="one_approval_a_person"),
        ]

    def __str__(self) -> str:
        return f"approval of {self.version}"
