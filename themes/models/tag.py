"""Tags: themes attached to a passage, or the whole, of a finding or an interview note."""

from typing import Any, ClassVar, TypeAlias

from django.conf import settings
from django.db import models
from django.utils import timezone

from cases.models import Case, Review
from themes.models.finding import Finding
from themes.models.interview import InterviewNote
from themes.models.theme import Theme

# What can be tagged.
Source: TypeAlias = Finding | InterviewNote


class PassageQuerySet(models.QuerySet["Passage"]):
    def of(self, review: Review) -> "PassageQuerySet":
        return self.filter(case__review=review)

    def of_selected_cases(self, review: Review) -> "PassageQuerySet":
        return self.of(review).filter(case__withdrawn_at=None).exclude(case__letter="")

    def quotable(self) -> "PassageQuerySet":
        """Marked quotable; words of an interview only where quoting was agreed."""
        return self.filter(quotable=True, needs_look=False).filter(
            models.Q(note=None) | models.Q(note__interview__quoting_agreed=True)
        )

    def with_source(self) -> "PassageQuerySet":
        return self.select_related("finding", "note", "note__interview", "note__question", "case")


class Passage(models.Model):
    """`[start, end)` in code points of a text, or the whole of it where both are empty."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="passages")
    finding = models.ForeignKey(
        Finding, null=True, blank=True, on_delete=models.CASCADE, related_name="passages"
    )
    note = models.ForeignKey(
        InterviewNote, null=True, blank=True, on_delete=models.CASCADE, related_name="passages"
    )
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    quotable = models.BooleanField(default=False)
    memo = models.TextField(blank=True)
    # Its words changed under it: a person has to look before it counts as evidence again.
    needs_look = models.BooleanField(default=False)
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Any] = PassageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(finding__isnull=False, note=None)
                | models.Q(finding=None, note__isnull=False),
                name="passage_of_one_text",
            ),
            models.CheckConstraint(
                condition=models.Q(start=None, end=None)
                | models.Q(start__isnull=False, end__isnull=False, end__gt=models.F("start")),
                name="passage_is_whole_or_a_span",
            ),
            models.UniqueConstraint(
                fields=["finding", "start", "end"],
                condition=models.Q(finding__isnull=False),
                name="one_passage_a_span_of_a_finding",
            ),
            models.UniqueConstraint(
                fields=["note", "start", "end"],
                condition=models.Q(note__isnull=False),
                name="one_passage_a_span_of_a_note",
            ),
            models.UniqueConstraint(
                fields=["finding"],
                condition=models.Q(finding__isnull=False, start=None),
                name="one_whole_passage_a_finding",
            ),
            models.UniqueConstraint(
                fields=["note"],
                condition=models.Q(note__isnull=False, start=None),
                name="one_whole_passage_a_note",
            ),
        ]

    def __str__(self) -> str:
        return f"passage {self.pk}"

    @property
    def source(self) -> Source:
        source = self.finding or self.note
        assert source is not None, "the database keeps a passage on one text"  # nosec B101
        return source

    @property
    def words(self) -> str:
        """The words it marks."""
        return self.source.text[self.start : self.end]


class TagQuerySet(models.QuerySet["Tag"]):
    def that_count(self, review: Review) -> "TagQuerySet":
        """Of the review's selected cases, on passages that need no look: what every figure rests on."""
        return self.filter(passage__in=Passage.objects.of_selected_cases(review).filter(needs_look=False))


class Tag(models.Model):
    passage = models.ForeignKey(Passage, on_delete=models.CASCADE, related_name="tags")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="tags")
    tagged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    tagged_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Any] = TagQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["passage", "theme"], name="one_tag_a_theme"),
        ]

    def __str__(self) -> str:
        return f"{self.theme} on {self.passage}"
