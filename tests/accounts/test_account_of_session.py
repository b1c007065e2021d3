"""The account is read with its session, and held against it as Django holds it."""

import pytest
from django.contrib.auth import HASH_SESSION_KEY
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from kscmp_review.accounts.models import Session, User
from tests import build

pytestmark = pytest.mark.django_db
HOME = "/"


@pytest.fixture
def nora() -> User:
    return build.user("nora")


@pytest.fixture
def client(nora: User) -> Client:
    client = Client()
    client.force_login(nora)
    client.get(HOME)
    return client


def is_in(client: Client) -> bool:
    return client.get(HOME).status_code == 200


def test_one_statement_reads_both(client: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert is_in(client)
    of_both = [each["sql"] for each in asked.captured_queries if "accounts_session" in each["sql"]]
    assert len(of_both) == 1
    assert "accounts_user" in of_both[0]
    assert not [each for each in asked.captured_queries if 'FROM "accounts_user"' in each["sql"]]


def test_an_account_that_is_disabled_is_out(client: Client, nora: User) -> None:
    User.objects.filter(pk=nora.pk).update(is_active=False)
    assert not is_in(client)


def test_another_password_ends_the_session(client: Client, nora: User) -> None:
    nora.set_password("a horse, a battery and a staple")
    nora.save()
    assert not is_in(client)
    assert not Session.objects.exists()


@pytest.mark.parametrize("code", ["", "0" * 64, None])
def test_a_session_with_another_code_is_out(client: Client, code: str | None) -> None:
    session = client.session
    session[HASH_SESSION_KEY] = code
    session.save()
    assert not is_in(client)


def test_a_session_of_another_account_than_its_column_says_is_told_by_what_it_holds(
    client: Client, nora: User
) -> None:
    other = build.user("other")
    Session.objects.update(user=other)
    response = client.get(HOME)
    assert response.status_code == 200
    assert response.wsgi_request.user == nora


def test_a_way_of_signing_in_that_is_no_longer_offered_is_out(client: Client) -> None:
    session = client.session
    session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    session.save()
    assert not is_in(client)


def test_a_code_made_under_the_key_before_is_renewed(client: Client, settings: Settings) -> None:
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key, " * 5
    assert is_in(client)
    assert is_in(client)
