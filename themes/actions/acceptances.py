"""Accepting, with a reason, what a check found in the report; and taking that back."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone

from cases.errors import Refused
from cases.lifecycle import Activity, check_stage_allows
from cases.models import Review
from cases.permissions import Permission, check_user_can
from kscmp_review.accounts.models import User
from kscmp_review.audit.record import record
from themes.models import ReportAcceptance
from themes.report.checks import Problem, outcome_of
from themes.report.document import material_of

LONGEST_REASON = 500
NO_REASON = "Enter why this may stand in the report."
GONE = "The checks do not find this any more. Look at the checks again."
NEVER = "This cannot be accepted: put it right."


def accept(*, review: Review, fingerprint: str, reason: str, by: User) -> ReportAcceptance:
    """Accept one problem as it stands now: when what was seen changes, the acceptance falls away.

    Raises Refused without a reason, for what is never accepted, and for what the checks do not find.
    """
    return accept_several(review=review, reasons={fingerprint: reason}, by=by)[0]


@transaction.atomic
def accept_several(*, review: Review, reasons: Mapping[str, str], by: User) -> list[ReportAcceptance]:
    """Accept problems by their fingerprints, each with its reason, as `accept` does: all or none."""
    review = _opened(review, by)
    outcome = outcome_of(material_of(review))
    return [
        _accept(review, outcome.problem(fingerprint), _one_paragraph(reason), by)
        for fingerprint, reason in reasons.items()
    ]


@transaction.atomic
def withdraw(*, acceptance: ReportAcceptance, by: User) -> ReportAcceptance:
    """Take an acceptance back: the problem is in the way again."""
    review = _opened(acceptance.review, by)
    standing = ReportAcceptance.objects.standing(review).filter(pk=acceptance.pk).first()
    if standing is None:
        raise Refused("This acceptance does not stand any more.")
    standing.ended_at, standing.ended_by = timezone.now(), by
    standing.save(update_fields=["ended_at", "ended_by"])
    _record("report acceptance.withdrawn", standing, by)
    return standing


def let_fall_away(*, review: Review, keeping: Iterable[ReportAcceptance]) -> int:
    """End the acceptances whose problem is no longer what was seen; how many there were.

    Called where the report is put forward, and counted in that event.
    """
    gone = ReportAcceptance.objects.filter(review=review, ended_at=None)
    ended: int = gone.exclude(pk__in=[each.pk for each in keeping]).update(ended_at=timezone.now())
    return ended


def _opened(review: Review, by: User) -> Review:
    """The review, locked: this person may accept what stands in the way of its report, now."""
    check_user_can(by, review, Permission.RELEASE_REPORT)
    review = Review.objects.select_for_update().get(pk=review.pk)
    check_stage_allows(review, Activity.DRAFT_REPORT)
    return review


def _one_paragraph(reason: str) -> str:
    reason = " ".join(reason.split())
    if not reason:
        raise Refused(NO_REASON)
    if len(reason) > LONGEST_REASON:
        raise Refused(f"A reason has at most {LONGEST_REASON} characters.")
    return reason


def _accept(review: Review, problem: Problem | None, reason: str, by: User) -> ReportAcceptance:
    if problem is None:
        raise Refused(GONE)
    if not problem.check.acceptable:
        raise Refused(NEVER)
    acceptance = ReportAcceptance.objects.create(
        review=review,
        kind=problem.check.slug,
        fingerprint=problem.fingerprint,
        sentence=problem.sentence,
        reason=reason,
        accepted_by=by,
    )
    _record("report problem.accepted", acceptance, by)
    return acceptance


def _record(action: str, acceptance: ReportAcceptance, by: User) -> None:
    record(
        action,
        by=by,
        review_id=acceptance.review_id,
        object_type="report acceptance",
        object_id=str(acceptance.pk),
        after={"check": acceptance.kind, "fingerprint": acceptance.fingerprint},
    )
