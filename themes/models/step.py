"""A reshaping of the codebook, kept so that it can be undone."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from cases.models import Review
from themes.models.theme import Theme


class StepKind(models.TextChoices):
    MERGE = "merge", "Merge"
    SPLIT = "split", "Split"


class CodebookStep(models.Model):
    """`theme` merged into `other`, or `other` split off `theme`; which tags that moved, made or took away.

    `moved` and `added` hold primary keys of tags; `dropped` the tags that would have stood twice, as
    [passage, who tagged, when]; `summaries` the cells of `other` that took up a text, as
    [cell, its revision after, its text before].
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="codebook_steps")
    kind = models.CharField(max_length=10, choices=StepKind.choices)
    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="+")
    moved = models.JSONField(default=list)
    added = models.JSONField(default=list)
    dropped = models.JSONField(default=list)
    summaries = models.JSONField(default=list)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(default=timezone.now, editable=False)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=StepKind.values), name="step_kind_known"),
            models.CheckConstraint(
                condition=~models.Q(theme=models.F("other")), name="step_is_between_two_themes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.theme}"
