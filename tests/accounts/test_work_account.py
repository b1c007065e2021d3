"""Signing in with an account at work, against a provider that runs: who gets in, and what is refused."""

import base64
import json
import re
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core import mail
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from kscmp_review import sign_in
from kscmp_review.accounts import id_tokens, work_account
from kscmp_review.accounts.models import User
from kscmp_review.audit.models import AuditEvent
from tests import build
from tests.accounts import provider as providers
from tests.accounts.codes import NOW, clock_at, code_at, with_app
from tests.accounts.provider import CLIENT_ID, KEY_ID, OTHER_KEY, PRIVATE_KEY, TENANT, Claims, Provider

pytestmark = pytest.mark.django_db
BEGIN, BACK = "/accounts/provider/work/", "/accounts/provider/work/back/"
NORA = {"sub": "nora-at-work", "email": "Nora@kscmp.example", "email_verified": True}


def configure(settings: Settings, issuer: str, **more: str) -> None:
    told = {
        "ISSUER": issuer, "CLIENT_ID": CLIENT_ID, "CLIENT_SECRET": providers.CLIENT_SECRET,
        "TENANT": TENANT, "NAME": "your council account", **more,
    }  # fmt: skip
    environ = {f"KSCMP_OIDC_{name}": value for name, value in told.items()}
    settings.WORK_ACCOUNTS = sign_in.provider(environ, local=True)
    settings.SOCIALACCOUNT_PROVIDERS = sign_in.social_providers(settings.WORK_ACCOUNTS)


@pytest.fixture
def provider(settings: Settings) -> Iterator[Provider]:
    with providers.running() as running:
        running.person = NORA
        configure(settings, running.issuer)
        yield running


@pytest.fixture
def nora() -> User:
    return build.user("nora")


def to_provider(client: Client) -> str:
    """Begin, be sent to the provider, and give the address that it sends back to."""
    sent = client.get(BEGIN)
    assert sent.status_code == 302, sent.content.decode()
    back = requests.get(sent["Location"], allow_redirects=False, timeout=5).headers["Location"]
    assert back.startswith(f"http://testserver{BACK}")
    return back.removeprefix("http://testserver")


def signed_in_by_it() -> Client:
    client = Client()
    client.get(to_provider(client))
    return client


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def made() -> list[str]:
    """The events so far, oldest first."""
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


def factors() -> dict[str, str]:
    """By which the last sign-in was."""
    last = AuditEvent.objects.filter(action="account.signed in").newest_first()[0]
    return dict(last.after)


class TestWhoGetsIn:
    def test_the_account_of_a_verified_address(self, provider: Provider, nora: User) -> None:
        client = signed_in_by_it()
        assert client.session["_auth_user_id"] == str(nora.pk)
        assert client.get("/").status_code == 200

    def test_state_nonce_and_pkce_are_new_each_time(self, provider: Provider, nora: User) -> None:
        asked = []
        for _ in range(2):
            signed_in_by_it()
            asked.append(provider.asked)
        for name in ("state", "nonce", "code_challenge"):
            assert len({each[name] for each in asked}) == 2
        assert set(asked[0]["scope"].split()) == {"openid", "profile", "email"}

    def test_of_the_person_nothing_is_kept_but_who_they_are(self, provider: Provider, nora: User) -> None:
        provider.person = NORA | {"name": "Nora Canary", "phone_number": "canary"}
        signed_in_by_it()
        linked = SocialAccount.objects.get()
        assert (linked.user, linked.extra_data) == (nora, {})
        assert NORA["sub"] not in linked.uid
        assert not SocialToken.objects.exists()
        nora.refresh_from_db()
        assert nora.name == "Nora"
        assert nora.check_password(build.PASSWORD), "the password stays"

    def test_linking_is_an_event_and_its_owner_is_told(
        self,
        provider: Provider,
        nora: User,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            signed_in_by_it()
            signed_in_by_it()
        assert AuditEvent.objects.filter(action="account.work account linked").count() == 1
        assert [message.to for message in mail.outbox] == [[nora.email]]

    def test_once_linked_by_who_they_are_whatever_their_address(self, provider: Provider, nora: User) -> None:
        signed_in_by_it()
        provider.person = NORA | {"email": "nora.married@kscmp.example", "email_verified": False}
        assert is_in(signed_in_by_it())

    def test_by_a_domain_that_the_provider_answers_for(
        self, provider: Provider, nora: User, settings: Settings
    ) -> None:
        provider.person = {"sub": "n", "email": nora.email}
        assert not is_in(signed_in_by_it())
        configure(settings, provider.issuer, DOMAINS="council.example,kscmp.example")
        assert is_in(signed_in_by_it())

    def test_what_the_provider_says_widens_no_role(self, provider: Provider, nora: User) -> None:
        provider.person = NORA | {"roles": ["administrator"], "is_administrator": True, "opens_reviews": True}
        signed_in_by_it()
        nora.refresh_from_db()
        assert (nora.is_administrator, nora.opens_reviews) == (False, False)

    def test_the_page_offers_it_where_it_is_configured(self, provider: Provider, settings: Settings) -> None:
        assert "Sign in with your council account" in Client().get("/accounts/login/").content.decode()
        settings.WORK_ACCOUNTS = None
        assert BEGIN not in Client().get("/accounts/login/").content.decode()
        assert Client().get(BEGIN).status_code == 404


class TestSecondFactor:
    @pytest.mark.usefixtures("demanded")
    @pytest.mark.parametrize(
        ("configured", "told", "lets_in"),
        [
            ({}, {"amr": ["pwd", "mfa"]}, False),
            ({"SECOND_FACTOR_AMR": "mfa"}, {"amr": ["pwd", "mfa"]}, True),
            ({"SECOND_FACTOR_AMR": "mfa"}, {"amr": ["pwd"]}, False),
            ({"SECOND_FACTOR_AMR": "mfa"}, {"amr": "no mfa at all"}, False),
            ({"SECOND_FACTOR_AMR": "mfa"}, {}, False),
            ({"SECOND_FACTOR_ACR": "silver"}, {"acr": "silver"}, True),
            ({"SECOND_FACTOR_ACR": "silver"}, {"acr": "bronze"}, False),
        ],
    )
    def test_the_providers_counts_only_where_so_configured(
        self,
        provider: Provider,
        nora: User,
        settings: Settings,
        configured: dict[str, str],
        told: Claims,
        lets_in: bool,
    ) -> None:
        configure(settings, provider.issuer, **configured)
        provider.person = NORA | told
        client = signed_in_by_it()
        assert is_in(client)
        assert (client.get("/").status_code == 200) is lets_in

    def test_otherwise_ours_is_asked_for(self, provider: Provider, nora: User, settings: Settings) -> None:
        with_app(nora)
        client = signed_in_by_it()
        assert not is_in(client)
        with clock_at(NOW):
            client.post("/accounts/security/code/", {"code": code_at(NOW)})
        assert is_in(client)
        configure(settings, provider.issuer, SECOND_FACTOR_AMR="mfa")
        provider.person = NORA | {"amr": ["mfa"]}
        assert is_in(signed_in_by_it())

    def test_the_event_of_a_sign_in_says_whose_second_factor_it_was(
        self, provider: Provider, nora: User, settings: Settings
    ) -> None:
        signed_in_by_it()
        assert made() == ["account.work account linked", "account.signed in"]
        assert factors() == {"first": "work account", "second": "none"}
        configure(settings, provider.issuer, SECOND_FACTOR_AMR="mfa")
        provider.person = NORA | {"amr": ["mfa"]}
        signed_in_by_it()
        assert factors() == {"first": "work account", "second": "provider"}
        provider.person = NORA
        with_app(nora)
        client, before = signed_in_by_it(), len(made())
        with clock_at(NOW):
            client.post("/accounts/security/code/", {"code": code_at(NOW)})
        assert factors() == {"first": "work account", "second": "app"}
        assert made()[before:] == ["account.signed in"]

    @pytest.mark.usefixtures("demanded")
    def test_what_the_provider_said_once_does_not_last(
        self, provider: Provider, nora: User, settings: Settings
    ) -> None:
        configure(settings, provider.issuer, SECOND_FACTOR_AMR="mfa")
        provider.person = NORA | {"amr": ["mfa"]}
        signed_in_by_it()
        provider.person = NORA
        assert signed_in_by_it().get("/").status_code == 302


def no_account(claims: Claims) -> Claims:
    return claims | {"email": "nobody@kscmp.example"}


def unverified(claims: Claims) -> Claims:
    return claims | {"email_verified": False}


def verified_in_words(claims: Claims) -> Claims:
    return claims | {"email_verified": "true"}


def two_addresses(claims: Claims) -> Claims:
    return claims | {"email": "evil@example.net,nora@kscmp.example"}


def no_address(claims: Claims) -> Claims:
    return {name: value for name, value in claims.items() if name != "email"}


PEOPLE = [no_account, unverified, verified_in_words, two_addresses, no_address]
Spoil = Callable[[Provider, Claims], str]


def told(**changed: Any) -> Spoil:
    def spoil(provider: Provider, claims: Claims) -> str:
        merged = claims | changed
        return provider.sign({name: value for name, value in merged.items() if value is not None})

    return spoil


def signed_by_another(provider: Provider, claims: Claims) -> str:
    return jwt.encode(claims, OTHER_KEY, algorithm="RS256", headers={"kid": KEY_ID})


def of_an_unknown_key(provider: Provider, claims: Claims) -> str:
    return jwt.encode(claims, OTHER_KEY, algorithm="RS256", headers={"kid": "another"})


def not_signed(provider: Provider, claims: Claims) -> str:
    return jwt.encode(claims, "", algorithm="none", headers={"kid": KEY_ID})


def signed_with_the_public_key(provider: Provider, claims: Claims) -> str:
    """The old trick: the public key, which everybody has, taken for a shared secret."""
    import hmac

    public = PRIVATE_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def part(content: Claims) -> str:
        return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")

    body = f"{part({'alg': 'HS256', 'typ': 'JWT', 'kid': KEY_ID})}.{part(claims)}"
    mac = hmac.digest(public, body.encode(), "sha256")
    return f"{body}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def changed_after_signing(provider: Provider, claims: Claims) -> str:
    head, _, tail = provider.sign(claims | {"email": "nobody@kscmp.example"}).split(".")
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"{head}.{body}.{tail}"


TOKENS: dict[str, Spoil] = {
    "of another issuer": told(iss="https://login.example/other"),
    "for another program": told(aud="somebody-else"),
    "for several, and given to another": told(aud=[CLIENT_ID, "somebody-else"], azp="somebody-else"),
    "expired": told(exp=int(time.time()) - 3600),
    "of tomorrow": told(iat=int(time.time()) + 86400, nbf=int(time.time()) + 86400),
    "without an end": told(exp=None),
    "of another sign-in": told(nonce="another"),
    "without a nonce": told(nonce=None),
    "of another directory": told(tid="another-directory"),
    "of no directory": told(tid=None),
    "signed by another": signed_by_another,
    "of an unknown key": of_an_unknown_key,
    "not signed": not_signed,
    "signed with the public key": signed_with_the_public_key,
    "changed after signing": changed_after_signing,
}


def refused(client: Client, address: str) -> None:
    """The one answer to whatever is wrong: nobody is signed in, nothing is made or linked."""
    answer = client.get(address)
    assert not is_in(client)
    assert (answer.status_code, User.objects.count(), SocialAccount.objects.count()) == (403, 1, 0)
    assert "You cannot sign in this way" in answer.content.decode()


class TestWhatIsRefused:
    @pytest.mark.parametrize("person", PEOPLE)
    def test_a_person_without_an_account_of_a_verified_address(
        self, provider: Provider, nora: User, person: Callable[[Claims], Claims]
    ) -> None:
        provider.person = person(NORA)
        client = Client()
        refused(client, to_provider(client))

    def test_a_disabled_account_before_and_after_it_was_linked(self, provider: Provider, nora: User) -> None:
        User.objects.update(is_active=False)
        client = Client()
        refused(client, to_provider(client))
        User.objects.update(is_active=True)
        signed_in_by_it()
        User.objects.update(is_active=False)
        client = Client()
        assert client.get(to_provider(client)).status_code == 403
        assert not is_in(client)

    def test_somebody_else_with_the_address_of_a_linked_account(self, provider: Provider, nora: User) -> None:
        signed_in_by_it()
        provider.person = NORA | {"sub": "somebody-else"}
        assert not is_in(signed_in_by_it())

    @pytest.mark.parametrize("fault", TOKENS)
    def test_a_token(self, provider: Provider, nora: User, fault: str) -> None:
        provider.spoil = lambda claims: TOKENS[fault](provider, claims)
        client = Client()
        refused(client, to_provider(client))

    def test_an_answer_to_a_question_this_browser_did_not_ask(self, provider: Provider, nora: User) -> None:
        address = to_provider(Client())
        refused(Client(), address)
        client = Client()
        forged = re.sub(r"state=[^&]+", "state=forged", to_provider(client))
        refused(client, forged)

    def test_an_answer_given_twice(self, provider: Provider, nora: User) -> None:
        client = Client()
        address = to_provider(client)
        client.get(address)
        client.post("/accounts/logout/")
        assert client.get(address).status_code == 403
        assert not is_in(client)

    def test_a_code_that_was_stolen_on_its_way(self, provider: Provider, nora: User) -> None:
        """Without the verifier, which never left our server, the provider gives nothing for it."""
        thief, victim = Client(), Client()
        stolen = parse_qs(urlsplit(to_provider(victim)).query)["code"][0]
        own = parse_qs(urlsplit(to_provider(thief)).query)["state"][0]
        refused(thief, f"{BACK}?code={stolen}&state={own}")

    @pytest.mark.parametrize("query", ["", "?error=access_denied", "?code=x", "?state=x&code=x"])
    def test_an_address_typed_by_hand(self, provider: Provider, nora: User, query: str) -> None:
        refused(Client(), BACK + query)

    def test_a_provider_that_cannot_be_reached_or_names_itself_otherwise(
        self, provider: Provider, nora: User, settings: Settings
    ) -> None:
        configure(settings, provider.issuer.replace(TENANT, "elsewhere"))
        refused(Client(), BEGIN)
        configure(settings, "http://127.0.0.1:9")
        refused(Client(), BEGIN)

    def test_a_provider_that_sends_the_program_elsewhere(self, provider: Provider) -> None:
        asked = {
            "client_id": CLIENT_ID, "response_type": "code", "code_challenge_method": "S256",
            "redirect_uri": f"http://testserver{BACK}", "state": "s", "nonce": "n", "code_challenge": "c",
            "scope": "openid",
        }  # fmt: skip
        with get_adapter().get_requests_session() as session, pytest.raises(requests.TooManyRedirects):
            session.get(f"{provider.base}/authorize", params=asked)

    def test_a_provider_that_only_the_database_knows(self, nora: User) -> None:
        SocialApp.objects.create(
            provider="openid_connect", provider_id="work", name="Evil", client_id="x", secret="y",
            settings={"server_url": "http://127.0.0.1:9"},
        )  # fmt: skip
        assert Client().get(BEGIN).status_code == 404

    def test_the_questions_address_cannot_be_bent(self, provider: Provider, nora: User) -> None:
        client = Client()
        client.get(f"{BEGIN}?process=connect&scope=admin&auth_params=nonce%3Dmine&next=https://evil.example/")
        sent = client.get(f"{BEGIN}?auth_params=nonce%3Dmine&scope=admin")["Location"]
        asked = parse_qs(urlsplit(sent).query)
        assert asked["nonce"] != ["mine"]
        assert "admin" not in asked["scope"][0]


class TestTheDetectorsFailWhereTheyShould:
    @pytest.mark.parametrize("fault", TOKENS)
    def test_each_token_gets_in_where_nothing_is_checked(
        self, provider: Provider, nora: User, fault: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def believe(token: str, **expected: Any) -> Claims:
            claims: Claims = jwt.decode(token, options={"verify_signature": False})
            return claims | {"iss": expected["issuer"]}

        monkeypatch.setattr(id_tokens, "claims_of", believe)
        with pytest.raises(AssertionError):
            TestWhatIsRefused().test_a_token(provider, nora, fault)

    def test_an_address_nobody_verified(
        self, provider: Provider, nora: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(work_account, "verified_email", lambda claims: claims["email"])
        with pytest.raises(AssertionError):
            TestWhatIsRefused().test_a_person_without_an_account_of_a_verified_address(
                provider, nora, unverified
            )

    def test_a_second_factor_taken_on_trust(
        self, provider: Provider, nora: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.SECOND_FACTOR_DEMANDED = True
        monkeypatch.setattr(work_account, "second_factor_was_asked_for", lambda claims: True)
        with pytest.raises(AssertionError):
            TestSecondFactor().test_the_providers_counts_only_where_so_configured(
                provider, nora, settings, {}, {"amr": ["pwd"]}, False
            )
