"""A brake that holds somebody back is one event, and what is held back after it is none."""

import json
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from kscmp_review.accounts import brakes
from kscmp_review.accounts.models import User
from kscmp_review.audit.models import AuditEvent
from tests import build
from tests.accounts.codes import signed_in_with_it, with_app

pytestmark = pytest.mark.django_db
LOGIN, RESET, CODE = "/accounts/login/", "/accounts/password/reset/", "/accounts/security/code/"
HOME, OFFICE = "203.0.113.7", "203.0.113.8"
FLOOD = 5


@pytest.fixture(autouse=True)
def nora() -> User:
    return build.user("nora")


def wrong_passwords(times: int, email: str = "nora@kscmp.example", address: str = HOME) -> None:
    for _ in range(times):
        Client(REMOTE_ADDR=address).post(LOGIN, {"login": email, "password": "wrong wrong"})


def wrong_passwords_of_many(times: int, address: str = HOME) -> None:
    for number in range(times):
        wrong_passwords(1, f"{number}@kscmp.example", address)


def wrong_codes(times: int) -> None:
    with_app(User.objects.get(email="nora@kscmp.example"))
    client = Client(REMOTE_ADDR=HOME)
    client.post(LOGIN, {"login": "nora@kscmp.example", "password": build.PASSWORD})
    for _ in range(times):
        client.post(CODE, {"code": "000000"})


def wrong_confirmations(times: int) -> None:
    client = signed_in_with_it(User.objects.get(email="nora@kscmp.example"))
    for _ in range(times):
        client.post("/accounts/reauthenticate/", {"password": "wrong wrong"})


def links_asked_for(times: int) -> None:
    for _ in range(times):
        Client(REMOTE_ADDR=HOME).post(RESET, {"email": "nora@kscmp.example"})


def links_of_many_asked_for(times: int) -> None:
    for number in range(times):
        Client(REMOTE_ADDR=HOME).post(RESET, {"email": f"{number}@kscmp.example"})


def invitations_guessed(times: int) -> None:
    for number in range(times):
        Client(REMOTE_ADDR=HOME).get(reverse("account_invitation_link", args=[f"guessed-{number}"]))


def passkeys_tried(times: int) -> None:
    for _ in range(times):
        Client(REMOTE_ADDR=HOME).post("/accounts/security/passkeys/sign-in/", {"credential": "{}"})


Tries = Callable[[int], None]
ACCOUNT, ADDRESS = "account", "client address"
# Tries, how many are let through, about whom the event is, and at which page.
BRAKES: list[tuple[Tries, int, str, str]] = [
    (wrong_passwords, 5, ACCOUNT, "account_login"),
    (wrong_passwords_of_many, 20, ADDRESS, "account_login"),
    (wrong_codes, 5, ACCOUNT, "mfa_authenticate"),
    (wrong_confirmations, 5, ACCOUNT, "account_reauthenticate"),
    (links_asked_for, 5, ACCOUNT, "account_reset_password"),
    (links_of_many_asked_for, 20, ADDRESS, "account_reset_password"),
    (invitations_guessed, 20, ADDRESS, "account_invitation_link"),
    (passkeys_tried, 10, ADDRESS, "mfa_login_webauthn"),
]


def held_back() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action="tries.held back").order_by("pk"))


@pytest.mark.parametrize(("tries", "let_through", "kind", "page"), BRAKES)
def test_what_is_held_back_first_is_one_event_and_a_flood_no_more(
    tries: Tries, let_through: int, kind: str, page: str, nora: User
) -> None:
    tries(let_through + FLOOD)
    (event,) = held_back()
    assert (event.object_type, event.after) == (kind, {"page": page})
    if kind == ACCOUNT:
        assert event.object_id == str(nora.pk)


@pytest.mark.parametrize(("tries", "let_through", "kind", "page"), BRAKES)
def test_what_is_let_through_is_none(tries: Tries, let_through: int, kind: str, page: str) -> None:
    tries(let_through)
    assert held_back() == []


def test_a_flood_adds_nothing_else_to_the_audit_either() -> None:
    wrong_passwords(6)
    before = AuditEvent.objects.count()
    wrong_passwords(FLOOD)
    assert AuditEvent.objects.count() == before


def test_of_an_account_that_is_not_there_no_more_is_said_than_that_it_is_unknown() -> None:
    wrong_passwords(6, "somebody@kscmp.example")
    (event,) = held_back()
    assert (event.object_type, event.object_id, event.actor_email) == (ACCOUNT, "unknown", "")
    assert "somebody" not in json.dumps(list(AuditEvent.objects.values()), default=str)


def test_two_that_are_not_there_are_two() -> None:
    wrong_passwords(6, "somebody@kscmp.example")
    wrong_passwords(6, "another@kscmp.example")
    assert len(held_back()) == 2


def test_a_client_address_is_told_from_another_and_stands_nowhere() -> None:
    wrong_passwords_of_many(21, HOME)
    wrong_passwords_of_many(21, OFFICE)
    told = {event.object_id for event in held_back() if event.object_type == ADDRESS}
    assert told == {brakes.digest_of(HOME), brakes.digest_of(OFFICE)}
    held = json.dumps(list(AuditEvent.objects.values()), default=str)
    assert HOME not in held
    assert OFFICE not in held


def test_once_the_brake_is_off_the_next_one_is_told() -> None:
    wrong_passwords(6)
    cache.clear()  # as five minutes do
    wrong_passwords(6)
    assert len(held_back()) == 2


def test_an_administrator_reads_it_and_a_business_team_does_not() -> None:
    wrong_passwords_of_many(21)
    wrong_passwords(6, address=OFFICE)
    ada, bola = build.user("ada", is_administrator=True), build.user("bola", opens_reviews=True)
    review = build.review(by=bola)
    page = signed_in_with_it(ada).get(reverse("accounts_audit")).content.decode()
    assert "Tries held back" in page
    assert "When signing in" in page
    assert f"Client address {brakes.digest_of(HOME)}" in page
    page = signed_in_with_it(bola).get(reverse("audit", args=[review.slug])).content.decode()
    assert "Tries held back" not in page


def told_every_time(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(cache, "add", lambda key, value, timeout=0: True)


def told_never(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(brakes, "record", lambda action, **fields: None)


def told_of_the_account_alone(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(brakes, "address_rests", lambda request, action: False)


@pytest.mark.parametrize(
    ("sabotage", "brake"),
    [(told_every_time, BRAKES[0]), (told_never, BRAKES[0]), (told_of_the_account_alone, BRAKES[1])],
)
def test_each_of_these_fails_where_it_should(
    sabotage: Callable[[pytest.MonkeyPatch], None],
    brake: tuple[Tries, int, str, str],
    nora: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sabotage(monkeypatch)
    tries, let_through, kind, page = brake
    with pytest.raises((AssertionError, ValueError)):
        test_what_is_held_back_first_is_one_event_and_a_flood_no_more(tries, let_through, kind, page, nora)
