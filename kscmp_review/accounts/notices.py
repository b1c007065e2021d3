"""What an account's owner is told when it changes: on the page that did it, and by e-mail."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

logger = logging.getLogger(__name__)

SENTENCES = {
    "password_changed": "The password of your account was changed.",
    "password_set": "A password was set for your account.",
    "password_reset": "The password of your account was set anew, by a link sent to this address.",
    "totp_activated": "An authenticator app was added to your account.",
    "totp_deactivated": "The authenticator app was removed from your account.",
    "webauthn_added": "A passkey was added to your account.",
    "webauthn_removed": "A passkey was removed from your account.",
    "recovery_codes_generated": "New recovery codes were made for your account. Earlier ones no longer work.",
    "recovery_code_used": "A recovery code was used to sign in to your account. It does not work again.",
    "second_factor_reset": (
        "An administrator removed the second factors of your account. Set one up when you next sign in."
    ),
    "work_account_linked": "Your account can now be signed in to with your account at work.",
}
"""By the last part of the name that allauth gives the message."""


def sentence_of(template: str) -> str:
    """What to say for an allauth template such as "mfa/email/totp_activated"; nothing for most."""
    name = template.rpartition("/")[2].removesuffix(".txt")
    return SENTENCES.get(name, "")


def notify(email: str, sentence: str) -> None:
    """Tell by e-mail that the account has changed. Says nothing of what is in it, and never raises."""
    body = (
        f"{sentence}\n\n"
        "Was it you, or did you ask for it? Then there is nothing to do.\n"
        "If not, set a new password at once and tell your administrator:\n"
        f"{settings.BASE_URL}{reverse('account_reset_password')}\n\n"
        "Everybody who was signed in to your account elsewhere has been signed out.\n"
    )
    send(email, "your account was changed", body)


def send(email: str, about: str, body: str) -> str:
    """One e-mail about an account; the failure's class where it could not be sent, else nothing."""
    message = EmailMessage(
        subject=f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{about}",
        body=body,
        to=[email],
        headers={"Auto-Submitted": "auto-generated"},
    )
    try:
        message.send()
    except (OSError, SMTPException, ValueError) as error:
        logger.error("a message about an account could not be sent: %s", type(error).__name__)
        return type(error).__name__
    return ""
