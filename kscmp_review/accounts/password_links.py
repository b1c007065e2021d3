"""A link to set a new password, sent for an administrator to the account's own address."""

from functools import partial

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from kscmp_review.accounts import notices
from kscmp_review.accounts.actions import AccountRefused, check_keeps_accounts
from kscmp_review.accounts.models import User
from kscmp_review.accounts.recording import record_about_account


@transaction.atomic
def send(*, account: User, by: User) -> None:
    """The administrator never sees the link."""
    check_keeps_accounts(by)
    if not account.is_active:
        raise AccountRefused("This account is disabled: enable it first.")
    body = (
        "An administrator sends you this link to set a new password, within an hour; it works once:\n"
        f"{_link(account)}\n\n"
        "Until you use it your password stays as it is.\n\n"
        "It was sent automatically: replies are not read.\n"
    )
    transaction.on_commit(partial(notices.send, account.email, "set a new password", body), robust=True)
    record_about_account("account.password link sent", account, by=by)


def _link(account: User) -> str:
    """As the page of a forgotten password sends it."""
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(account)
    path = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(account), token])
    return f"{settings.BASE_URL}{path}"
