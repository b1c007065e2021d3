"""People at browsers of their own, each signed in, and a test that fails when a script or the policy errs."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright.pytest_playwright import CreateContextCallback

from kscmp_review.accounts.models import User

PATIENCE = 30_000  # ms; on a busy machine reading the first sheet takes long
# A page that answers 4xx on purpose, and a line cut on purpose, are told of in the console too:
# by the browser, and by htmx.
EXPECTED = (
    "the server responded with a status of 4",
    "Response Status Error Code 4",
    "net::ERR_INTERNET_DISCONNECTED",
    "htmx:afterRequest",
    "htmx:sendError",
)
AtBrowser = Callable[..., Page]

expect.set_options(timeout=PATIENCE)


@pytest.fixture
def at_browser(new_context: CreateContextCallback, live_server: LiveServer) -> Iterator[AtBrowser]:
    """`at_browser(user)`: a page of their own browser; without a user, nobody is signed in."""
    said: list[str] = []

    def opened(user: User | None = None, *, scripts: bool = True) -> Page:
        context = new_context(base_url=live_server.url, java_script_enabled=scripts)
        if user is not None:
            sign_in(context, user, live_server.url)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda told: said.append(told.text) if told.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        return page

    yield opened
    assert [line for line in said if not any(expected in line for expected in EXPECTED)] == []


def sign_in(context: BrowserContext, user: User, url: str) -> None:
    """Give the browser the session of somebody who has signed in; the form has a journey of its own."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])
