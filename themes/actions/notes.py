"""Interview notes: what was said to one question of the topic guide."""

from django.db import transaction
from django.utils import timezone

from cases.errors import Refused
from cases.models import Case
from kscmp_review.accounts.models import User
from themes.actions.carrying import carry_passages
from themes.actions.indexing import index
from themes.actions.interviews import WITH_NOTES
from themes.actions.opening import (
    check_revision,
    check_texts_may_change,
    open_case,
    record_about_case,
    written,
)
from themes.models import Interview, InterviewNote, TopicQuestion


@transaction.atomic
def write(*, case: Case, question: TopicQuestion, text: str, revision: int = 0, by: User) -> InterviewNote:
    """Write or change the note to one question; `revision` is 0 when there was none.

    Passages follow the edit. Raises Stale when somebody saved the note since `revision`.
    """
    case = open_case(case, by=by)
    check_texts_may_change(case)
    interview = Interview.objects.filter(case=case).first()
    if interview is None or interview.status not in WITH_NOTES:
        raise Refused("Record the interview as agreed or done before you write notes of it.")
    question = TopicQuestion.objects.get(pk=question.pk)
    if question.review_id != case.review_id:
        raise Refused("The question belongs to another review.")
    note = InterviewNote.objects.filter(interview=interview, question=question).first()
    if note is None:
        if question.retired_at is not None:
            raise Refused("This question has been retired from the topic guide.")
        note = InterviewNote(
            interview=interview, question=question, asked_as=question.text, revision=0, written_by=by
        )
    check_revision(note.revision, revision)
    old, note.text = note.text, written(text, "Enter what was said.")
    note.revision += 1
    note.changed_by, note.changed_at = by, timezone.now()
    note.save()
    index(note)
    to_look_at = carry_passages(list(note.passages.order_by("pk")), old, note.text)
    record_about_case(
        "interview note.written",
        case,
        by,
        object_type="interview note",
        object_id=note.public_id,
        before={"revision": revision},
        after={"question": question.pk, "revision": note.revision, "to_look_at": to_look_at},
    )
    return note
