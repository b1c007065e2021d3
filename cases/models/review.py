"""A review: its purpose, its districts, how many cases are asked for and how many to select."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from cases.models.profile import ProfileLine, ProfileVersion


class Stage(models.TextChoices):
    SETTING_UP = "setting up", "Setting up"
    OPEN = "open for submissions", "Open for submissions"
    SELECTING = "selecting", "Selecting"
    REVIEWING = "reviewing", "Reviewing"
    REPORTING = "reporting", "Reporting"
    CLOSED = "closed", "Closed"


class ReviewQuerySet(models.QuerySet["Review"]):
    def newest_first(self) -> "ReviewQuerySet":
        return self.order_by("-created_at", "-pk")

    def kept_after_closing(self) -> "ReviewQuerySet":
        """Closed, with case data that has not been erased."""
        return self.filter(stage=Stage.CLOSED, erased_at=None)

    def erased(self) -> "ReviewQuerySet":
        return self.exclude(erased_at=None)


class Review(models.Model):
    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    purpose = models.TextField(blank=True)
    stage = models.CharField(max_length=20, choices=Stage.choices, default=Stage.SETTING_UP)
    opens_on = models.DateField(null=True, blank=True)
    submissions_close_on = models.DateField(null=True, blank=True)
    report_due_on = models.DateField(null=True, blank=True)
    cases_per_district = models.PositiveIntegerField(default=3)
    cases_to_select = models.PositiveIntegerField(default=6)
    minimum_matches = models.PositiveIntegerField(default=6)
    minimum_per_district = models.PositiveIntegerField(default=0)
    # How long case data is kept after closing, and on what basis it is held.
    retention_months = models.PositiveSmallIntegerField(default=12)
    lawful_basis = models.TextField(blank=True)
    # Since when the business team has been warned; how long ago decides whether erasing may happen.
    erasure_warned_on = models.DateField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    # Since when nothing of it is left in the database's files either.
    rewritten_at = models.DateTimeField(null=True, blank=True)
    # After so many months without a change the business team is asked why it is open; when it last was.
    asked_after_months = models.PositiveSmallIntegerField(default=18)
    asked_why_open_on = models.DateField(null=True, blank=True)
    # The next case's place in the order of submission; taken under the review's lock.
    next_sequence = models.PositiveBigIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Any] = ReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(stage__in=Stage.values), name="review_stage_known"),
            models.CheckConstraint(
                condition=models.Q(cases_per_district__gte=1, cases_to_select__gte=1),
                name="review_asks_for_at_least_one_case",
            ),
            models.CheckConstraint(
                condition=models.Q(retention_months__range=(1, 120)), name="retention_is_1_to_120_months"
            ),
            models.CheckConstraint(
                condition=models.Q(asked_after_months__range=(1, 120)), name="asked_after_1_to_120_months"
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at=None) | models.Q(stage=Stage.CLOSED),
                name="only_a_closed_review_is_erased",
            ),
            models.CheckConstraint(
                condition=models.Q(rewritten_at=None) | models.Q(erased_at__isnull=False),
                name="rewritten_once_erased",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def current_profile(self) -> "ProfileVersion":
        """The version by which cases are ranked now: the newest."""
        return self.profile_versions.order_by("-number")[0]

    @property
    def current_lines(self) -> "models.QuerySet[ProfileLine]":
        """The lines of the current version with their characteristics, in order: one query."""
        from cases.models.profile import ProfileLine

        newest = self.profile_versions.order_by("-number").values("pk")[:1]
        return ProfileLine.objects.filter(version=newest).select_related("characteristic")

    @property
    def deadline_passed(self) -> bool:
        """Submissions close at the end of their closing day, London time."""
        return self.submissions_close_on is not None and timezone.localdate() > self.submissions_close_on


class District(models.Model):
    """One of the review's districts, in the order in which the review names them."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="districts")
    name = models.CharField(max_length=60)
    order = models.PositiveIntegerField()

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["review", "name"], name="one_district_a_name"),
            models.UniqueConstraint(fields=["review", "order"], name="one_district_a_place"),
        ]

    def __str__(self) -> str:
        return self.name


class Slot(models.Model):
    """One place of a district's quota. A live case fills exactly one: a fourth of three has nowhere to go."""

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="slots")
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["district", "number"], name="one_slot_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.district} {self.number}"


class StageChange(models.Model):
    """One step of the review from a stage to another; a step back carries its reason."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="stage_changes")
    from_stage = models.CharField(max_length=20, choices=Stage.choices)
    to_stage = models.CharField(max_length=20, choices=Stage.choices)
    reason = models.TextField(blank=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.from_stage} → {self.to_stage}"
