"""The risk profile: characteristics, and the numbered versions that name, order and tier them."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from cases.models.review import Review


class Tier(models.TextChoices):
    KEY = "key", "Key"
    OF_INTEREST = "of-interest", "Of interest"


class Carried(models.TextChoices):
    """How a new characteristic came by its first answers from another's."""

    AS_THEY_ARE = "as they are", "As they are"
    ABSENT_ONLY = "absent only", "Absent stays absent, all else not known"


class Characteristic(models.Model):
    """What an answer is about. It keeps its identity through every version that names it."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="characteristics")
    slug = models.SlugField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "slug"], name="one_characteristic_a_slug"),
        ]

    def __str__(self) -> str:
        return self.slug


class ProfileVersionQuerySet(models.QuerySet["ProfileVersion"]):
    def newest_first(self) -> "ProfileVersionQuerySet":
        return self.order_by("-number")

    def with_lines(self) -> "ProfileVersionQuerySet":
        return self.prefetch_related("lines__characteristic")


class ProfileVersion(models.Model):
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="profile_versions")
    number = models.PositiveIntegerField()
    reason = models.TextField(blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Any] = ProfileVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="one_profile_version_a_number"),
            models.CheckConstraint(
                condition=models.Q(number=1) | ~models.Q(reason=""), name="profile_change_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"


class ProfileLine(models.Model):
    """A characteristic as one version words, tiers and places it."""

    version = models.ForeignKey(ProfileVersion, on_delete=models.CASCADE, related_name="lines")
    characteristic = models.ForeignKey(Characteristic, on_delete=models.PROTECT, related_name="lines")
    name = models.CharField(max_length=120)
    tier = models.CharField(max_length=12, choices=Tier.choices)
    guidance = models.TextField(blank=True)
    # Characteristics of one version that name the same problem count it more than once.
    problem = models.CharField(max_length=60, blank=True)
    # Set in the version that brought the characteristic in: whose answers it began with, and how.
    taken_from = models.ForeignKey(
        Characteristic, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    carried = models.CharField(max_length=12, choices=Carried.choices, blank=True)
    order = models.PositiveIntegerField()

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["version", "characteristic"], name="one_line_a_characteristic"),
            models.UniqueConstraint(fields=["version", "order"], name="one_line_a_place"),
            models.CheckConstraint(condition=models.Q(tier__in=Tier.values), name="line_tier_known"),
            models.CheckConstraint(
                condition=models.Q(taken_from=None, carried="")
                | models.Q(taken_from__isnull=False, carried__in=Carried.values),
                name="line_carries_answers_in_a_known_way",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def slug(self) -> str:
        return self.characteristic.slug
