"""What the environment says of signing in, and what is refused because it would weaken it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from kscmp_review.sign_in import Provider, provider, second_factor_demanded, social_providers

ENTRA = "https://login.example/7c9f-directory/v2.0"
CLIENT = {"KSCMP_OIDC_CLIENT_ID": "us", "KSCMP_OIDC_CLIENT_SECRET": "between us"}


@pytest.mark.parametrize(
    ("configured", "local", "demanded"),
    [
        ("", False, True),
        ("demanded", False, True),
        ("", True, False),
        ("offered", True, False),
        ("demanded", True, True),
    ],
)
def test_a_second_factor_is_demanded_where_others_are_served(
    configured: str, local: bool, demanded: bool
) -> None:
    assert second_factor_demanded(configured, local=local) is demanded


@pytest.mark.parametrize(("configured", "local"), [("offered", False), ("off", True), ("no", False)])
def test_it_cannot_be_left_out_there(configured: str, local: bool) -> None:
    with pytest.raises(ImproperlyConfigured, match="KSCMP_SECOND_FACTOR"):
        second_factor_demanded(configured, local=local)


def test_no_provider_is_configured_by_default() -> None:
    assert provider({}, local=False) is None
    assert social_providers(None)["openid_connect"]["APPS"] == []


def test_a_provider_is_read_whole() -> None:
    told = CLIENT | {
        "KSCMP_OIDC_ISSUER": ENTRA,
        "KSCMP_OIDC_TENANT": "7c9f-directory",
        "KSCMP_OIDC_DOMAINS": "Council.example, @health.example",
        "KSCMP_OIDC_SECOND_FACTOR_AMR": "mfa",
    }
    read = provider(told, local=False)
    domains = ("council.example", "health.example")
    assert read == Provider(
        ENTRA, "us", "between us", "your work account", "7c9f-directory", domains, "mfa", ""
    )
    (app,) = social_providers(read)["openid_connect"]["APPS"]
    assert app["settings"]["oauth_pkce_enabled"] is True


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (CLIENT, "ISSUER must be set"),
        ({"KSCMP_OIDC_ISSUER": ENTRA}, "CLIENT_SECRET must be set"),
        (CLIENT | {"KSCMP_OIDC_ISSUER": "http://login.example/x"}, "https://"),
        (CLIENT | {"KSCMP_OIDC_ISSUER": "http://127.0.0.1:9000"}, "https://"),
        (CLIENT | {"KSCMP_OIDC_ISSUER": "login.example"}, "https://HOST"),
        (CLIENT | {"KSCMP_OIDC_ISSUER": "https://login.example/common/v2.0"}, "one directory"),
        (CLIENT | {"KSCMP_OIDC_ISSUER": "https://login.example/organizations/v2.0"}, "one directory"),
        (CLIENT | {"KSCMP_OIDC_ISSUER": "https://login.example/{tenantid}/v2.0"}, "one directory"),
    ],
)
def test_a_provider_that_would_let_in_too_many_stops_the_service(told: dict[str, str], why: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=why):
        provider(told, local=False)


def test_a_provider_on_this_machine_may_go_without_tls_for_trying_it_out() -> None:
    assert provider(CLIENT | {"KSCMP_OIDC_ISSUER": "http://127.0.0.1:9000"}, local=True) is not None


@pytest.mark.parametrize(
    "weakened", [{"KSCMP_SECOND_FACTOR": "offered"}, CLIENT | {"KSCMP_OIDC_ISSUER": "http://login.example"}]
)
def test_the_program_does_not_start_with_either(weakened: dict[str, str], tmp_path: Path) -> None:
    served = {
        "KSCMP_HOSTS": "review.example",
        "KSCMP_VAR": str(tmp_path),
        "KSCMP_SECRET_KEY": "s" * 60,
        "KSCMP_RECORD_KEYS": "k:" + "A" * 43 + "=",
        "DJANGO_SETTINGS_MODULE": "kscmp_review.settings",
    }
    ask = "from django.conf import settings; print(settings.SECOND_FACTOR_DEMANDED)"

    def started(**more: str) -> subprocess.CompletedProcess[str]:
        environ = {key: value for key, value in os.environ.items() if not key.startswith("KSCMP_")}
        return subprocess.run(
            [sys.executable, "-c", ask],
            env=environ | served | more,
            capture_output=True,
            text=True,
            check=False,
        )

    assert started().stdout == "True\n"
    refused = started(**weakened)
    assert refused.returncode != 0
    assert "ImproperlyConfigured" in refused.stderr
