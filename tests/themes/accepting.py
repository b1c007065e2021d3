"""Accepting what the checks find, as a business team would that has looked at each."""

from cases.models import Review
from kscmp_review.accounts.models import User
from themes.actions import acceptances
from themes.models import ReportAcceptance
from themes.report.checks import outcome_of
from themes.report.document import material_of

REASON = "It has been looked at and may stand."


def accept_all(review: Review, by: User) -> list[ReportAcceptance]:
    """Every problem that may be accepted; what may not is left in the way."""
    blocking = outcome_of(material_of(review)).blocking
    reasons = {problem.fingerprint: REASON for problem in blocking if problem.check.acceptable}
    return acceptances.accept_several(review=review, reasons=reasons, by=by)


def one_left_open(review: Review, by: User) -> tuple[str, int]:
    """The fingerprint of a problem whose acceptance was taken back, and the key of one that stands.

    The newest two: what is accepted of a section's words does not change with the evidence.
    """
    standing, other = list(ReportAcceptance.objects.standing(review))[-2:]
    acceptances.withdraw(acceptance=other, by=by)
    return other.fingerprint, standing.pk
