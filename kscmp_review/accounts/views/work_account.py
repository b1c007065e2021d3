"""To the provider and back: state and PKCE by allauth, the nonce and what is made of the token by us."""

import secrets

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe
from requests import RequestException

from kscmp_review.accounts.work_account import WorkAccountAdapter, refusal

# What goes wrong where a provider cannot be reached or answers with something else than it should.
NO_ANSWER = (OAuth2Error, RequestException, KeyError, TypeError, ValueError)


class Callback(OAuth2CallbackView):
    def _get_state(
        self, request: HttpRequest, provider: object
    ) -> tuple[dict[str, str] | None, HttpResponse | None]:
        state, response = super()._get_state(request, provider)
        self.adapter.nonce = (state or {}).get("nonce", "")
        return state, response


def _adapter(request: HttpRequest, provider_id: str) -> WorkAccountAdapter:
    if settings.WORK_ACCOUNTS is None or provider_id != settings.WORK_ACCOUNT_PROVIDER:
        raise Http404
    return WorkAccountAdapter(request, provider_id)


@login_not_required
@require_safe
def to_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    """A link, not a form: the content policy lets no form lead to another host."""
    adapter = _adapter(request, provider_id)
    if request.user.is_authenticated:
        return redirect("home")
    nonce = secrets.token_urlsafe(32)
    try:
        answer: HttpResponse = adapter.get_provider().redirect(
            request,
            AuthProcess.LOGIN,
            next_url=get_next_redirect_url(request),
            auth_params={"nonce": nonce},
            nonce=nonce,
        )
    except NO_ANSWER:
        return refusal(request)
    return answer


@login_not_required
@require_safe
def from_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        answer: HttpResponse = Callback.adapter_view(_adapter(request, provider_id))(request)
    except NO_ANSWER:
        return refusal(request)
    return answer
