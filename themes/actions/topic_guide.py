"""The topic guide: the questions every interview of a review is led by."""

from typing import Literal

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from cases.errors import Refused, Stale
from cases.models import Review
from kscmp_review.accounts.models import User
from kscmp_review.audit.record import record
from themes.actions.opening import SAVED_SINCE, open_codebook, written
from themes.models import TopicQuestion
from themes.models.interview import LONGEST_QUESTION

EMPTY = "Enter the question."
# The second save of one change: no version of its own.
PART_OF_IT = "with it"


@transaction.atomic
def add(*, review: Review, text: str, by: User) -> TopicQuestion:
    """Add a question at the end of the guide."""
    review = open_codebook(review, by=by)
    last = review.topic_guide.aggregate(last=Max("order"))["last"] or 0
    question = TopicQuestion(review=review, order=last + 1, text=_worded(text))
    _save(question, "added", by)
    _record("question.added", question, by, after={"place": question.order})
    return question


@transaction.atomic
def change(*, question: TopicQuestion, text: str, seen: str, by: User) -> TopicQuestion:
    """Reword a question; `seen` is its wording as the form showed it: Stale when it has changed since."""
    question = _opened(question, by)
    if question.text != seen:
        raise Stale(SAVED_SINCE)
    question.text = _worded(text)
    _save(question, "reworded", by)
    _record("question.changed", question, by)
    return question


@transaction.atomic
def retire(*, question: TopicQuestion, by: User) -> TopicQuestion:
    """Ask it no more; notes that answer it stay."""
    question = _opened(question, by)
    if question.retired_at is not None:
        raise Refused("This question has been retired already.")
    question.retired_at = timezone.now()
    _save(question, "retired", by)
    _record("question.retired", question, by, after={"notes": question.notes.count()})
    return question


@transaction.atomic
def restore(*, question: TopicQuestion, by: User) -> TopicQuestion:
    """Ask it again."""
    question = _opened(question, by)
    if question.retired_at is None:
        raise Refused("This question is in the topic guide.")
    question.retired_at = None
    _save(question, "asked again", by)
    _record("question.restored", question, by)
    return question


@transaction.atomic
def move(*, question: TopicQuestion, direction: Literal["up", "down"], by: User) -> TopicQuestion:
    """Ask it before the question above it, or after the one below."""
    question = _opened(question, by)
    if question.retired_at is not None:
        raise Refused("This question has been retired.")
    asked = TopicQuestion.objects.filter(review=question.review, retired_at=None)
    if direction == "up":
        other = asked.filter(order__lt=question.order).last()
    else:
        other = asked.filter(order__gt=question.order).first()
    if other is None:
        raise Refused(f"This question cannot be moved further {direction}.")
    before = question.order
    question.order, other.order = other.order, question.order
    _save(question, "moved", by)
    _save(other, PART_OF_IT, by)
    _record("question.moved", question, by, after={"from": before, "place": question.order})
    return question


def _save(question: TopicQuestion, change: str, by: User) -> None:
    """The question with a version of the guide: what was done to it, and who did it."""
    question._change_reason = change  # type: ignore[attr-defined]  # django-simple-history reads both
    question._history_user = by  # type: ignore[attr-defined]
    question.save()


def _opened(question: TopicQuestion, by: User) -> TopicQuestion:
    open_codebook(question.review, by=by)
    return TopicQuestion.objects.select_related("review").get(pk=question.pk)


def _worded(text: str) -> str:
    text = " ".join(written(text, EMPTY).split())
    if len(text) > LONGEST_QUESTION:
        raise Refused(f"A question has at most {LONGEST_QUESTION} characters.")
    return text


def _record(
    action: str, question: TopicQuestion, by: User, *, after: dict[str, object] | None = None
) -> None:
    record(
        action,
        by=by,
        review_id=question.review.pk,
        object_type="topic question",
        object_id=str(question.pk),
        after=after,
    )
