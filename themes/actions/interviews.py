"""The interview of a case: invited, agreed, done, declined or unavailable, and whether quoting was agreed."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from cases.errors import Refused
from cases.models import Case
from kscmp_review.accounts.models import User
from themes.actions.opening import check_revision, open_case, record_about_case
from themes.coding.passages import normalised
from themes.models import Interview, InterviewStatus, Passage

WITH_A_REASON = (InterviewStatus.DECLINED, InterviewStatus.UNAVAILABLE)
WITH_NOTES = (InterviewStatus.AGREED, InterviewStatus.DONE)


@transaction.atomic
def record(
    *,
    case: Case,
    status: str,
    reason: str = "",
    held_on: date | None = None,
    quoting_agreed: bool | None = None,
    revision: int = 0,
    by: User,
) -> Interview:
    """Record where the interview of a case stands; `revision` is 0 when nothing was recorded before.

    Where quoting is no longer agreed, no passage of the interview stays quotable.
    """
    case = open_case(case, by=by)
    interview = Interview.objects.filter(case=case).first() or Interview(case=case, revision=0)
    check_revision(interview.revision, revision)
    reason = normalised(reason).strip()
    _check(interview, status, reason, held_on)
    before = _fields(interview) if interview.pk else None
    interview.status, interview.status_reason = status, reason
    interview.held_on = held_on if status == InterviewStatus.DONE else None
    interview.quoting_agreed = quoting_agreed if status in WITH_NOTES else None
    interview.revision += 1
    interview.changed_by, interview.changed_at = by, timezone.now()
    interview.save()
    withdrawn = 0
    if interview.quoting_agreed is not True:
        withdrawn = Passage.objects.filter(note__interview=interview, quotable=True).update(quotable=False)
    record_about_case(
        "interview.recorded",
        case,
        by,
        object_type="interview",
        object_id=str(interview.pk),
        before=before,
        after={**_fields(interview), "no_longer_quotable": withdrawn},
    )
    return interview


def _check(interview: Interview, status: str, reason: str, held_on: date | None) -> None:
    if status not in InterviewStatus.values:
        raise Refused("Select where the interview stands.")
    if status in WITH_A_REASON and not reason:
        raise Refused("Give the reason why there is no interview, without naming anyone.")
    if status == InterviewStatus.DONE and held_on is None:
        raise Refused("Enter the date of the interview.")
    if held_on is not None and held_on > timezone.localdate():
        raise Refused("The date of the interview is in the future.")
    if status not in WITH_NOTES and interview.pk and interview.notes.exists():
        raise Refused("This interview has notes, so it has taken place: record it as agreed or done.")


def _fields(interview: Interview) -> dict[str, Any]:
    return {
        "status": interview.status,
        "held_on": interview.held_on,
        "quoting_agreed": interview.quoting_agreed,
        "revision": interview.revision,
    }
