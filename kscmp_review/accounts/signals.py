"""Signing in and out, failing to, and changes to how one signs in are events too."""

from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import (
    authentication_step_completed,
    password_changed,
    password_reset,
    password_set,
)
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_used
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import post_delete, post_save
from django.dispatch import Signal
from django.http import HttpRequest

from kscmp_review.accounts import notices, second_factor, sessions, stages, ways
from kscmp_review.accounts.models import User
from kscmp_review.accounts.recording import record_about_account


def connect() -> None:
    heard: list[tuple[Signal, Callable[..., None], Any]] = [
        (user_logged_in, _signed_in, None),
        (user_logged_out, _signed_out, None),
        (user_login_failed, _sign_in_failed, None),
        (authentication_step_completed, _password_confirmed, None),
        (password_changed, _password_changed, None),
        (password_set, _password_changed, None),
        (password_reset, _password_reset, None),
        # Of the rows themselves, so that event and change are there together or not at all.
        (post_save, _second_factor_added, Authenticator),
        (post_delete, _second_factor_removed, Authenticator),
        (authenticator_used, _second_factor_shown, None),
        (authentication_failed, _second_factor_failed, None),
    ]
    for signal, receiver, sender in heard:
        signal.connect(receiver, sender=sender, dispatch_uid=f"accounts {receiver.__name__} {id(signal)}")


def _signed_in(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    record_about_account("account.signed in", user, by=user, after=ways.signed_in_by(request, user))
    if getattr(request, stages.SHOWN_ELSEWHERE, False):
        second_factor.mark_shown(request, user)


def _signed_out(sender: Any, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        record_about_account("account.signed out", user, by=user)


def _sign_in_failed(sender: Any, credentials: dict[str, Any], **kwargs: Any) -> None:
    # The address typed may be anything, a password included: only a known account is named.
    email = str(credentials.get("email") or "")
    account = User.objects.with_email(email).first()
    record_about_account("account.sign-in failed", account, by=None, after={"first": ways.PASSWORD})


def _password_confirmed(sender: Any, request: HttpRequest, user: User, method: str, **kwargs: Any) -> None:
    """Somebody signed in gave their password again. Second factors tell of themselves."""
    if method == "password" and kwargs.get("reauthenticated"):
        record_about_account("account.identity confirmed", user, by=user, after={"first": ways.PASSWORD})


def _password_changed(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    record_about_account("account.password changed", user, by=user)
    sessions.end_others(request, user)


def _password_reset(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    record_about_account("account.password reset", user, by=None)
    sessions.end_all(user)


def _second_factor_added(sender: Any, instance: Authenticator, created: bool, **kwargs: Any) -> None:
    if not created:
        return
    if second_factor.is_told_by_itself():
        record_about_account(
            "account.second factor added", instance.user, by=_acting(), after={"kind": instance.type}
        )
    request = context.request
    if request is not None and request.user == instance.user:
        sessions.end_others(request, instance.user)
        if instance.type != Authenticator.Type.RECOVERY_CODES:
            second_factor.mark_shown(request, instance.user)
            # To see the recovery codes made with it one need not say again who one is.
            record_authentication(request, instance.user, "mfa", type=instance.type, reauthenticated=True)


def _second_factor_removed(sender: Any, instance: Authenticator, **kwargs: Any) -> None:
    if second_factor.is_told_by_itself():
        record_about_account(
            "account.second factor removed", instance.user, by=_acting(), before={"kind": instance.type}
        )
    request = context.request
    if request is not None and request.user == instance.user:
        sessions.end_others(request, instance.user)


def _second_factor_shown(
    sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    """At sign-in the event of that says by what."""
    second_factor.mark_shown(request, user)
    if kwargs.get("reauthenticated"):
        shown = {"second": ways.KINDS[authenticator.type]}
        record_about_account("account.identity confirmed", user, by=user, after=shown)
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        notices.notify(user.email, notices.SENTENCES["recovery_code_used"])


def _second_factor_failed(sender: Any, user: User, **kwargs: Any) -> None:
    # A wrong code may have been meant for one of an app or for a recovery code.
    record_about_account("account.second factor failed", user, by=None, after={"second": "code"})


def _acting() -> User | None:
    """Who is signed in, where a page is asked for at all."""
    user = getattr(context.request, "user", None)
    return user if isinstance(user, User) else None
