"""Where an account is signed in: seen, ended, and ended for it when the account changes."""

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings

from kscmp_review.accounts import actions, sessions
from kscmp_review.accounts.models import Session, User
from kscmp_review.audit.models import AuditEvent
from tests import build

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18 Safari/604"


@pytest.fixture
def nora() -> User:
    return build.user("nora")


def signed_in(user: User, browser: str = "") -> Client:
    client = Client(HTTP_USER_AGENT=browser)
    client.force_login(user)
    client.get("/")
    return client


def is_in(client: Client) -> bool:
    return client.get("/").status_code == 200


class TestTheList:
    def test_names_each_browser_in_words_of_ours(self, nora: User) -> None:
        for browser in (EDGE, PHONE, "<script>"):
            signed_in(nora, browser)
        page = signed_in(nora, FIREFOX).get("/accounts/sessions/").content.decode()
        for words in ("Edge on Windows", "Safari on iPhone", "A browser", "Firefox on Windows"):
            assert words in page
        assert "<script>" not in page.partition("<main")[2]

    def test_holds_nobody_elses_and_none_that_is_over(self, nora: User) -> None:
        signed_in(build.user("sam"), EDGE)
        signed_in(nora, PHONE)
        Session.objects.filter(browser="Safari on iPhone").update(expire_date=timezone.now())
        page = signed_in(nora, FIREFOX).get("/accounts/sessions/").content.decode()
        assert "Edge" not in page
        assert "iPhone" not in page

    def test_costs_the_same_for_one_and_for_many(
        self, nora: User, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        client = signed_in(nora)
        for number in (1, 8):
            for _ in range(number):
                signed_in(nora)
            with django_assert_num_queries(2):  # the session with its account, the list
                client.get("/accounts/sessions/")


class TestEnding:
    def test_everywhere_else_stays_here(self, nora: User) -> None:
        here, there, sam = signed_in(nora), signed_in(nora), signed_in(build.user("sam"))
        here.post("/accounts/sessions/")
        assert (is_in(here), is_in(there), is_in(sam)) == (True, False, True)
        event = AuditEvent.objects.get(action="account.signed out elsewhere")
        assert event.after == {"sessions": 1}

    def test_by_a_new_password_and_its_owner_is_told(
        self, nora: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        here, there = signed_in(nora), signed_in(nora)
        new = "entirely another pass phrase"
        with django_capture_on_commit_callbacks(execute=True):
            here.post(
                "/accounts/password/change/",
                {"oldpassword": build.PASSWORD, "password1": new, "password2": new},
            )
        assert (is_in(here), is_in(there)) == (True, False)
        assert not Session.objects.filter(user=nora).exclude(pk=here.session.session_key).exists()
        assert [message.to for message in mail.outbox] == [[nora.email]]
        assert "password of your account was changed" in str(mail.outbox[0].body)
        assert AuditEvent.objects.filter(action="account.password changed").count() == 1

    def test_by_disabling_the_account_at_the_next_request(self, nora: User) -> None:
        there = signed_in(nora)
        actions.disable(account=nora, by=build.user("ada", is_administrator=True))
        assert not is_in(there)
        assert not Session.objects.filter(user=nora).exists()

    def test_one_that_was_ended_while_a_request_ran_does_not_come_back(self, nora: User) -> None:
        client = signed_in(nora)
        session = client.session
        session["seen_at"] += 1
        sessions.end_all(nora)
        with pytest.raises(UpdateError):
            session.save()
        assert not Session.objects.exists()

    def test_a_session_nobody_ended_is_noticed(self, nora: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sessions, "end_others", lambda request, user: 0)
        with pytest.raises(AssertionError):
            self.test_everywhere_else_stays_here(nora)


def test_a_session_that_never_ends_is_noticed(nora: User, settings: Settings) -> None:
    """What the tests of the time-outs in test_sign_in look at goes by these two settings."""
    settings.SESSION_IDLE_MINUTES = settings.SESSION_ABSOLUTE_HOURS = 1_000_000
    client = signed_in(nora)
    session = client.session
    session["started_at"] -= 9 * 3600
    session["seen_at"] -= 9 * 3600
    session.save()
    assert is_in(client)
