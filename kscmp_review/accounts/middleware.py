"""How long a session lasts, and that no page of it stays in a shared computer's cache."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

View = Callable[[HttpRequest], HttpResponse]
# The last-seen time is written once a minute, not at every request: reading pages stays free of writes.
SEEN_EVERY_SECONDS = 60


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
        return get_response(request)

    return middleware


def never_store(get_response: View) -> View:
    """Nothing a signed-in person is shown may be kept by a browser or a proxy."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated or "Cache-Control" not in response:
            add_never_cache_headers(response)
        return response

    return middleware
