"""Signing in: nobody signs themselves up, guessing is slowed, and a session ends."""

import re
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import Settings

from kscmp_review.accounts.models import User
from tests import build

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def no_throttle_left_over() -> None:
    cache.clear()


@pytest.fixture
def nora() -> User:
    return build.user("nora")


def sign_in(email: str, password: str = build.PASSWORD, **headers: Any) -> tuple[Client, int]:
    """`headers` as the server gives them to the program: REMOTE_ADDR, HTTP_X_FORWARDED_FOR."""
    client = Client(**headers)
    response = client.post(LOGIN, {"login": email, "password": password})
    return client, response.status_code


class TestSigningIn:
    def test_by_e_mail_in_any_case_and_out_by_a_form(self, nora: User) -> None:
        client, status = sign_in("NORA@kscmp.example")
        assert status == 302
        assert client.get("/").status_code == 200
        client.post("/accounts/logout/")
        assert client.get("/").status_code == 302

    def test_a_link_alone_signs_nobody_out(self, nora: User) -> None:
        client, _ = sign_in(nora.email)
        client.get("/accounts/logout/")
        assert client.get("/").status_code == 200

    def test_nobody_signs_themselves_up(self) -> None:
        page = Client().get("/accounts/signup/").content.decode()
        assert "password" not in re.sub(r"<footer.*", "", page, flags=re.DOTALL).lower().split("<main", 1)[1]
        Client().post(
            "/accounts/signup/",
            {"email": "x@kscmp.example", "password1": build.PASSWORD, "password2": build.PASSWORD},
        )
        assert not User.objects.exists()

    def test_a_disabled_account_is_out_at_its_next_request(self, nora: User) -> None:
        client, _ = sign_in(nora.email)
        nora.is_active = False
        nora.save()
        assert client.get("/").status_code == 302

    def test_the_same_is_said_whether_or_not_an_account_exists(self, nora: User) -> None:
        wrong = Client().post(LOGIN, {"login": nora.email, "password": "wrong wrong wrong"})
        nobody = Client().post(LOGIN, {"login": "nora@example.net", "password": "wrong wrong wrong"})

        def said(page: bytes) -> str:
            return (
                re.sub(r'value="[^"]*"', "", page.decode())
                .replace("nora@example.net", "")
                .replace(nora.email, "")
            )

        assert said(wrong.content) == said(nobody.content)

    def test_one_address_is_one_account_whatever_its_case(self, nora: User) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.create(email="NORA@kscmp.example")

    def test_an_administrator_cannot_also_open_reviews(self) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.create(email="x@kscmp.example", is_administrator=True, opens_reviews=True)


class TestGuessing:
    def test_five_wrong_passwords_slow_an_account(self, nora: User) -> None:
        for _ in range(5):
            sign_in(nora.email, "wrong wrong wrong")
        client, _ = sign_in(nora.email)
        assert client.get("/").status_code == 302, "the right password is refused for a while too"

    def test_a_forged_header_makes_no_new_address(self) -> None:
        for number in range(20):
            sign_in(f"{number}@kscmp.example", "wrong", HTTP_X_FORWARDED_FOR=f"10.0.0.{number}")
        build.user("nora")
        client, _ = sign_in("nora@kscmp.example", HTTP_X_FORWARDED_FOR="10.9.9.9")
        assert client.get("/").status_code == 302

    def test_another_account_from_another_address_is_not_slowed(self, nora: User) -> None:
        for _ in range(6):
            sign_in("someone@kscmp.example", "wrong")
        client, _ = sign_in(nora.email, REMOTE_ADDR="10.1.1.1")
        assert client.get("/").status_code == 200


class TestSessions:
    @pytest.mark.parametrize(
        ("started", "seen", "stays"),
        [(0, 0, True), (60 * 60, 29 * 60, True), (60 * 60, 31 * 60, False), (8 * 3600 + 60, 60, False)],
    )
    def test_a_session_ends_when_idle_and_after_a_working_day(
        self, nora: User, started: int, seen: int, stays: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now = 1_700_000_000
        monkeypatch.setattr("kscmp_review.accounts.middleware.time.time", lambda: now)
        client = Client()
        client.force_login(nora)
        session = client.session
        session["started_at"], session["seen_at"] = now - started, now - seen
        session.save()
        assert (client.get("/").status_code == 200) is stays

    def test_reading_pages_writes_the_session_once_a_minute(self, nora: User) -> None:
        client = Client()
        client.force_login(nora)
        client.get("/")
        seen = client.session["seen_at"]
        client.get("/")
        assert client.session["seen_at"] == seen


class TestForgottenPassword:
    def test_a_link_goes_to_the_account_and_sets_a_new_password(self, nora: User) -> None:
        Client().post("/accounts/password/reset/", {"email": nora.email})
        assert [message.to for message in mail.outbox] == [[nora.email]]
        link = re.search(r"http://testserver(/\S+)", str(mail.outbox[0].body))
        assert link is not None
        client = Client()
        form = client.get(link[1], follow=True)
        client.post(
            form.redirect_chain[-1][0], {"password1": "another long one", "password2": "another long one"}
        )
        nora.refresh_from_db()
        assert nora.check_password("another long one")

    def test_a_mail_server_that_does_not_answer_changes_nothing_on_the_page(
        self, nora: User, settings: Settings, caplog: pytest.LogCaptureFixture
    ) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
        response = Client().post("/accounts/password/reset/", {"email": nora.email})
        assert response["Location"] == "/accounts/password/reset/done/"
        assert "could not be sent: ConnectionRefusedError" in caplog.text
        assert nora.email not in caplog.text

    def test_an_unknown_address_is_told_the_same_and_nothing_goes_out_that_names_an_account(self) -> None:
        response = Client().post("/accounts/password/reset/", {"email": "nobody@kscmp.example"})
        assert response["Location"] == "/accounts/password/reset/done/"
        assert all("http://testserver/accounts/password/reset/key" not in str(m.body) for m in mail.outbox)


def test_weak_passwords_are_refused() -> None:
    for weak in ("short", "password1234", "nora@kscmp.example"):
        with pytest.raises(ValidationError):
            validate_password(weak, User(email="nora@kscmp.example"))
