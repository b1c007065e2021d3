"""What is done with accounts makes exactly one event a request, sent through its page.

A row says what an address makes when it is sent as a person would send it. Every address of accounts that
does not refuse a POST has one, or stands in WRITES_NOTHING; where a request rightly makes more than one
event, docs/adr/0046 says why.
"""

import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client
from django.urls import reverse

from kscmp_review.accounts import invitations, password_links
from kscmp_review.accounts.models import Invitation, InvitationKind, User
from kscmp_review.accounts.views.invitations import HELD
from kscmp_review.audit.models import AuditEvent
from kscmp_review.audit.record import record
from tests import build
from tests.accounts import test_every_address as every_address
from tests.accounts.codes import NOW, SECRET, clock_at, code_at, signed_in_with_it, with_app
from tests.accounts.passkeys import answer_adding, answer_showing, with_passkey
from tests.forms_sent import sent_by, typed

pytestmark = pytest.mark.django_db
NEW = "another long enough password"
Typed = dict[str, str]


class Here:
    """Ada, an administrator, whose session has shown its second factor, and Nell, of no office."""

    def __init__(self) -> None:
        self.ada, self.nell = build.user("ada", is_administrator=True), build.user("nell")
        self.client = signed_in_with_it(self.ada)
        self.arguments: list[object] = []
        self.page = b""
        self.headers: dict[str, Any] = {}


class Sent(NamedTuple):
    """What `prepare` leaves is opened, its form filled in with `typed`, and sent."""

    events: tuple[str, ...]
    typed: Typed | Callable[[Here], Typed] = {}
    prepare: Callable[[Here], Any] = lambda here: None


def stranger(here: Here) -> None:
    here.client = Client()


def nell_alone(here: Here) -> None:
    here.arguments = [here.nell.pk]


def about_nell(step: str, before: Callable[[Here], Any] = lambda here: None) -> Callable[[Here], None]:
    def prepare(here: Here) -> None:
        before(here)
        here.arguments = [here.nell.pk, step]

    return prepare


def nell_disabled(here: Here) -> None:
    User.objects.filter(pk=here.nell.pk).update(is_active=False)


def nell_with_factors(here: Here) -> None:
    with_app(here.nell)
    RecoveryCodes.activate(here.nell)


def invited(email: str, here: Here) -> Invitation:
    return invitations.invite(email=email, kind=InvitationKind.BUSINESS_TEAM, by=here.ada)


def one_invited(step: str) -> Callable[[Here], None]:
    def prepare(here: Here) -> None:
        here.arguments = [invited("new@kscmp.example", here).pk, step]

    return prepare


def invitation_held(email: str, client: Callable[[Here], Client]) -> Callable[[Here], None]:
    """The link of the invitation was followed."""

    def prepare(here: Here) -> None:
        invitation = invited(email, here)
        Invitation.objects.filter(pk=invitation.pk).update(token_digest="a" * 64)
        here.client = client(here)
        session = here.client.session
        session[HELD] = "a" * 64
        session.save()

    return prepare


def without_password(here: Here) -> None:
    here.ada.set_unusable_password()
    here.ada.save()
    here.client = signed_in_with_it(here.ada)


def link_followed(here: Here) -> None:
    here.client = Client()
    here.client.get(urlsplit(password_links._link(here.nell)).path)
    here.arguments = [user_pk_to_url_str(here.nell), "set-password"]


def confirmed(*factors: Callable[[User], Any]) -> Callable[[Here], None]:
    """Ada has these factors, and has just confirmed with her password that it is her."""

    def prepare(here: Here) -> None:
        having(*factors)(here)
        here.client.post(reverse("account_reauthenticate"), {"password": build.PASSWORD})

    return prepare


def having(*factors: Callable[[User], Any]) -> Callable[[Here], None]:
    def prepare(here: Here) -> None:
        for factor in factors:
            factor(here.ada)

    return prepare


def a_passkey(*others: Callable[[User], Any]) -> Callable[[Here], None]:
    def prepare(here: Here) -> None:
        here.arguments = [with_passkey(here.ada).pk]
        confirmed(*others)(here)

    return prepare


def password_given(*factors: Callable[[User], Any]) -> Callable[[Here], None]:
    def prepare(here: Here) -> None:
        having(*factors)(here)
        here.client = Client()
        here.client.post(reverse("account_login"), by_password(here))

    return prepare


def asked_for_a_passkey(here: Here) -> None:
    """As the script of the page for signing in asks."""
    with_passkey(here.ada)
    here.client = Client()
    here.headers = {"HTTP_ACCEPT": "application/json"}


def by_password(here: Here) -> Typed:
    return {"login": here.ada.email, "password": build.PASSWORD}


def by_code(here: Here) -> Typed:
    return {"code": code_at(NOW, SECRET)}


def by_recovery_code(here: Here) -> Typed:
    kept = Authenticator.objects.get(user=here.ada, type=Authenticator.Type.RECOVERY_CODES)
    return {"code": kept.wrap().generate_codes()[0]}


def by_passkey(here: Here) -> Typed:
    return {"credential": answer_showing(here.client, here.ada)}


def by_wrong_passkey(here: Here) -> Typed:
    """Signed for the question of another page."""
    answer = json.loads(answer_showing(here.client, here.ada))
    answer["response"]["signature"] = answer["response"]["signature"][::-1]
    return {"credential": json.dumps(answer)}


def code_of_a_new_app(here: Here) -> Typed:
    secret = re.search(r'house-key">([A-Z2-7]+)<', here.page.decode())
    assert secret is not None
    return {"code": code_at(NOW, secret[1])}


def new_passkey(here: Here) -> Typed:
    return {"credential": answer_adding(here.client), "name": "Work laptop"}


NEW_TWICE = {"password1": NEW, "password2": NEW}
ADDED, REMOVED = "account.second factor added", "account.second factor removed"
SIGNED_IN, CONFIRMED = ("account.signed in",), ("account.identity confirmed",)
SENT: dict[str, Sent] = {
    "account_login": Sent(SIGNED_IN, by_password, stranger),
    "account_login, with a wrong password": Sent(
        ("account.sign-in failed",), {"login": "ada@kscmp.example", "password": "wrong"}, stranger
    ),
    "account_logout": Sent(("account.signed out",)),
    "account_sessions": Sent(("account.signed out elsewhere",)),
    "account_change_password": Sent(
        ("account.password changed",), {"oldpassword": build.PASSWORD, **NEW_TWICE}
    ),
    "account_set_password": Sent(("account.password changed",), NEW_TWICE, without_password),
    "account_reset_password_from_key": Sent(("account.password reset",), NEW_TWICE, link_followed),
    "mfa_authenticate": Sent(SIGNED_IN, by_code, password_given(with_app)),
    "mfa_authenticate, with a passkey": Sent(SIGNED_IN, by_passkey, password_given(with_passkey)),
    "mfa_authenticate, with a recovery code": Sent(
        SIGNED_IN, by_recovery_code, password_given(with_app, RecoveryCodes.activate)
    ),
    "mfa_authenticate, with a wrong code": Sent(
        ("account.second factor failed",), {"code": "000000"}, password_given(with_app)
    ),
    "mfa_authenticate, with the wrong passkey": Sent(
        ("account.second factor failed",), by_wrong_passkey, password_given(with_passkey)
    ),
    "mfa_login_webauthn": Sent(SIGNED_IN, by_passkey, asked_for_a_passkey),
    "mfa_login_webauthn, with the wrong passkey": Sent(
        ("account.sign-in failed",), by_wrong_passkey, asked_for_a_passkey
    ),
    "account_reauthenticate": Sent(CONFIRMED, {"password": build.PASSWORD}),
    "account_reauthenticate, with a wrong password": Sent(("account.sign-in failed",), {"password": "wrong"}),
    "mfa_reauthenticate": Sent(CONFIRMED, by_code, having(with_app)),
    "mfa_reauthenticate, with a recovery code": Sent(
        CONFIRMED, by_recovery_code, having(with_app, RecoveryCodes.activate)
    ),
    "mfa_reauthenticate, with a wrong code": Sent(
        ("account.second factor failed",), {"code": "000000"}, having(with_app)
    ),
    "mfa_reauthenticate_webauthn": Sent(CONFIRMED, by_passkey, having(with_passkey)),
    "mfa_activate_totp": Sent((ADDED, ADDED), code_of_a_new_app, confirmed()),
    "mfa_activate_totp, beside a passkey": Sent(
        (ADDED,), code_of_a_new_app, confirmed(with_passkey, RecoveryCodes.activate)
    ),
    "mfa_deactivate_totp": Sent((REMOVED,), prepare=confirmed(with_app)),
    "mfa_deactivate_totp, the last": Sent(
        (REMOVED, REMOVED), prepare=confirmed(with_app, RecoveryCodes.activate)
    ),
    "mfa_generate_recovery_codes": Sent(
        ("account.recovery codes made",), prepare=confirmed(with_app, RecoveryCodes.activate)
    ),
    "mfa_generate_recovery_codes, the first": Sent(
        ("account.recovery codes made",), prepare=confirmed(with_app)
    ),
    "mfa_add_webauthn": Sent((ADDED, ADDED), new_passkey, confirmed()),
    "mfa_add_webauthn, beside an app": Sent(
        (ADDED,), new_passkey, confirmed(with_app, RecoveryCodes.activate)
    ),
    "mfa_edit_webauthn": Sent(("account.passkey renamed",), {"name": "Work laptop"}, a_passkey()),
    "mfa_remove_webauthn": Sent((REMOVED,), prepare=a_passkey(with_app)),
    "account_invitation": Sent(
        ("account.created", "invitation.accepted", *SIGNED_IN),
        {"name": "New", "password": NEW, "again": NEW},
        invitation_held("new@kscmp.example", lambda here: Client()),
    ),
    "account_invitation, of somebody with an account": Sent(
        ("account.changed", "invitation.accepted"),
        prepare=invitation_held("nell@kscmp.example", lambda here: signed_in_with_it(here.nell)),
    ),
    "accounts_step, disable": Sent(("account.disabled",), prepare=about_nell("disable")),
    "accounts_step, enable": Sent(("account.enabled",), prepare=about_nell("enable", nell_disabled)),
    "accounts_step, reset-second-factor": Sent(
        ("account.second factor reset",), prepare=about_nell("reset-second-factor", nell_with_factors)
    ),
    "accounts_step, send-password-link": Sent(
        ("account.password link sent",), prepare=about_nell("send-password-link")
    ),
    "accounts_invitations": Sent(
        ("invitation.made",), {"email": "new@kscmp.example", "kind": "business-team"}
    ),
    "accounts_invitation_step, again": Sent(("invitation.sent again",), prepare=one_invited("again")),
    "accounts_invitation_step, withdraw": Sent(("invitation.withdrawn",), prepare=one_invited("withdraw")),
}
WRITES_NOTHING = {
    # Closed.
    "account_signup",
    # Sends an e-mail to whoever is named, at anybody's wish; what is done with its link is an event.
    "account_reset_password",
}


def events_of(name: str, sent: Sent) -> tuple[str, ...]:
    """What the request makes, oldest first."""
    here = Here()
    with clock_at(NOW):
        sent.prepare(here)
        url = reverse(name.split(",")[0], args=here.arguments)
        here.page = here.client.get(url, **here.headers).content
        fields = sent_by(here.page, url) if here.page.strip().startswith(b"<") else {}
        more = sent.typed(here) if callable(sent.typed) else sent.typed
        before = AuditEvent.objects.count()
        here.client.post(url, typed(fields, more))
    return tuple(AuditEvent.objects.order_by("pk").values_list("action", flat=True)[before:])


@pytest.mark.parametrize("name", SENT)
def test_a_request_makes_exactly_one_event(name: str) -> None:
    assert events_of(name, SENT[name]) == SENT[name].events


def take_a_post() -> set[str]:
    """Addresses of accounts that do not refuse one for its method, sent by an administrator."""
    ada = build.user("ada", is_administrator=True)
    return {
        name
        for name in every_address.ROWS
        if signed_in_with_it(ada).post(every_address.address(name)).status_code != 405
    }


def test_every_address_that_writes_has_its_row() -> None:
    assert take_a_post() == {name.split(",")[0] for name in SENT} | WRITES_NOTHING


def test_every_step_of_an_administrator_has_its_row() -> None:
    from kscmp_review.accounts.views.people import STEPS

    assert {f"accounts_step, {step}" for step in STEPS} <= set(SENT)


def test_an_address_without_a_row_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(SENT, "mfa_edit_webauthn")
    with pytest.raises(AssertionError):
        test_every_address_that_writes_has_its_row()


@pytest.mark.parametrize("name", ["mfa_generate_recovery_codes", "accounts_step, reset-second-factor"])
def test_each_factor_told_by_itself_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kscmp_review.accounts.second_factor.is_told_by_itself", lambda: True)
    assert len(events_of(name, SENT[name])) > 1


def test_a_second_event_of_one_request_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def twice(action: str, **fields: Any) -> None:
        record(action, **fields)
        record(action, **fields)

    monkeypatch.setattr("kscmp_review.accounts.recording.record", twice)
    assert events_of("account_logout", SENT["account_logout"]) == ("account.signed out",) * 2
