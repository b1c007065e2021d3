"""The codebook: themes in two strands and two levels."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from cases.models import Characteristic, Review


class Strand(models.TextChoices):
    DESK_TOP = "desk-top review", "Desk-top review"
    FEEDBACK = "feedback from professionals", "Feedback from professionals"


class ThemeQuerySet(models.QuerySet["Theme"]):
    def of(self, review: Review) -> "ThemeQuerySet":
        return self.filter(review=review)

    def in_use(self) -> "ThemeQuerySet":
        """Not retired: these can be tagged with."""
        return self.filter(retired_at=None)

    def in_strand(self, strand: str) -> "ThemeQuerySet":
        return self.filter(strand=strand)

    def in_codebook_order(self) -> "ThemeQuerySet":
        """Desk-top review first, each theme before its sub-themes."""
        return self.order_by(
            "strand",
            models.functions.Coalesce("parent__order", "order"),
            models.functions.Coalesce("parent_id", "pk"),
            models.F("parent_id").asc(nulls_first=True),
            "order",
            "pk",
        )


class Theme(models.Model):
    """One entry of the codebook. A circular theme restates a characteristic the cases were chosen for."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="themes")
    slug = models.SlugField(max_length=60)
    strand = models.CharField(max_length=30, choices=Strand.choices)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="sub_themes"
    )
    name = models.CharField(max_length=120)
    definition = models.TextField(blank=True)
    when_to_use = models.TextField(blank=True)
    example = models.TextField(blank=True)
    memo = models.TextField(blank=True)
    order = models.PositiveIntegerField(default=0)
    restates = models.ForeignKey(
        Characteristic, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    retired_at = models.DateTimeField(null=True, blank=True)
    # Where its tags went; they come back when the merge is undone.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_themes"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # Raised by one at every save, so that a form opened earlier can tell that it is late.
    revision = models.PositiveIntegerField(default=1)
    history = HistoricalRecords()

    objects: ClassVar[Any] = ThemeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "slug"], name="one_theme_a_slug"),
            models.UniqueConstraint(fields=["review", "strand", "name"], name="one_theme_a_name_in_a_strand"),
            models.CheckConstraint(condition=models.Q(strand__in=Strand.values), name="strand_known"),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")) | models.Q(parent=None),
                name="theme_not_its_own_parent",
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into=None) | models.Q(retired_at__isnull=False),
                name="merged_theme_is_retired",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_circular(self) -> bool:
        return self.restates_id is not None
