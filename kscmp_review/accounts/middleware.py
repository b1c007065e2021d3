"""How long a session lasts, what it takes to see anything, and that no page stays in a shared cache."""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import (
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    REDIRECT_FIELD_NAME,
    SESSION_KEY,
    get_user,
    logout,
)
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode

from kscmp_review.accounts import second_factor, sessions
from kscmp_review.accounts.models import User

View = Callable[[HttpRequest], HttpResponse]
# The last-seen time is written once a minute, not at every request: reading pages stays free of writes.
SEEN_EVERY_SECONDS = 60


class AccountOfSession(AuthenticationMiddleware):
    """Who is signed in, without a statement of its own: the account was read with the session.

    Only where everything is as usual; in any other case Django looks, and ends what does not hold.
    """

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: account_of(request))  # type: ignore[assignment]  # as Django's


def account_of(request: HttpRequest) -> User | AnonymousUser:
    session: Any = request.session
    signed_in, code = session.get(SESSION_KEY), session.get(HASH_SESSION_KEY)
    account = session.account
    if (
        isinstance(account, User)
        and account.is_active
        and str(account.pk) == signed_in
        and session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
        and constant_time_compare(code or "", account.get_session_auth_hash())
    ):
        return account
    found: User | AnonymousUser = get_user(request)
    return found


def limit_session(get_response: View) -> View:
    """Sign out after 30 minutes without a request and 8 hours after signing in."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            session = request.session
            started, seen = session.get("started_at", now), session.get("seen_at", now)
            idle = now - seen > settings.SESSION_IDLE_MINUTES * 60
            if idle or now - started > settings.SESSION_ABSOLUTE_HOURS * 3600:
                logout(request)
            elif "started_at" not in session or now - seen >= SEEN_EVERY_SECONDS:
                session["started_at"], session["seen_at"] = started, now
                session["browser"] = sessions.browser_of(request)
        return get_response(request)

    return middleware


class DemandSecondFactor:
    """Whoever has shown none meets nothing but the pages by which they set one up, or show theirs."""

    TO_SET_UP = frozenset(
        {
            "mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate", "account_logout",
            # To take up an invitation opens nothing yet.
            "account_invitation", "account_invitation_link",
        }
    )  # fmt: skip
    TO_SHOW = frozenset({"mfa_reauthenticate", "mfa_reauthenticate_webauthn", "account_logout"})

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        user = request.user
        if not isinstance(user, User) or second_factor.was_shown(request):
            return None
        if not second_factor.is_demanded_of(user):
            return None
        name = request.resolver_match.url_name if request.resolver_match else None
        if second_factor.is_set_up(user):
            if name in self.TO_SHOW:
                return None
            query = urlencode({REDIRECT_FIELD_NAME: request.path})
            return redirect(f"{reverse('mfa_reauthenticate')}?{query}")
        return None if name in self.TO_SET_UP else redirect("mfa_index")


def never_store(get_response: View) -> View:
    """Nothing a signed-in person is shown may be kept by a browser or a proxy."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated or "Cache-Control" not in response:
            add_never_cache_headers(response)
        return response

    return middleware
