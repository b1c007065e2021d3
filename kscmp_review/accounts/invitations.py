"""Inviting somebody to have an account, and taking an invitation up.

The secret of the link is made when it is sent and kept as a digest only: to send again is to make a new
one, by which the earlier no longer works. Rooms above hang on `taken_up` what an invitation of theirs gives.
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from kscmp_review.accounts import actions, notices
from kscmp_review.accounts.actions import AccountRefused, check_keeps_accounts
from kscmp_review.accounts.models import Invitation, InvitationKind, User
from kscmp_review.accounts.models.invitation import GOOD_FOR
from kscmp_review.audit.record import record

# What could not be sent for so long is not sent any more.
TRIED_FOR = timedelta(days=14)
GONE = "This invitation no longer holds: it was used, withdrawn or is too old."

taken_up: list[Callable[[Invitation, User], None]] = []
"""Called in the transaction that takes an invitation up; raising AccountRefused undoes it."""


@transaction.atomic
def invite(*, email: str, kind: str, by: User) -> Invitation:
    """Invite an administrator, or somebody of the business team's office, who may have an account already."""
    check_keeps_accounts(by)
    if kind not in (InvitationKind.ADMINISTRATOR, InvitationKind.BUSINESS_TEAM):
        raise AccountRefused("Members of a review are invited by its business team.")
    known = User.objects.with_email(email).first()
    if known is not None and (kind == InvitationKind.ADMINISTRATOR or known.is_administrator):
        raise AccountRefused("An administrator needs an account of their own: this address has one already.")
    pending = Invitation.objects.pending().filter(email=email.strip().lower(), kind=kind)
    if pending.exists():
        raise AccountRefused("This address is invited already: send the invitation again, or withdraw it.")
    return issue(email=email, kind=kind, by=by)


def issue(*, email: str, kind: str, by: User) -> Invitation:
    """Write down an invitation that has been permitted, and send it once that is committed."""
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise AccountRefused("Enter an e-mail address such as name@example.org.") from error
    invitation = Invitation.objects.create(
        email=address, kind=kind, invited_by=by, expires_at=timezone.now() + GOOD_FOR
    )
    _record("invitation.made", invitation, by)
    _send_soon(invitation)
    return invitation


@transaction.atomic
def send_again(*, invitation: Invitation, by: User) -> None:
    """With a new link: the earlier one no longer works."""
    check_keeps_accounts(by)
    renew(invitation=invitation, by=by)


def renew(*, invitation: Invitation, by: User) -> None:
    """The same for whoever has been permitted. It is good for as long again."""
    _change(invitation, sent_at=None, token_digest=None, expires_at=timezone.now() + GOOD_FOR)
    _record("invitation.sent again", invitation, by)
    _send_soon(invitation)


@transaction.atomic
def withdraw(*, invitation: Invitation, by: User) -> None:
    check_keeps_accounts(by)
    take_back(invitation=invitation, by=by)


def take_back(*, invitation: Invitation, by: User) -> None:
    """Withdraw, for whoever has been permitted."""
    _change(invitation, withdrawn_at=timezone.now(), token_digest=None)
    _record("invitation.withdrawn", invitation, by)


@transaction.atomic
def take_up_anew(*, invitation: Invitation, name: str, password: str) -> User:
    """Make the account that the invitation is for, with what it gives. Raises AccountRefused."""
    account = actions.create(
        email=invitation.email,
        password=password,
        name=name,
        is_administrator=invitation.kind == InvitationKind.ADMINISTRATOR,
        opens_reviews=invitation.kind == InvitationKind.BUSINESS_TEAM,
        by=None,
    )
    _take_up(invitation, account)
    return account


@transaction.atomic
def take_up(*, invitation: Invitation, by: User) -> None:
    """Give an account that was there before what the invitation gives. Raises AccountRefused."""
    if invitation.email != by.email.lower() or invitation.kind == InvitationKind.ADMINISTRATOR:
        raise AccountRefused("This invitation is for another account.")
    if invitation.kind == InvitationKind.BUSINESS_TEAM:
        actions.let_open_reviews(account=by, by=by)
    _take_up(invitation, by)


def found(token: str) -> Invitation | None:
    """The invitation that this link opens, if any."""
    return held(digest_of(token))


def held(token_digest: str) -> Invitation | None:
    """The same by the digest that a session keeps of it."""
    good = Invitation.objects.good(timezone.now())
    invitation: Invitation | None = good.filter(token_digest=token_digest).first() if token_digest else None
    return invitation


def digest_of(token: str) -> str:
    """SHA-256: the secret has 256 bits of its own, so that nothing slower is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def deliver(invitation_id: int) -> bool:
    """Send the link, newly made, in words that say nothing of any review. Never raises for a mail server."""
    if not settings.MAIL_SERVER_CONFIGURED:
        return False
    token = secrets.token_urlsafe(32)
    unsent = Invitation.objects.unsent().filter(pk=invitation_id)
    if not unsent.update(token_digest=digest_of(token), expires_at=timezone.now() + GOOD_FOR):
        return False
    invitation = Invitation.objects.get(pk=invitation_id)
    link = settings.BASE_URL + reverse("account_invitation_link", args=[token])
    body = (
        f"You are invited to take part in {settings.SERVICE_NAME} of {settings.ORGANISATION_NAME}.\n\n"
        f"Follow this link within {GOOD_FOR.days} days; it works once:\n{link}\n\n"
        "Do you not expect this? Then there is nothing to do.\n\n"
        "It was sent automatically: replies are not read.\n"
    )
    failure = notices.send(invitation.email, "you are invited", body)
    if failure:
        unsent.update(failures=F("failures") + 1, last_failure=failure[:60])
        return False
    unsent.update(sent_at=timezone.now(), last_failure="")
    return True


def deliver_unsent() -> tuple[int, int]:
    """Try again what could not be sent: (how many were sent, how many still wait)."""
    due = Invitation.objects.unsent().filter(created_at__gt=timezone.now() - TRIED_FOR)
    tried = [deliver(invitation_id) for invitation_id in due.values_list("pk", flat=True)]
    return sum(tried), len(tried) - sum(tried)


def _take_up(invitation: Invitation, account: User) -> None:
    """Claimed by the row itself, so that of two at once one is refused."""
    claimed = Invitation.objects.good(timezone.now()).filter(
        pk=invitation.pk, token_digest=invitation.token_digest
    )
    if not claimed.update(accepted_at=timezone.now(), account=account, token_digest=None):
        raise AccountRefused(GONE)
    for give in taken_up:
        give(invitation, account)
    _record("invitation.accepted", invitation, account)


def _change(invitation: Invitation, **fields: object) -> None:
    if not Invitation.objects.pending().filter(pk=invitation.pk).update(**fields):
        raise AccountRefused(GONE)


def _send_soon(invitation: Invitation) -> None:
    # Robust: the page has done its work, whatever becomes of the e-mail.
    transaction.on_commit(partial(deliver, invitation.pk), robust=True)


def _record(action: str, invitation: Invitation, by: User) -> None:
    record(
        action,
        by=by,
        object_type="invitation",
        object_id=str(invitation.pk),
        after={"kind": invitation.kind},
    )
