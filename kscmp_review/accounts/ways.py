"""By which factors somebody signed in or confirmed who they are: fixed words, fit for the audit."""

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from kscmp_review.accounts import stages
from kscmp_review.accounts.models import User
from kscmp_review.audit.models import AuditEvent

PASSWORD, PASSKEY, NONE = "password", "passkey", "none"
FIRST = {PASSWORD: "password", PASSKEY: "passkey", "work account": "account at work"}
SECOND = {
    "app": "authenticator app",
    PASSKEY: "passkey",
    "recovery code": "recovery code",
    "code": "code",
    "provider": "second factor of the provider",
}
PAGES = {
    "account_login": "signing in",
    "account_reauthenticate": "confirming by password",
    "account_reset_password": "asking for a link",
    "account_reset_password_from_key": "setting a password by a link",
    "account_change_password": "changing the password",
    "account_set_password": "setting a password",
    "account_invitation_link": "opening an invitation",
    "mfa_authenticate": "showing a second factor",
    "mfa_activate_totp": "adding an authenticator app",
    "mfa_login_webauthn": "signing in by a passkey",
    "mfa_reauthenticate": "confirming by code",
    "mfa_reauthenticate_webauthn": "confirming by passkey",
}
"""Where tries are counted."""
METHODS = {"password": PASSWORD, "socialaccount": "work account"}
"""allauth's name of a method → ours."""
KINDS = {
    str(Authenticator.Type.TOTP): "app",
    str(Authenticator.Type.WEBAUTHN): PASSKEY,
    str(Authenticator.Type.RECOVERY_CODES): "recovery code",
}


def signed_in_by(request: HttpRequest, user: User) -> dict[str, str]:
    """What was shown at this sign-in, the last of each where something was tried again.

    {"first": "password", "second": "app"}; "second" is "none" where the first was enough. {} where nobody
    showed anything, as when a command signs somebody in.
    """
    first, second = "", NONE
    for shown in get_authentication_records(request, user):
        if shown["method"] != "mfa":
            first, second = METHODS.get(shown["method"], ""), NONE
        elif shown.get("passwordless"):
            first, second = KINDS[shown["type"]], NONE
        else:
            second = KINDS[shown["type"]]
    if getattr(request, stages.SHOWN_ELSEWHERE, False):
        second = "provider"
    return {"first": first, "second": second} if first else {}


def in_words(event: AuditEvent) -> str:
    """How it was done, where the event says so: "password and authenticator app", "when signing in"."""
    told = {**event.before, **event.after}
    if told.get("page") in PAGES:
        return f"when {PAGES[told['page']]}"
    if "kind" in told and event.object_type == "account":
        return SECOND.get(KINDS.get(told["kind"], ""), "")
    first, second = FIRST.get(told.get("first", ""), ""), told.get("second", "")
    if second == NONE:
        return f"{first} alone"
    return " and ".join(filter(None, (first, SECOND.get(second, ""))))
