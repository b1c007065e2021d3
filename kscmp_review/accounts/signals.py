"""Signing in and out, and failing to, are events too."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from kscmp_review.accounts.models import User
from kscmp_review.audit.record import record


def connect() -> None:
    user_logged_in.connect(_signed_in, dispatch_uid="audit_signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="audit_signed_out")
    user_login_failed.connect(_sign_in_failed, dispatch_uid="audit_sign_in_failed")


def _signed_in(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    record("account.signed in", by=user, object_type="account", object_id=str(user.pk))


def _signed_out(sender: Any, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        record("account.signed out", by=user, object_type="account", object_id=str(user.pk))


def _sign_in_failed(sender: Any, credentials: dict[str, Any], **kwargs: Any) -> None:
    # The address typed may be anything, a password included: only a known account is named.
    email = str(credentials.get("email") or "")
    account = User.objects.with_email(email).first()
    record(
        "account.sign-in failed",
        by=None,
        object_type="account",
        object_id=str(account.pk) if account else "unknown",
    )
