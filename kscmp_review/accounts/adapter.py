"""How allauth behaves here: accounts by invitation, secrets sealed, and nothing tells who has one."""

import base64
import logging
import re
import time
from functools import partial
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from kscmp_review.accounts import brakes, notices, second_factor
from kscmp_review.accounts.models import User
from kscmp_review.accounts.secrets import PURPOSE
from kscmp_review.sealing import seal, unseal

logger = logging.getLogger(__name__)
# Whoever has just signed in need not say again who they are in order to set up their first second factor.
JUST_NOW_SECONDS = 600


class ClosedAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        """allauth's; where so configured a second factor that a provider asked for is taken for ours."""
        ours = {"allauth.mfa.stages.AuthenticateStage": "kscmp_review.accounts.stages.SecondFactorStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """allauth's brake on wrong passwords."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            email = str(credentials.get("email") or "")
            brakes.held_back(request, action="login_failed", email=email)
            raise

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """A disabled account meets what a wrong password meets: that it is there is not told."""
        user: User | None = super().authenticate(request, **credentials)
        return user if user is not None and user.is_active else None

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        user = self.request.user
        if app == "allauth.mfa" and not second_factor.is_set_up(user):
            records = get_authentication_records(self.request, user)
            if any(time.time() - record["at"] < JUST_NOW_SECONDS for record in records):
                return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Only what changed is said; a banner for every sign-in would only be noise."""
        sentence = notices.sentence_of(message_template or "")
        if sentence:
            messages.success(request, sentence)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """In our words, and once the change is committed."""
        sentence = notices.sentence_of(template_prefix)
        if sentence:
            transaction.on_commit(partial(notices.notify, user.email, sentence), robust=True)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send, and answer the same when that fails: an error page would tell that there is an account."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException) as error:
            logger.error("a message about an account could not be sent: %s", type(error).__name__)


class SealedSecondFactor(DefaultMFAAdapter):
    """The secret of an authenticator app and the seed of recovery codes, sealed in the database."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(seal(text.encode(), purpose=PURPOSE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(base64.b64decode(encrypted_text), purpose=PURPOSE).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last second factor stays where one is demanded: add another first."""
        others = (
            Authenticator.objects.filter(user_id=authenticator.user_id)
            .exclude(type=Authenticator.Type.RECOVERY_CODES)
            .exclude(pk=authenticator.pk)
        )
        return others.exists() or not second_factor.is_demanded_of(authenticator.user)

    def build_totp_svg(self, url: str) -> SafeString:
        """The drawing alone, to stand in the page: the content policy takes no image from an address."""
        drawing = re.sub(r"<\?xml[^>]*\?>\s*", "", super().build_totp_svg(url), count=1)
        named = drawing.replace("<svg ", '<svg class="house-code" role="img" aria-label="QR code" ', 1)
        return mark_safe(named)  # nosec B308 B703  # drawn by us, from squares

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return "Passkey" if number == 1 else f"Passkey {number}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": settings.SERVICE_NAME}
