"""Showing a second factor: a code is taken once, and wrong ones slow the account and the client address."""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.forms import (
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms
from django.db import transaction

from kscmp_review.accounts import brakes, ways
from kscmp_review.accounts.models import User
from kscmp_review.accounts.recording import record_about_account


def guess(user: User) -> Callable[[], None]:
    """Count a try at this account's second factor, or refuse it; what is returned takes the try back.

    allauth would forget all tries of the client address, too, as soon as one person there is right.
    """
    usage = ratelimit.consume(
        context.request, app="allauth.account", action="login_failed", key=f"second-factor-{user.pk}"
    )
    if usage is None:
        brakes.held_back(context.request, action="login_failed", account=user)
        raise get_account_adapter().validation_error("too_many_login_attempts")
    take_back: Callable[[], None] = usage.rollback
    return take_back


def step_of(secret: str, code: str) -> int | None:
    """The time step whose code this is, of those that the clock allows (RFC 6238, 5.2)."""
    for step in totp.yield_hotp_counters_from_time():
        if compare_user_code(actual=code, expected=totp.format_hotp_value(totp.hotp_value(secret, step))):
            return int(step)
    return None


@transaction.atomic
def spend(authenticator: Authenticator, code: str) -> bool:
    """Take a code of an authenticator app: never the same step twice, nor one before it."""
    kept = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    step = step_of(get_adapter().decrypt(kept.data["secret"]), code)
    if step is None or step <= kept.data.get("last_step", -1):
        return False
    kept.data["last_step"] = step
    kept.save(update_fields=["data"])
    return True


class _TakenOnce(forms.Form):
    user: User

    def clean_code(self) -> str:
        take_back = guess(self.user)
        code: str = self.cleaned_data["code"]
        own = Authenticator.objects.filter(user=self.user).exclude(type=Authenticator.Type.WEBAUTHN)
        for each in own.order_by("-type"):  # the app before recovery codes
            taken = (
                spend(each, code) if each.type == Authenticator.Type.TOTP else each.wrap().validate_code(code)
            )
            if taken:
                each.user = self.user
                self.authenticator = each
                take_back()
                return code
        if first := own.first():
            self._emit_authentication_failed(first)  # type: ignore[attr-defined]  # of allauth's forms
        raise get_adapter().validation_error("incorrect_code")


class CodeForm(_TakenOnce, AuthenticateForm):
    pass


class CodeAgainForm(_TakenOnce, ReauthenticateForm):
    pass


class AuthenticatorAppForm(ActivateTOTPForm):
    """Adding an app. Until it is added its secret waits in the session, sealed there too."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        forms.Form.__init__(self, *args, **kwargs)
        self.user = user
        session, adapter = context.request.session, get_adapter()
        sealed = session.get(totp.SECRET_SESSION_KEY) if self.is_bound else None
        self.secret = adapter.decrypt(sealed) if sealed else totp.generate_totp_secret()
        if not sealed:
            session[totp.SECRET_SESSION_KEY] = adapter.encrypt(self.secret)

    def clean_code(self) -> str:
        take_back = guess(self.user)
        code: str = self.cleaned_data["code"]
        if step_of(self.secret, code) is None:
            raise get_adapter().validation_error("incorrect_code")
        take_back()
        return code


class _PasskeyOnce(forms.Form):
    user: User | None

    def clean_credential(self) -> Authenticator:
        credential = self.cleaned_data["credential"]
        webauthn.parse_authentication_response(credential)
        assert self.user is not None  # nosec B101  # a sign-in by passkey alone has a form of its own
        take_back = guess(self.user)
        try:
            authenticator = webauthn.complete_authentication(self.user, credential)
        except forms.ValidationError:
            record_about_account(
                "account.second factor failed", self.user, by=None, after={"second": ways.PASSKEY}
            )
            raise
        take_back()
        return authenticator


class PasskeyForm(_PasskeyOnce, AuthenticateWebAuthnForm):
    pass


class PasskeyAgainForm(_PasskeyOnce, ReauthenticateWebAuthnForm):
    pass


class PasskeyAloneForm(LoginWebAuthnForm):
    """Whose it would be is told by the browser alone, so that a failure names no account."""

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except forms.ValidationError:
            record_about_account("account.sign-in failed", None, by=None, after={"first": ways.PASSKEY})
            raise
