"""Signing in with an account at work (OpenID Connect): links to an account that is there, and makes none."""

import hashlib
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialAccount, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kscmp_review.accounts import id_tokens, stages
from kscmp_review.accounts.models import User
from kscmp_review.accounts.recording import record_about_account

CLAIMS = "work_account_claims"


def _configured() -> Any:
    """What KSCMP_OIDC_… says; the pages that lead here are not there without it."""
    assert settings.WORK_ACCOUNTS is not None  # nosec B101
    return settings.WORK_ACCOUNTS


class WorkAccountAdapter(OpenIDConnectOAuth2Adapter):
    """The provider at the other end. `nonce` is what this sign-in was begun with."""

    nonce = ""

    @property
    def openid_config(self) -> dict[str, Any]:
        config: dict[str, Any] = super().openid_config
        if config.get("issuer") != _configured().issuer:
            raise OAuth2Error("the provider calls itself otherwise than KSCMP_OIDC_ISSUER")
        return config

    def complete_login(
        self, request: HttpRequest, app: Any, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        configured = _configured()
        id_token = kwargs["response"].get("id_token")
        if not isinstance(id_token, str):
            raise OAuth2Error("the provider sent no ID token")
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
            keys = answer.json()
        claims = id_tokens.claims_of(
            id_token,
            keys=keys,
            issuer=configured.issuer,
            client_id=configured.client_id,
            nonce=self.nonce,
            tenant=configured.tenant,
        )
        setattr(request, CLAIMS, claims)
        setattr(request, stages.SHOWN_ELSEWHERE, second_factor_was_asked_for(claims))
        return self.get_provider().sociallogin_from_response(request, {"id_token": claims})


class WorkAccountProvider(OpenIDConnectProvider):
    oauth2_adapter_class = WorkAccountAdapter

    def extract_uid(self, data: dict[str, Any]) -> str:
        """Of the issuer too: the same number given by another provider is somebody else."""
        claims = data["id_token"]
        return hashlib.sha256(f"{claims['iss']}\n{claims['sub']}".encode()).hexdigest()

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Of what the provider tells of a person nothing is kept but who it says they are."""
        return {}


class LinkedOnly(DefaultSocialAccountAdapter):
    """Lets in whoever is linked; links by an e-mail address that the provider answers for; else refuses."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[Any]:
        """Of the environment only: a row in the database makes no provider."""
        from allauth.socialaccount.adapter import _build_apps_from_settings

        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def get_requests_session(self) -> Any:
        """Follows no redirect: the provider is asked where KSCMP_OIDC_ISSUER says, and nowhere else."""
        session = super().get_requests_session()
        session.max_redirects = 0
        return session

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if request.user.is_authenticated:
            raise ImmediateHttpResponse(refusal(request))
        if not sociallogin.is_existing:
            link(request, sociallogin)
        if not sociallogin.user.is_active:
            raise ImmediateHttpResponse(refusal(request))

    def on_authentication_error(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        raise ImmediateHttpResponse(refusal(request))

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **kwargs: Any) -> None:
        super().send_notification_mail("work_account_linked", user)


@transaction.atomic
def link(request: HttpRequest, sociallogin: SocialLogin) -> None:
    """To the active account of a verified address to which nobody of the provider is linked yet."""
    email = verified_email(getattr(request, CLAIMS, {}))
    found = User.objects.with_email(email).active().select_for_update().first() if email else None
    if found is None or SocialAccount.objects.filter(user=found).exists():
        raise ImmediateHttpResponse(refusal(request))
    sociallogin.connect(request, found)
    record_about_account("account.work account linked", found, by=found)


def refusal(request: HttpRequest) -> HttpResponse:
    """One answer, whatever the reason: no account, a disabled one, a token that is not genuine."""
    return render(request, "account/work_account_refused.html", status=403)


def verified_email(claims: dict[str, Any]) -> str:
    """The address, where the provider says that it is theirs or answers for its domain; else nothing.

    Entra says so by `xms_edov` if anything; by itself its `email` is what an owner of the directory typed.
    """
    email = claims.get("email")
    if not isinstance(email, str) or email.count("@") != 1:
        return ""
    said = claims.get("email_verified") is True or claims.get("xms_edov") in (True, 1, "1", "true")
    domain = email.rpartition("@")[2].lower()
    return email if said or domain in _configured().domains else ""


def second_factor_was_asked_for(claims: dict[str, Any]) -> bool:
    """Whether the token says so in the very words that the configuration names; by default never."""
    configured = _configured()
    methods = claims.get("amr")
    by_method = configured.second_factor_amr and (
        isinstance(methods, list) and configured.second_factor_amr in methods
    )
    by_class = configured.second_factor_acr and claims.get("acr") == configured.second_factor_acr
    return bool(by_method or by_class)
