"""A second reading of a case: its reader's tags, unseen beside the first's until both have finished."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from cases.models import Case, Review
from kscmp_review.accounts.models import User
from themes.models.finding import Finding
from themes.models.interview import InterviewNote
from themes.models.theme import Theme


class SecondReadingQuerySet(models.QuerySet["SecondReading"]):
    def of(self, review: Review) -> "SecondReadingQuerySet":
        return self.filter(case__review=review, cancelled_at=None)

    def under_way(self) -> "SecondReadingQuerySet":
        """Not called off, and not finished by both."""
        return self.filter(cancelled_at=None, compared_at=None)

    def hiding_from(self, user: User) -> "SecondReadingQuerySet":
        """Those whose first tags this person must not see yet."""
        return self.under_way().filter(second_reader=user)


class SecondReading(models.Model):
    """`first_marks` and `second_marks` are what was compared when both had finished, as
    [text, theme, start, end, words] with public ids, short names and code points.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="second_readings")
    first_reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    second_reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    first_done_at = models.DateTimeField(null=True, blank=True)
    second_done_at = models.DateTimeField(null=True, blank=True)
    compared_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    first_marks = models.JSONField(default=list)
    second_marks = models.JSONField(default=list)

    objects: ClassVar[Any] = SecondReadingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(cancelled_at=None), name="one_second_reading_a_case"
            ),
            models.CheckConstraint(
                condition=~models.Q(first_reader=models.F("second_reader")), name="two_different_readers"
            ),
            models.CheckConstraint(
                condition=models.Q(compared_at=None)
                | models.Q(first_done_at__isnull=False, second_done_at__isnull=False),
                name="compared_once_both_have_finished",
            ),
        ]

    def __str__(self) -> str:
        return f"second reading of {self.case}"

    @property
    def is_under_way(self) -> bool:
        return self.cancelled_at is None and self.compared_at is None

    def hides_from(self, user: User) -> bool:
        """Whether this person must not see the first tags yet, as `hiding_from` finds them."""
        return self.is_under_way and self.second_reader_id == user.pk


class SecondTag(models.Model):
    """One theme on `[start, end)` of a text, or on the whole of it, by the second reader."""

    reading = models.ForeignKey(SecondReading, on_delete=models.CASCADE, related_name="tags")
    finding = models.ForeignKey(Finding, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    note = models.ForeignKey(InterviewNote, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="+")
    tagged_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(finding__isnull=False, note=None)
                | models.Q(finding=None, note__isnull=False),
                name="second_tag_of_one_text",
            ),
            models.CheckConstraint(
                condition=models.Q(start=None, end=None)
                | models.Q(start__isnull=False, end__isnull=False, end__gt=models.F("start")),
                name="second_tag_is_whole_or_a_span",
            ),
        ]

    def __str__(self) -> str:
        return f"second tag {self.pk}"

    @property
    def source(self) -> Finding | InterviewNote:
        source = self.finding or self.note
        assert source is not None, "the database keeps a tag on one text"  # nosec B101
        return source


class Settlement(models.Model):
    """How one disagreement was settled; `place` is its number in the comparison."""

    reading = models.ForeignKey(SecondReading, on_delete=models.CASCADE, related_name="settlements")
    place = models.PositiveIntegerField()
    kept = models.BooleanField()
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reading", "place"], name="one_settlement_a_disagreement"),
        ]

    def __str__(self) -> str:
        return f"settlement {self.place} of {self.reading}"
