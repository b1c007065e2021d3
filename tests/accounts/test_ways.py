"""The event of a sign-in says by which factors, in fixed words; an administrator reads them."""

from typing import Any

import pytest
from django.urls import reverse

from kscmp_review.accounts import ways
from kscmp_review.audit.models import AuditEvent
from tests import build
from tests.accounts.codes import signed_in_with_it
from tests.accounts.test_one_event import SENT, events_of

pytestmark = pytest.mark.django_db
WAYS: dict[str, tuple[dict[str, str], str]] = {
    "account_login": ({"first": "password", "second": "none"}, "Password alone"),
    "account_login, with a wrong password": ({"first": "password"}, "Password"),
    "mfa_authenticate": ({"first": "password", "second": "app"}, "Password and authenticator app"),
    "mfa_authenticate, with a passkey": ({"first": "password", "second": "passkey"}, "Password and passkey"),
    "mfa_authenticate, with a recovery code": (
        {"first": "password", "second": "recovery code"},
        "Password and recovery code",
    ),
    "mfa_authenticate, with a wrong code": ({"second": "code"}, "Code"),
    "mfa_authenticate, with the wrong passkey": ({"second": "passkey"}, "Passkey"),
    "mfa_login_webauthn": ({"first": "passkey", "second": "none"}, "Passkey alone"),
    "mfa_login_webauthn, with the wrong passkey": ({"first": "passkey"}, "Passkey"),
    "account_reauthenticate": ({"first": "password"}, "Password"),
    "mfa_reauthenticate": ({"second": "app"}, "Authenticator app"),
    "mfa_reauthenticate, with a recovery code": ({"second": "recovery code"}, "Recovery code"),
    "mfa_reauthenticate_webauthn": ({"second": "passkey"}, "Passkey"),
    "mfa_remove_webauthn": ({"kind": "webauthn"}, "Passkey"),
}


@pytest.mark.parametrize("name", WAYS)
def test_an_event_says_by_what(name: str) -> None:
    events_of(name, SENT[name])
    event = AuditEvent.objects.newest_first()[0]
    assert {**event.before, **event.after} == WAYS[name][0]
    page = signed_in_with_it(build.user("anne", is_administrator=True)).get(reverse("accounts_audit"))
    row = page.content.decode().partition("<tbody")[2].split("</tr>")[1]  # the first is that of Anne
    assert f">{event.words.capitalize()}</td>" in row
    assert f">{WAYS[name][1]}</td>" in row


def test_a_session_begun_by_a_command_says_nothing() -> None:
    signed_in_with_it(build.user("ada"))
    event: Any = AuditEvent.objects.get()
    assert (event.action, event.after, ways.in_words(event)) == ("account.signed in", {}, "")


def test_a_password_given_twice_before_the_code_is_one_password() -> None:
    events_of("mfa_authenticate", SENT["mfa_authenticate"]._replace(prepare=given_twice))
    assert AuditEvent.objects.newest_first()[0].after == {"first": "password", "second": "app"}


def given_twice(here: Any) -> None:
    SENT["mfa_authenticate"].prepare(here)
    here.client.post(reverse("account_login"), {"login": here.ada.email, "password": build.PASSWORD})


def test_a_factor_that_is_not_told_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ways, "signed_in_by", lambda request, user: {})
    with pytest.raises(AssertionError):
        test_an_event_says_by_what("mfa_authenticate")
