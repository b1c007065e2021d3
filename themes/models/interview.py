"""Interviews with allocated social workers: the topic guide, the interview of a case, its notes."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from cases.models import Case, Review
from cases.public_ids import new_public_id

LONGEST_QUESTION = 300


class TopicQuestion(models.Model):
    """One question of the review's topic guide; retired, not deleted, once a note answers it.

    Its history is the history of the guide: what each save did stands in `history_change_reason`.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="topic_guide")
    order = models.PositiveIntegerField()
    text = models.CharField(max_length=LONGEST_QUESTION)
    retired_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text


class InterviewStatus(models.TextChoices):
    INVITED = "invited", "Invited"
    AGREED = "agreed", "Agreed"
    DONE = "done", "Done"
    DECLINED = "declined", "Declined"
    UNAVAILABLE = "unavailable", "Unavailable"


class InterviewQuerySet(models.QuerySet["Interview"]):
    def of_selected_cases(self, review: Review) -> "InterviewQuerySet":
        return self.filter(case__review=review, case__withdrawn_at=None).exclude(case__letter="")

    def done(self) -> "InterviewQuerySet":
        return self.filter(status=InterviewStatus.DONE)


class Interview(models.Model):
    """One a case, with the social worker who made the assessment. Their name is kept nowhere."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="interview")
    status = models.CharField(max_length=12, choices=InterviewStatus.choices)
    status_reason = models.TextField(blank=True)
    held_on = models.DateField(null=True, blank=True)
    # None until asked: only True lets a word of it be quoted.
    quoting_agreed = models.BooleanField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Any] = InterviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=InterviewStatus.values), name="interview_status_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=["declined", "unavailable"]) | ~models.Q(status_reason=""),
                name="no_interview_without_a_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="done") | models.Q(held_on__isnull=False),
                name="interview_done_has_a_date",
            ),
        ]

    def __str__(self) -> str:
        return f"interview of {self.case}"


class InterviewNote(models.Model):
    """What was said to one question of the topic guide."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="notes")
    question = models.ForeignKey(TopicQuestion, on_delete=models.PROTECT, related_name="notes")
    # The question as it was worded when these notes were begun; it may be reworded for later interviews.
    asked_as = models.CharField(max_length=LONGEST_QUESTION)
    text = models.TextField()
    revision = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["interview", "question"], name="one_note_a_question"),
            models.CheckConstraint(condition=~models.Q(text=""), name="note_has_text"),
            models.CheckConstraint(condition=~models.Q(asked_as=""), name="note_says_what_was_asked"),
        ]

    def __str__(self) -> str:
        return f"note {self.public_id}"
