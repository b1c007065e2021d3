"""Showing a Liberi ID: to the business team, and to a reviewer on request with a reason. Always on record."""

from django.db import transaction

from cases.actions.submissions import record_case
from cases.errors import Refused
from cases.models import Case, Reveal
from cases.permissions import (
    Permission,
    check_membership_can_see_case,
    check_user_can,
    membership_allows,
)
from kscmp_review.accounts.models import User


@transaction.atomic
def reveal(*, case: Case, reason: str = "", by: User) -> str:
    """The Liberi ID of a case; raises Refused where the person owes a reason and gives none."""
    membership = check_user_can(by, case.review, Permission.SEE_LIBERI_ID)
    check_membership_can_see_case(membership, case)
    if not membership_allows(membership, Permission.SEE_ALL_CASES) and not reason.strip():
        raise Refused("Say why you need to see the Liberi ID.")
    Reveal.objects.create(case=case, user=by, reason=reason.strip())
    record_case("case.liberi id shown", case, by)
    return case.liberi_id
