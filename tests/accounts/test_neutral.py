"""Nothing tells whether an account exists: same status, same words, the same work for the hasher."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.test import Client
from pytest_django import Settings

from kscmp_review.accounts.adapter import ClosedAdapter
from kscmp_review.accounts.models import User
from tests import build

pytestmark = pytest.mark.django_db
LOGIN, RESET = "/accounts/login/", "/accounts/password/reset/"
ADDRESSES = ("nora@kscmp.example", "gone@kscmp.example", "nobody@kscmp.example")


@pytest.fixture(autouse=True)
def accounts() -> None:
    """Nora's is in use, Gone's is disabled, and Nobody has none."""
    build.user("nora")
    build.user("gone")
    User.objects.filter(email="gone@kscmp.example").update(is_active=False)


def answer_of(address: str, data: dict[str, str], email: str, **headers: Any) -> tuple[int, str, str]:
    """The status, where it leads and what is said, without the address itself."""
    answer = Client(**headers).post(address, data)
    said = re.sub(r'value="[^"]*"', "", answer.content.decode()).replace(email, "")
    return answer.status_code, answer.get("Location", ""), said


def answers_at_sign_in(password: str) -> set[tuple[int, str, str]]:
    return {
        answer_of(LOGIN, {"login": email, "password": password}, email, REMOTE_ADDR=f"10.0.0.{number}")
        for number, email in enumerate(ADDRESSES)
    }


def answers_to_a_reset(times: int) -> set[tuple[int, str, str]]:
    """What is answered the last time of so many."""
    answers = set()
    for number, email in enumerate(ADDRESSES):
        for _ in range(times):
            last = answer_of(RESET, {"email": email}, email, REMOTE_ADDR=f"10.0.1.{number}")
        answers.add(last)
    return answers


class Counting(MD5PasswordHasher):
    """How often a password was hashed, which is what takes time."""

    times = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).times += 1
        return super().encode(password, salt)


def hashed_for(email: str) -> int:
    before = Counting.times
    Client().post(LOGIN, {"login": email, "password": "wrong wrong wrong"})
    return Counting.times - before


def test_at_sign_in_with_a_wrong_password() -> None:
    assert len(answers_at_sign_in("wrong wrong wrong")) == 1


def test_nor_does_the_right_password_of_a_disabled_account() -> None:
    (right,) = {answer_of(LOGIN, {"login": ADDRESSES[1], "password": build.PASSWORD}, ADDRESSES[1])}
    assert {right} == answers_at_sign_in("wrong wrong wrong")


def test_at_sign_in_the_hasher_works_as_long_for_one_as_for_another(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["tests.accounts.test_neutral.Counting"]
    User.objects.get(email=ADDRESSES[0]).set_password(build.PASSWORD)
    assert {hashed_for(email) for email in ADDRESSES} == {1}


def test_when_throttled() -> None:
    for _ in range(5):
        answers_at_sign_in("wrong wrong wrong")
    ((_, _, said),) = answers_at_sign_in(build.PASSWORD)
    assert "Too many failed login attempts" in said


def test_a_forgotten_password_is_answered_alike_and_each_address_hears_once() -> None:
    assert len(answers_to_a_reset(times=1)) == 1
    assert sorted(message.to[0] for message in mail.outbox) == sorted(ADDRESSES)
    to_known, *to_others = sorted(mail.outbox, key=lambda message: message.to[0] != ADDRESSES[0])
    assert "/password/reset/key/" in str(to_known.body)
    assert not any("/password/reset/key/" in str(message.body) for message in to_others)


def test_asking_for_links_again_and_again_is_slowed_alike() -> None:
    ((status, _, said),) = answers_to_a_reset(times=6)
    assert status == 429
    assert "Too many tries" in said
    assert len(mail.outbox) == 5 * len(ADDRESSES)


def inactive_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(ClosedAdapter, "authenticate")


def unknown_is_quicker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AuthenticationBackend, "_mitigate_timing_attack", lambda self, password: None)


@pytest.mark.parametrize(
    ("sabotage", "test"),
    [
        (inactive_is_told, test_nor_does_the_right_password_of_a_disabled_account),
        (unknown_is_quicker, test_at_sign_in_the_hasher_works_as_long_for_one_as_for_another),
    ],
)
def test_each_of_these_fails_where_it_should(
    sabotage: Callable[[pytest.MonkeyPatch], None],
    test: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
) -> None:
    sabotage(monkeypatch)
    needs_settings = test is test_at_sign_in_the_hasher_works_as_long_for_one_as_for_another
    with pytest.raises((AssertionError, ValueError)):
        test(settings) if needs_settings else test()


@pytest.mark.parametrize("per", ["key", "ip"])
def test_a_throttle_that_is_gone_is_noticed(settings: Settings, per: str) -> None:
    """Without the one the other remains: five for an account, twenty for a client address."""
    limits = {"key": "20/5m/ip", "ip": "5/5m/key"}
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": limits[per]}
    emails = ["nora@kscmp.example"] * 6 if per == "key" else [f"{n}@kscmp.example" for n in range(21)]
    for email in emails[:-1]:
        Client().post(LOGIN, {"login": email, "password": "wrong"})
    client = Client()
    client.post(LOGIN, {"login": "nora@kscmp.example", "password": build.PASSWORD})
    assert "_auth_user_id" in client.session
