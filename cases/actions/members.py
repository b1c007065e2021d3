"""Who takes part in a review."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from cases import drafts
from cases.actions.about_reviews import locked_to_manage
from cases.errors import Refused
from cases.models import District, Membership, Review, Role, Stage
from cases.permissions import check_user_can_manage_review
from kscmp_review.accounts.models import User
from kscmp_review.audit.record import record


@transaction.atomic
def add(*, review: Review, user: User, role: str, district: District | None = None, by: User) -> Membership:
    """Give an account a role in the review."""
    check_user_can_manage_review(by, review)
    return grant(review=review, user=user, role=role, district=district, by=by)


def grant(
    *, review: Review, user: User, role: str, district: District | None = None, by: User | None
) -> Membership:
    """Write a membership that has been permitted; `by` is None when a command on the server grants it."""
    membership = _begin(review=review, user=user, role=role, district=district)
    _record("member.added", membership, by=by, after=_fields(membership))
    return membership


def _begin(*, review: Review, user: User, role: str, district: District | None) -> Membership:
    check_role_fits(review=review, role=role, district=district)
    if user.is_administrator:
        raise Refused("An administrator takes part in no review.")
    if Membership.objects.live().filter(user=user, review=review).exists():
        raise Refused("This person has a role in the review already. End it first.")
    try:
        with transaction.atomic():
            return Membership.objects.create(user=user, review=review, role=role, district=district)
    except IntegrityError as error:
        raise Refused("This person has a role in the review already. End it first.") from error


def check_role_fits(*, review: Review, role: str, district: District | None) -> None:
    """Raises Refused for a role that the review cannot give, or not with this district."""
    if role not in Role.values:
        raise Refused("There is no such role in a review.")
    if review.stage == Stage.CLOSED and role != Role.BOARD_READER:
        raise Refused("The review is closed: only board readers can be added.")
    if (role == Role.DISTRICT_LEAD) != (district is not None):
        raise Refused("A district lead has a district, and no other role does.")
    if district is not None and district.review_id != review.pk:
        raise Refused("The district belongs to another review.")


@transaction.atomic
def change(*, membership: Membership, role: str, district: District | None = None, by: User) -> Membership:
    """Give a member another role or district: the membership they had ends, and another begins."""
    ended = _end(membership=membership, by=by)
    begun = _begin(review=ended.review, user=ended.user, role=role, district=district)
    before = {"membership": ended.pk, **_fields(ended)}
    _record("member.changed", begun, by=by, before=before, after=_fields(begun))
    return begun


@transaction.atomic
def end(*, membership: Membership, by: User) -> Membership:
    """End a membership; the last member of the business team stays."""
    ended = _end(membership=membership, by=by)
    _record("member.ended", ended, by=by, before=_fields(ended))
    return ended


def _end(*, membership: Membership, by: User) -> Membership:
    review = locked_to_manage(membership.review, by)
    membership = Membership.objects.get(pk=membership.pk)
    if membership.ended_at is not None:
        raise Refused("This membership has ended already.")
    team = Membership.objects.live().filter(review=review, role=Role.BUSINESS_TEAM, user__is_active=True)
    if membership.role == Role.BUSINESS_TEAM and team.count() == 1:
        raise Refused("A review keeps at least one member of the business team.")
    membership.ended_at = timezone.now()
    membership.save(update_fields=["ended_at"])
    drafts.end_in(review, membership.user)
    return membership


def _fields(membership: Membership) -> dict[str, object]:
    district = membership.district
    return {
        "account": membership.user_id,
        "role": membership.role,
        "district": district.name if district else None,
    }


def _record(
    action: str,
    membership: Membership,
    *,
    by: User | None,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    record(
        action,
        by=by,
        review_id=membership.review_id,
        object_type="membership",
        object_id=str(membership.pk),
        before=before,
        after=after,
    )
