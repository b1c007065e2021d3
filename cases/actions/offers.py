"""Inviting somebody to a review, by their e-mail address. Whether they have an account is told to nobody."""

from django.db import transaction

from cases.actions import members
from cases.actions.about_reviews import locked_to_manage
from cases.errors import Refused
from cases.models import District, Membership, Offer, Review
from cases.permissions import check_user_can_manage_review
from kscmp_review.accounts import invitations
from kscmp_review.accounts.actions import AccountRefused
from kscmp_review.accounts.models import Invitation, InvitationKind, User
from kscmp_review.audit.record import record


@transaction.atomic
def make(*, review: Review, email: str, role: str, district: District | None = None, by: User) -> Offer:
    """Invite an address to a role; the membership begins when the invitation is taken up."""
    review = locked_to_manage(review, by)
    members.check_role_fits(review=review, role=role, district=district)
    address = email.strip().lower()
    if Membership.objects.live().filter(review=review, user__email__iexact=address).exists():
        raise Refused("This person has a role in the review already: change it in the list of members.")
    if Offer.objects.of(review).pending().filter(invitation__email=address).exists():
        raise Refused("This address is invited already: send the invitation again, or withdraw it.")
    try:
        invitation = invitations.issue(email=address, kind=InvitationKind.MEMBER, by=by)
    except AccountRefused as refusal:
        raise Refused(str(refusal)) from refusal
    offer = Offer.objects.create(invitation=invitation, review=review, role=role, district=district)
    _record("member.invited", offer, by)
    return offer


@transaction.atomic
def send_again(*, offer: Offer, by: User) -> Offer:
    check_user_can_manage_review(by, offer.review)
    try:
        invitations.renew(invitation=offer.invitation, by=by)
    except AccountRefused as refusal:
        raise Refused(str(refusal)) from refusal
    _record("member.invited again", offer, by)
    return offer


@transaction.atomic
def withdraw(*, offer: Offer, by: User) -> Offer:
    check_user_can_manage_review(by, offer.review)
    try:
        invitations.take_back(invitation=offer.invitation, by=by)
    except AccountRefused as refusal:
        raise Refused(str(refusal)) from refusal
    _record("member.invitation withdrawn", offer, by)
    return offer


@transaction.atomic
def accept(*, offer: Offer, by: User) -> Offer:
    """Take up an offer from the home page, without the link: the account's address is the one invited."""
    try:
        invitations.take_up(invitation=offer.invitation, by=by)
    except AccountRefused as refusal:
        raise Refused(str(refusal)) from refusal
    return offer


def give(invitation: Invitation, account: User) -> None:
    """What taking up an invitation gives here: the membership. Raises AccountRefused to undo it all."""
    offer = Offer.objects.filter(invitation=invitation).select_related("review", "district").first()
    if offer is None:
        return
    try:
        members.grant(review=offer.review, user=account, role=offer.role, district=offer.district, by=account)
    except Refused as refusal:
        raise AccountRefused(str(refusal)) from refusal


def _record(action: str, offer: Offer, by: User) -> None:
    record(
        action,
        by=by,
        review_id=offer.review_id,
        object_type="invitation",
        object_id=str(offer.invitation_id),
        after={"role": offer.role, "district": offer.district.name if offer.district else None},
    )
