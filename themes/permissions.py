"""Who may read and write what reviewers find: the table of `cases.permissions`, in this floor's words."""

from cases.models import Case, Membership, Review
from cases.permissions import Permission, check_membership_can_see_case, check_user_can
from kscmp_review.accounts.models import User


def check_user_can_write_findings(user: User, review: Review) -> Membership:
    """Reviewers alone write findings and notes, tag them and keep the codebook."""
    return check_user_can(user, review, Permission.WRITE_FINDINGS)


def check_user_can_write_about(user: User, case: Case) -> Membership:
    """A reviewer writes about selected cases only; any other case is, to them, not there."""
    return check_membership_can_see_case(check_user_can_write_findings(user, case.review), case)
