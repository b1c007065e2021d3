"""What agencies are asked to learn from the review, and how far each has come with it."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from cases.models import Review, TypedForm
from themes.models.theme import Theme


class Audience(models.TextChoices):
    HEALTH = "health", "Health"
    EDUCATION = "education", "Education"
    POLICE = "police", "Police"
    HOUSING = "housing", "Housing"
    PROBATION = "probation", "Probation"
    SUBSTANCE_MISUSE = "substance-misuse", "Substance misuse services"
    ICS = "ics", "Integrated Children’s Services (ICS)"
    UNIVERSAL = "universal-services", "Universal services"


class FollowUpStatus(models.TextChoices):
    NOT_STARTED = "not started", "Not started"
    IN_PROGRESS = "in progress", "In progress"
    DONE = "done", "Done"
    WILL_NOT = "will not be done", "Will not be done"


# Nothing more is waited for.
SETTLED = (FollowUpStatus.DONE, FollowUpStatus.WILL_NOT)


class LearningPointQuerySet(models.QuerySet["LearningPoint"]):
    def of(self, review: Review) -> "LearningPointQuerySet":
        return self.filter(review=review)

    def standing(self) -> "LearningPointQuerySet":
        """Not withdrawn: these are in the report and are followed up."""
        return self.filter(withdrawn_at=None)

    def withdrawn(self) -> "LearningPointQuerySet":
        return self.exclude(withdrawn_at=None)

    def in_order(self) -> "LearningPointQuerySet":
        return self.order_by("order")

    def with_follow_up(self) -> "LearningPointQuerySet":
        """With every step of the follow-up, oldest first, and who took it."""
        steps = FollowUp.objects.select_related("recorded_by").order_by("number")
        return self.prefetch_related(models.Prefetch("follow_ups", queryset=steps))


class LearningPoint(models.Model):
    """One thing that agencies are asked to do or to keep doing, with the themes it rests on.

    `audiences` holds values of Audience, in the order of that list. The owner is a role or an agency.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="learning_points")
    text = models.TextField()
    audiences = models.JSONField(default=list)
    owner = models.CharField(max_length=120, blank=True)
    due_on = models.DateField(null=True, blank=True)
    themes = models.ManyToManyField(Theme, related_name="learning_points", blank=True)
    order = models.PositiveIntegerField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.TextField(blank=True)
    # Raised by one at every save, so that a form opened earlier can tell that it is late.
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    history = HistoricalRecords(m2m_fields=[themes])

    objects: ClassVar[Any] = LearningPointQuerySet.as_manager()

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["review", "order"], name="one_learning_point_a_place"),
            models.CheckConstraint(condition=~models.Q(text=""), name="learning_point_has_text"),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None) | ~models.Q(withdrawn_because=""),
                name="withdrawn_learning_point_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"learning point {self.pk}"

    @property
    def audience_labels(self) -> list[str]:
        return labels_of(self.audiences)

    @property
    def last_step(self) -> "FollowUp | None":
        """The newest step; ask with_follow_up() first where there are many points."""
        steps = list(self.follow_ups.all())
        return max(steps, key=lambda step: step.number) if steps else None

    @property
    def status(self) -> FollowUpStatus:
        last = self.last_step
        return FollowUpStatus(last.status) if last else FollowUpStatus.NOT_STARTED

    @property
    def is_overdue(self) -> bool:
        late = self.due_on is not None and self.due_on < timezone.localdate()
        return late and self.status not in SETTLED


def labels_of(audiences: Iterable[str]) -> list[str]:
    """How audiences are called, in the order of the list."""
    wanted = set(audiences)
    return [label for value, label in Audience.choices if value in wanted]


class FollowUp(models.Model):
    """One step of following a learning point up; the newest says where it stands. Steps are never changed."""

    point = models.ForeignKey(LearningPoint, on_delete=models.CASCADE, related_name="follow_ups")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=20, choices=FollowUpStatus.choices)
    note = models.TextField(blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["point", "number"], name="one_follow_up_a_number"),
            models.CheckConstraint(
                condition=models.Q(status__in=FollowUpStatus.values), name="follow_up_status_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(status=FollowUpStatus.WILL_NOT) | ~models.Q(note=""),
                name="not_doing_a_learning_point_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"follow-up {self.number} of {self.point}"


class PointDraft(TypedForm):
    """One person's draft of a learning point, by the point's number, or of a "new" one."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="point_drafts")
    key = models.SlugField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "review", "key"], name="one_draft_of_a_point_a_person"),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(sealed=b""),
                name="ended_point_draft_holds_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"draft of learning point {self.key}"
