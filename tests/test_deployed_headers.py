"""HSTS and cookies as they are sent where others are served: the settings as read with KSCMP_HOSTS set."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from http.cookies import Morsel
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from tests import build

TOLD = (
    "SECURE_SSL_REDIRECT", "SECURE_REDIRECT_EXEMPT", "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SECURE_HSTS_PRELOAD", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_NAME", "SESSION_COOKIE_SAMESITE",
    "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_SECURE", "CSRF_COOKIE_NAME", "CSRF_COOKIE_SAMESITE",
    "CSRF_COOKIE_HTTPONLY", "SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_DOMAIN", "DEBUG", "REPLICA_COOKIE_NAME",
)  # fmt: skip
SERVED = {
    "KSCMP_HOSTS": "review.example",
    "KSCMP_SECRET_KEY": "s" * 60,
    "KSCMP_RECORD_KEYS": "k:" + "A" * 43 + "=",
    "DJANGO_SETTINGS_MODULE": "kscmp_review.settings",
}
TWO_YEARS = "max-age=63072000; includeSubDomains; preload"


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """The settings of a real installation, in force here."""
    told_of = f"json.dumps({{name: getattr(settings, name) for name in {TOLD}}})"
    ask = f"import json; from django.conf import settings; print({told_of})"
    own = ("KSCMP_", "DATABASE_URL")
    environ = {key: value for key, value in os.environ.items() if not key.startswith(own)}
    environ |= SERVED | {"KSCMP_VAR": str(tmp_path_factory.mktemp("var"))}
    told = subprocess.run(
        [sys.executable, "-c", ask], env=environ, capture_output=True, text=True, check=True, cwd=Path.cwd()
    )
    found: dict[str, Any] = json.loads(told.stdout)
    with override_settings(**found):
        yield found


def signed_in(client: Client) -> None:
    build.user("ada")
    sent = {"login": "ada@kscmp.example", "password": build.PASSWORD}
    client.post(reverse("account_login"), sent, secure=True)


def faults(cookie: "Morsel[str]") -> list[str]:
    """What a cookie lacks to be bound to this host, unreadable to scripts and kept from other sites."""
    asked = {
        "its name begins with __Host-": cookie.key.startswith("__Host-"),
        "Secure": bool(cookie["secure"]),
        "HttpOnly": bool(cookie["httponly"]),
        "SameSite=Lax": cookie["samesite"] == "Lax",
        "the whole host": cookie["path"] == "/",
        "no other host": not cookie["domain"],
    }
    return [f"{cookie.key}: {what}" for what, holds in asked.items() if not holds]


@pytest.mark.django_db
class TestCookies:
    def test_every_cookie_is_bound_to_the_host(self, deployed: dict[str, Any]) -> None:
        client = Client()
        client.get(reverse("account_login"), secure=True)
        signed_in(client)
        assert {"__Host-session", "__Host-csrf"} <= set(client.cookies)
        assert [fault for cookie in client.cookies.values() for fault in faults(cookie)] == []

    def test_a_cookie_without_its_flags_is_noticed(self, deployed: dict[str, Any]) -> None:
        weak = {"SESSION_COOKIE_SECURE": False, "SESSION_COOKIE_NAME": "sessionid"}
        weak |= {"SESSION_COOKIE_PATH": "/x"}
        client = Client()
        with override_settings(**weak, SESSION_COOKIE_HTTPONLY=False, SESSION_COOKIE_SAMESITE="None"):
            signed_in(client)
        found = faults(client.cookies["sessionid"])
        assert [fault.partition(": ")[2] for fault in found] == [
            "its name begins with __Host-", "Secure", "HttpOnly", "SameSite=Lax", "the whole host"
        ]  # fmt: skip


@pytest.mark.django_db
class TestTransport:
    def test_pages_redirects_errors_and_refusals_demand_tls_for_two_years(
        self, deployed: dict[str, Any]
    ) -> None:
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        answers = {
            "page": client.get(reverse("account_login"), secure=True),
            "redirect": client.get("/", secure=True),
            "not there": client.get("/nowhere/", secure=True),
            "forged": client.post(reverse("account_login"), secure=True),
            "method": client.post("/healthz", secure=True),
        }
        told = {name: each["Strict-Transport-Security"] for name, each in answers.items()}
        assert told == dict.fromkeys(answers, TWO_YEARS)
        assert [each.status_code for each in answers.values()] == [200, 302, 404, 403, 403]

    def test_without_tls_nothing_is_said_but_where_to_go(self, deployed: dict[str, Any]) -> None:
        answer = Client().get(reverse("account_login"))
        assert (answer.status_code, answer.content) == (301, b"")
        assert answer["Location"].startswith("https://")
        assert not answer.cookies


def test_debugging_is_off(deployed: dict[str, Any]) -> None:
    assert deployed["DEBUG"] is False
