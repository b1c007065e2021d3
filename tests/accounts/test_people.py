"""An administrator's pages: what they do to accounts, and that no case content is ever on them."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from kscmp_review.accounts import actions, password_links
from kscmp_review.accounts.actions import AccountRefused
from kscmp_review.accounts.models import Session, User
from kscmp_review.accounts.views import people
from kscmp_review.audit.models import AuditEvent
from tests import build
from tests.accounts.codes import signed_in_with_it, with_app
from tests.world import CANARY, world

pytestmark = pytest.mark.django_db
ADDRESSES = ("accounts_list", "accounts_invitations", "accounts_audit")
STEPS = sorted(people.STEPS)


@pytest.fixture
def ada() -> User:
    return build.user("ada", is_administrator=True)


@pytest.fixture
def nora() -> User:
    return build.user("nora")


def step(by: User, account: User, name: str) -> None:
    answer = signed_in_with_it(by).post(reverse("accounts_step", args=[account.pk, name]))
    assert answer.status_code == 302


class TestWhoMeetsThem:
    @pytest.mark.parametrize("opens_reviews", [True, False])
    def test_to_everybody_else_they_are_not_there(self, nora: User, opens_reviews: bool) -> None:
        client = signed_in_with_it(build.user("bola", opens_reviews=opens_reviews))
        addresses = [reverse(name) for name in ADDRESSES]
        addresses += [reverse("accounts_one", args=[nora.pk])]
        addresses += [reverse("accounts_step", args=[nora.pk, name]) for name in STEPS]
        assert {client.get(address).status_code for address in addresses} == {404}
        assert {client.post(address).status_code for address in addresses[4:]} == {404}
        nora.refresh_from_db()
        assert nora.is_active

    @pytest.mark.parametrize(
        "act", [actions.disable, actions.enable, actions.reset_second_factor, password_links.send]
    )
    def test_nor_do_the_actions_let_anybody_else(self, nora: User, act: object) -> None:
        with pytest.raises(PermissionDenied):
            act(account=nora, by=build.user("bola", opens_reviews=True))  # type: ignore[operator]

    def test_no_case_content_is_ever_on_them(self, ada: User) -> None:
        """Canaries stand in everything of a review; an administrator walks every page there is for them."""
        here = world("babies", first_id=7001001)
        client = signed_in_with_it(ada)
        pages = [client.get("/")]
        pages += [client.get(reverse(name)) for name in ADDRESSES]
        pages += [client.get(reverse("accounts_one", args=[user.pk])) for user in User.objects.all()]
        assert {page.status_code for page in pages} == {200}
        seen = " ".join(page.content.decode() for page in pages)
        secrets = [
            CANARY,
            "babies-invited@",
            here.review.title,
            *(case.liberi_id for case in here.review.cases.all()),
        ]
        secrets += [case.public_id for case in here.review.cases.all()]
        assert [secret for secret in secrets if secret in seen] == []
        assert client.get(f"/reviews/{here.review.slug}/").status_code == 404

    def test_the_walk_finds_a_canary(self, ada: User) -> None:
        User.objects.filter(pk=ada.pk).update(name=f"Ada {CANARY}")
        with pytest.raises(AssertionError):
            self.test_no_case_content_is_ever_on_them(ada)


class TestSteps:
    def test_a_disabled_account_is_out_at_its_next_request_and_in_again_once_enabled(
        self, ada: User, nora: User
    ) -> None:
        client = signed_in_with_it(nora)
        step(ada, nora, "disable")
        assert client.get("/").status_code == 302
        assert not Session.objects.filter(user=nora).exists()
        login = {"login": nora.email, "password": build.PASSWORD}
        assert Client().post("/accounts/login/", login).status_code == 200
        step(ada, nora, "enable")
        assert Client().post("/accounts/login/", login).status_code == 302

    def test_a_second_factor_is_reset_sessions_ended_and_its_owner_told(
        self, ada: User, nora: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        with_app(nora)
        RecoveryCodes.activate(nora)
        client = signed_in_with_it(nora)
        with django_capture_on_commit_callbacks(execute=True):
            step(ada, nora, "reset-second-factor")
        assert not Authenticator.objects.exists()
        assert client.get("/").status_code == 302
        assert "administrator removed the second factors" in str(mail.outbox[-1].body)
        (event,) = AuditEvent.objects.filter(action__startswith="account.second factor re")
        assert (event.action, event.actor_id) == ("account.second factor reset", ada.pk)

    def test_a_link_goes_to_the_account_and_the_administrator_never_sees_it(
        self, ada: User, nora: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        client = signed_in_with_it(ada)
        address = reverse("accounts_step", args=[nora.pk, "send-password-link"])
        with django_capture_on_commit_callbacks(execute=True):
            page = client.post(address, follow=True).content.decode()
        link = re.search(r"http://127.0.0.1:\d+(/accounts/password/reset/key/\S+)", str(mail.outbox[0].body))
        assert link is not None
        assert mail.outbox[0].to == [nora.email]
        assert link[1] not in page
        assert "A link is on its way to Nora" in page
        assert "Set a new password" in Client().get(link[1], follow=True).content.decode()

    @pytest.mark.parametrize("name", ["disable", "reset-second-factor"])
    def test_nobody_does_it_to_themselves(self, ada: User, name: str) -> None:
        with_app(ada)
        step(ada, ada, name)
        ada.refresh_from_db()
        assert ada.is_active
        assert Authenticator.objects.exists()

    def test_what_is_so_already_is_said_and_no_event(self, ada: User, nora: User) -> None:
        events = AuditEvent.objects.count()
        for act in (actions.enable, actions.reset_second_factor):
            with pytest.raises(AccountRefused):
                act(account=nora, by=ada)
        assert AuditEvent.objects.count() == events

    def test_each_is_one_event_by_the_administrator(self, ada: User, nora: User) -> None:
        for name in ("send-password-link", "disable", "enable"):
            step(ada, nora, name)
        events = AuditEvent.objects.about("account", str(nora.pk)).order_by("pk")
        assert [(event.action, event.actor_id) for event in events] == [
            ("account.password link sent", ada.pk),
            ("account.disabled", ada.pk),
            ("account.enabled", ada.pk),
        ]


class TestLists:
    def test_accounts_are_found_by_name_or_address(self, ada: User, nora: User) -> None:
        client = signed_in_with_it(ada)
        page = client.get(reverse("accounts_list"), {"q": "NORA"}).content.decode()
        assert nora.email in page
        assert ada.email not in page.partition("<main")[2]

    def test_the_list_costs_the_same_for_one_and_for_many(
        self, ada: User, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        client = signed_in_with_it(ada)
        client.get("/healthz")
        for number in (1, 9):
            for place in range(number):
                build.user(f"n{number}{place}")
            with django_assert_num_queries(3):  # the session with its account, how many, the page
                client.get(reverse("accounts_list"))

    def test_the_audit_shows_accounts_and_no_review(self, ada: User) -> None:
        bola = build.user("bola", opens_reviews=True)
        build.review(by=bola)
        Client().post("/accounts/login/", {"login": bola.email, "password": "wrong"})
        page = signed_in_with_it(ada).get(reverse("accounts_audit")).content.decode()
        assert "Account sign-in failed" in page
        assert "Review created" not in page
