"""Making accounts, and what an account may do outside any one review."""

from functools import partial

from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from kscmp_review.accounts import notices, second_factor, sessions
from kscmp_review.accounts.models import User
from kscmp_review.accounts.recording import record_about_account


class AccountRefused(ValueError):
    """The account cannot be made so; the message is a sentence."""


@transaction.atomic
def create(
    *,
    email: str,
    password: str | None,
    name: str = "",
    is_administrator: bool = False,
    opens_reviews: bool = False,
    by: User | None,
) -> User:
    """Make an account; `by` is None when a command on the server makes it. Raises AccountRefused."""
    try:
        account = User.objects.create_user(
            email=email,
            password=password,
            name=name,
            is_administrator=is_administrator,
            opens_reviews=opens_reviews,
        )
    except ValidationError as error:
        raise AccountRefused(" ".join(error.messages)) from error
    _record("account.created", account, by)
    return account


@transaction.atomic
def let_open_reviews(*, account: User, by: User | None) -> User:
    """Make an account one of the business team's office. Raises AccountRefused for an administrator."""
    if account.is_administrator:
        raise AccountRefused("An administrator takes part in no review.")
    account.opens_reviews = True
    account.save(update_fields=["opens_reviews"])
    _record("account.changed", account, by)
    return account


@transaction.atomic
def disable(*, account: User, by: User) -> User:
    """Keep an account out from its next request on. What it did stays; nobody disables themselves."""
    check_keeps_accounts(by)
    account = User.objects.select_for_update().get(pk=account.pk)
    if account.pk == by.pk:
        raise AccountRefused("You cannot disable your own account: another administrator can.")
    if not account.is_active:
        raise AccountRefused("This account is disabled already.")
    account.is_active = False
    account.save(update_fields=["is_active"])
    sessions.end_all(account)
    _record("account.disabled", account, by)
    return account


@transaction.atomic
def enable(*, account: User, by: User) -> User:
    """Let a disabled account in again, with the password and second factor it had."""
    check_keeps_accounts(by)
    account = User.objects.select_for_update().get(pk=account.pk)
    if account.is_active:
        raise AccountRefused("This account is in use already.")
    account.is_active = True
    account.save(update_fields=["is_active"])
    _record("account.enabled", account, by)
    return account


@transaction.atomic
def reset_second_factor(*, account: User, by: User) -> User:
    """Remove every second factor: its owner, who still needs the password, sets up a new one.

    One's own is changed on one's own page, where it is asked for first.
    """
    check_keeps_accounts(by)
    account = User.objects.select_for_update().get(pk=account.pk)
    if account.pk == by.pk:
        raise AccountRefused("You cannot reset your own second factor: another administrator can.")
    with second_factor.told_together():
        removed, _ = Authenticator.objects.filter(user=account).delete()
    if not removed:
        raise AccountRefused("This account has no second factor.")
    sessions.end_all(account)
    _record("account.second factor reset", account, by)
    sentence = notices.SENTENCES["second_factor_reset"]
    transaction.on_commit(partial(notices.notify, account.email, sentence), robust=True)
    return account


def check_keeps_accounts(by: User) -> None:
    """Raises PermissionDenied for whoever is no administrator."""
    if not (by.is_active and by.is_administrator):
        raise PermissionDenied("only an administrator keeps accounts")


def _record(action: str, account: User, by: User | None) -> None:
    may = {"is_administrator": account.is_administrator, "opens_reviews": account.opens_reviews}
    record_about_account(action, account, by=by, after=may)
