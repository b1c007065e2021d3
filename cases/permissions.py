"""Who may do what: one table, Role × Permission, and the questions asked of it.

`user_can_…` answers; `check_user_can_…` raises. An outsider to a review meets NotFound (404), the same as
for a review that does not exist; an insider without the right meets NotAllowed (403).
"""

from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.http import Http404

from cases.models import Case, District, Membership, Review, Role
from cases.models.membership import MembershipQuerySet
from kscmp_review.accounts.models import User
from kscmp_review.lookups import one


class Permission(StrEnum):
    MANAGE_REVIEW = "change the review, its profile, dates and members"
    SUBMIT_ANY_DISTRICT = "submit, change or withdraw a case of any district"
    SUBMIT_OWN_DISTRICT = "submit, change or withdraw a case of one's own district"
    SEE_ALL_CASES = "see every case, selected or not"
    SELECT = "see the ranking, decide, confirm and reopen"
    SEE_SELECTED_CASES = "see the selected cases, their findings and interviews"
    SEE_LIBERI_ID = "see the Liberi ID of a case"
    WRITE_FINDINGS = "write findings and notes, tag them, keep the codebook"
    WRITE_REPORT = "write sections of the report"
    RELEASE_REPORT = "approve and release the report"
    FOLLOW_UP = "follow up what agencies are asked to learn"
    READ_RELEASED_REPORT = "read a released report"
    READ_AUDIT = "read the audit of the review"


ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.BUSINESS_TEAM: frozenset(
        {
            Permission.MANAGE_REVIEW,
            Permission.SUBMIT_ANY_DISTRICT,
            Permission.SEE_ALL_CASES,
            Permission.SELECT,
            Permission.SEE_SELECTED_CASES,
            Permission.SEE_LIBERI_ID,
            Permission.WRITE_REPORT,
            Permission.RELEASE_REPORT,
            Permission.FOLLOW_UP,
            Permission.READ_RELEASED_REPORT,
            Permission.READ_AUDIT,
        }
    ),
    Role.DISTRICT_LEAD: frozenset({Permission.SUBMIT_OWN_DISTRICT, Permission.READ_RELEASED_REPORT}),
    Role.REVIEWER: frozenset(
        {
            Permission.SEE_SELECTED_CASES,
            Permission.SEE_LIBERI_ID,
            Permission.WRITE_FINDINGS,
            Permission.WRITE_REPORT,
            Permission.READ_RELEASED_REPORT,
        }
    ),
    Role.BOARD_READER: frozenset({Permission.READ_RELEASED_REPORT}),
}


class NotAllowed(PermissionDenied):
    """An insider without the right: 403."""


class NotFound(Http404):
    """An outsider: 404, whether or not the thing exists."""


def membership_of(user: User, review: Review, *, lock: bool = False) -> Membership:
    """The person's live membership of the review; raises NotFound for an outsider.

    With `lock` its review is read anew and kept from others until the transaction ends.
    """
    memberships = Membership.objects.of(user).filter(review=review)
    if lock:
        return _found(memberships.select_related("district", "review").select_for_update(of=("review",)))
    return _found(memberships.select_related("district"))


def membership_by_slug(user: User, slug: str) -> Membership:
    """The same with its review, by the review's short name: one query for a page that needs both."""
    return _found(Membership.objects.of(user).filter(review__slug=slug).select_related("review", "district"))


def _found(memberships: MembershipQuerySet) -> Membership:
    membership = one(memberships)
    if membership is None:
        raise NotFound("no such review")
    return membership


def membership_allows(membership: Membership, permission: Permission) -> bool:
    return permission in ROLE_PERMISSIONS[membership.role]


def user_can(user: User, review: Review, permission: Permission) -> bool:
    try:
        return membership_allows(membership_of(user, review), permission)
    except NotFound:
        return False


def check_user_can(user: User, review: Review, permission: Permission, *, lock: bool = False) -> Membership:
    """The membership that grants it; raises NotFound for an outsider, NotAllowed for an insider."""
    membership = membership_of(user, review, lock=lock)
    if not membership_allows(membership, permission):
        raise NotAllowed(f"this role may not {permission.value}")
    return membership


def only_reads_reports(user: User) -> bool:
    """Board reader wherever they take part: the one role that may go without a second factor."""
    return set(Membership.objects.of(user).values_list("role", flat=True)) == {Role.BOARD_READER}


def user_can_create_reviews(user: User) -> bool:
    return user.is_active and user.opens_reviews


def check_user_can_create_reviews(user: User) -> None:
    if not user_can_create_reviews(user):
        raise NotAllowed("only the business team opens a review")


def check_user_can_manage_review(user: User, review: Review) -> Membership:
    return check_user_can(user, review, Permission.MANAGE_REVIEW)


def check_user_can_select(user: User, review: Review, *, lock: bool = False) -> Membership:
    return check_user_can(user, review, Permission.SELECT, lock=lock)


def check_user_can_submit_for(user: User, review: Review, district: District) -> Membership:
    """Business team: any district. District lead: their own; another's is, to them, not there."""
    membership = membership_of(user, review)
    if membership_allows(membership, Permission.SUBMIT_ANY_DISTRICT):
        return membership
    if not membership_allows(membership, Permission.SUBMIT_OWN_DISTRICT):
        raise NotAllowed("this role does not submit cases")
    if membership.district_id != district.pk:
        raise NotFound("no such district")
    return membership


def check_membership_can_see_case(membership: Membership, case: Case) -> Membership:
    """Business team: all. District lead: own district's. Reviewer: selected ones. Board reader: none."""
    if membership_allows(membership, Permission.SEE_ALL_CASES):
        return membership
    if membership_allows(membership, Permission.SUBMIT_OWN_DISTRICT):
        if membership.district_id == case.district_id:
            return membership
        raise NotFound("no such case")
    if membership_allows(membership, Permission.SEE_SELECTED_CASES):
        if case.letter and case.withdrawn_at is None:
            return membership
        raise NotFound("no such case")
    raise NotAllowed("this role sees no case")
