"""An invitation by link: kept as a digest, good once and for a while, neutral whatever is wrong with it."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from kscmp_review.accounts import invitations
from kscmp_review.accounts.actions import AccountRefused
from kscmp_review.accounts.models import Invitation, InvitationKind, Session, User
from kscmp_review.audit.models import AuditEvent
from tests import build
from tests.accounts.test_second_factor import everything_held

pytestmark = pytest.mark.django_db
FORM = "/accounts/invitation/"
PHRASE = "an entirely new phrase"
NEW = {"name": "Nell Newcomer", "password": PHRASE, "again": PHRASE}


@pytest.fixture
def ada() -> User:
    return build.user("ada", is_administrator=True)


@pytest.fixture(autouse=True)
def mail_server(settings: Settings) -> None:
    settings.MAIL_SERVER_CONFIGURED = True


def invited(by: User, email: str = "nell@kscmp.example", kind: str = InvitationKind.BUSINESS_TEAM) -> str:
    """The address that the e-mail sent leads to."""
    made = invitations.invite(email=email, kind=kind, by=by)
    assert invitations.deliver(made.pk)
    return link_of_newest()


def link_of_newest() -> str:
    found = re.search(r"http://127.0.0.1:\d+(/\S+)", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def said(client: Client, link: str) -> tuple[int, str]:
    """The status and what the page says, without the token that guards its forms."""
    answer = client.get(link, follow=True)
    return answer.status_code, re.sub(r'value="[^"]*"', "", answer.content.decode())


class TestTakingOneUp:
    def test_a_name_and_a_password_make_the_account_and_sign_in(self, ada: User) -> None:
        client = Client()
        client.get(invited(ada))
        assert client.post(FORM, NEW)["Location"] == "/"
        nell = User.objects.get(email="nell@kscmp.example")
        assert (nell.name, nell.opens_reviews, nell.is_administrator) == ("Nell Newcomer", True, False)
        assert nell.check_password(PHRASE)
        assert client.get("/").status_code == 200

    @pytest.mark.usefixtures("demanded")
    def test_then_a_second_factor_is_set_up(self, ada: User) -> None:
        client = Client()
        client.get(invited(ada))
        client.post(FORM, NEW)
        assert client.get("/")["Location"] == "/accounts/security/"
        assert client.get("/accounts/security/app/").status_code == 200, "without the password again"

    @pytest.mark.parametrize(
        ("typed", "why"),
        [
            ({"name": ""}, "required"),
            ({"again": "something else"}, "same password twice"),
            ({"password": "short", "again": "short"}, "too short"),
            ({"password": "nell@kscmp.example", "again": "nell@kscmp.example"}, "too similar"),
        ],
    )
    def test_what_will_not_do_makes_nothing(self, ada: User, typed: dict[str, str], why: str) -> None:
        client = Client()
        client.get(invited(ada))
        assert why in client.post(FORM, NEW | typed).content.decode()
        assert not User.objects.filter(email="nell@kscmp.example").exists()

    def test_whoever_has_an_account_signs_in_first(self, ada: User) -> None:
        nell = build.user("nell")
        client = Client()
        link = invited(ada)
        assert "Sign in to accept" in said(client, link)[1]
        client.post("/accounts/login/?next=" + FORM, {"login": nell.email, "password": build.PASSWORD})
        assert "Accept the invitation?" in client.get(FORM).content.decode()
        client.post(FORM)
        nell.refresh_from_db()
        assert nell.opens_reviews

    def test_somebody_else_who_is_signed_in_gets_nothing(self, ada: User) -> None:
        client = Client()
        sue = build.user("sue")
        client.force_login(sue)
        client.get(invited(ada))
        assert "somebody else" in client.get(FORM).content.decode()
        client.post(FORM)
        sue.refresh_from_db()
        assert not sue.opens_reviews


class TestTheLink:
    def test_works_once(self, ada: User) -> None:
        link = invited(ada)
        client = Client()
        client.get(link)
        client.post(FORM, NEW)
        assert said(Client(), link)[0] == 404

    @pytest.mark.parametrize("spoilt", ["used", "withdrawn", "expired", "sent again", "never one"])
    def test_says_the_same_whatever_is_wrong_with_it(self, ada: User, spoilt: str) -> None:
        link = invited(ada)
        invitation = Invitation.objects.get()
        if spoilt == "used":
            invitations.take_up_anew(invitation=invitation, name="Nell", password=PHRASE)
        elif spoilt == "withdrawn":
            invitations.withdraw(invitation=invitation, by=ada)
        elif spoilt == "expired":
            Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        elif spoilt == "sent again":
            invitations.send_again(invitation=invitation, by=ada)
            assert invitations.deliver(invitation.pk)
        else:
            link = "/accounts/invitation/guessed/"
        assert said(Client(), link) == said(Client(), "/accounts/invitation/nothing-of-the-kind/")

    def test_sent_again_it_is_a_new_one(self, ada: User) -> None:
        first = invited(ada)
        invitation = Invitation.objects.get()
        invitations.send_again(invitation=invitation, by=ada)
        invitations.deliver(invitation.pk)
        assert said(Client(), first)[0] == 404
        assert said(Client(), link_of_newest())[0] == 200

    def test_is_kept_as_a_digest_only_in_the_session_too(self, ada: User) -> None:
        link = invited(ada)
        client = Client()
        client.get(link)
        assert Session.objects.exists()
        assert link.split("/")[-2] not in everything_held()

    def test_a_form_opened_before_it_was_withdrawn_makes_nothing(self, ada: User) -> None:
        client = Client()
        client.get(invited(ada))
        invitations.withdraw(invitation=Invitation.objects.get(), by=ada)
        assert client.post(FORM, NEW).status_code == 404
        assert not User.objects.filter(email="nell@kscmp.example").exists()

    def test_guessing_is_slowed(self) -> None:
        statuses = [Client().get(f"/accounts/invitation/guess-{number}/").status_code for number in range(21)]
        assert statuses == [404] * 20 + [429]

    def test_of_two_at_once_one_is_refused(self, ada: User) -> None:
        invited(ada)
        first = Invitation.objects.get()
        second = Invitation.objects.get()
        invitations.take_up_anew(invitation=first, name="Nell", password=PHRASE)
        with pytest.raises(AccountRefused):
            invitations.take_up_anew(invitation=second, name="Nell", password=PHRASE)
        assert User.objects.filter(email="nell@kscmp.example").count() == 1


class TestInviting:
    def test_administrators_only_and_not_for_a_review(self, ada: User) -> None:
        with pytest.raises(Exception, match="only an administrator"):
            invitations.invite(email="x@kscmp.example", kind="administrator", by=build.user("nell"))
        with pytest.raises(AccountRefused, match="business team"):
            invitations.invite(email="x@kscmp.example", kind="member", by=ada)

    def test_an_administrator_has_an_account_of_their_own(self, ada: User) -> None:
        build.user("nell")
        with pytest.raises(AccountRefused, match="of their own"):
            invitations.invite(email="NELL@kscmp.example", kind="administrator", by=ada)

    def test_what_could_not_be_sent_waits_and_is_tried_again(self, ada: User, settings: Settings) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
        made = invitations.invite(email="nell@kscmp.example", kind="business-team", by=ada)
        assert invitations.deliver_unsent() == (0, 1)
        made.refresh_from_db()
        assert (made.failures, made.last_failure, made.state) == (1, "ConnectionRefusedError", "not sent")
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        assert invitations.deliver_unsent() == (1, 0)
        assert invitations.deliver_unsent() == (0, 0)

    def test_it_goes_out_once_what_made_it_is_committed(
        self, ada: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            invitations.invite(email="nell@kscmp.example", kind="business-team", by=ada)
            assert mail.outbox == []
        assert [message.to for message in mail.outbox] == [["nell@kscmp.example"]]

    def test_its_steps_are_events_without_an_address(self, ada: User) -> None:
        invited(ada)
        invitation = Invitation.objects.get()
        invitations.send_again(invitation=invitation, by=ada)
        invitations.withdraw(invitation=invitation, by=ada)
        events = AuditEvent.objects.filter(object_type="invitation").order_by("pk")
        assert [event.action for event in events] == [
            "invitation.made", "invitation.sent again", "invitation.withdrawn",
        ]  # fmt: skip
        assert not any("nell" in str(event.after) for event in events)

    def test_the_database_takes_no_acceptance_without_an_account(self, ada: User) -> None:
        invited(ada)
        with pytest.raises(IntegrityError), transaction.atomic():
            Invitation.objects.update(accepted_at=timezone.now())


class TestTheDetectorsFailWhereTheyShould:
    def test_a_link_that_works_twice(self, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(invitations, "held", lambda digest: Invitation.objects.first())
        with pytest.raises(AssertionError):
            TestTheLink().test_works_once(ada)

    def test_a_token_kept_in_clear(self, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(invitations, "digest_of", lambda token: token)
        with pytest.raises(AssertionError):
            TestTheLink().test_is_kept_as_a_digest_only_in_the_session_too(ada)

    def test_an_expiry_nobody_looks_at(self, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
        pending = Invitation.objects.pending
        monkeypatch.setattr(invitations, "held", lambda digest: pending().filter(token_digest=digest).first())
        with pytest.raises(AssertionError):
            TestTheLink().test_says_the_same_whatever_is_wrong_with_it(ada, "expired")
