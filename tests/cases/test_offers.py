"""Inviting somebody to a review: the same whether or not they have an account; a place once they accept."""

import re

import pytest
from django.core import mail
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from cases.actions import members, offers
from cases.errors import Refused
from cases.models import District, Membership, Offer, Review, Role
from cases.permissions import NotAllowed
from kscmp_review.accounts import invitations
from kscmp_review.accounts.models import Invitation, User
from kscmp_review.audit.models import AuditEvent
from tests import build
from tests.cases.conftest import signed_in

MEMBERS = "/reviews/babies/members/"
NEW = {"name": "Nell Newcomer", "password": "an entirely new phrase", "again": "an entirely new phrase"}


@pytest.fixture
def sent(settings: Settings) -> Settings:
    """A mail server is configured; what goes out lands in the test's own box."""
    settings.MAIL_SERVER_CONFIGURED = True
    return settings


def invited_by_page(by: User, email: str, role: str = "reviewer", district: object = "") -> str:
    """What the page says, without the address."""
    answer = signed_in(by).post(MEMBERS, {"email": email, "role": role, "district": district}, follow=True)
    page = answer.content.decode().partition("<main")[2].replace(email, "")
    return f"{answer.status_code} {re.sub(r'/[0-9]+/|csrf[^>]*|offer-[0-9]+', '', page)}"


def link_in(message: object) -> str:
    found = re.search(r"https?://[^/\s]+(/\S+)", str(message.body))  # type: ignore[attr-defined]
    assert found is not None
    return found[1]


class TestInviting:
    def test_the_page_says_the_same_whether_or_not_there_is_an_account(
        self, review: Review, bola: User
    ) -> None:
        build.user("nell")
        known = invited_by_page(bola, "nell@kscmp.example")
        Offer.objects.all().delete()
        unknown = invited_by_page(bola, "nobody@kscmp.example")
        Offer.objects.all().delete()
        build.user("gone")
        User.objects.filter(email="gone@kscmp.example").update(is_active=False)
        disabled = invited_by_page(bola, "gone@kscmp.example")
        assert known == unknown == disabled
        assert "is invited" in known

    @pytest.mark.usefixtures("sent")
    def test_so_does_the_message(
        self,
        review: Review,
        bola: User,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        build.user("nell")
        with django_capture_on_commit_callbacks(execute=True):
            for name in ("nell", "nobody"):
                offers.make(review=review, email=f"{name}@kscmp.example", role=Role.REVIEWER, by=bola)
        known, unknown = (str(message.body).replace(link_in(message), "") for message in mail.outbox)
        assert known == unknown
        assert review.title not in known

    def test_a_new_person_makes_an_account_and_is_a_member(
        self,
        review: Review,
        bola: User,
        sent: Settings,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        north = District.objects.get(name="North", review=review)
        with django_capture_on_commit_callbacks(execute=True):
            offers.make(
                review=review, email="Nell@kscmp.example", role=Role.DISTRICT_LEAD, district=north, by=bola
            )
        client = Client()
        assert client.get(link_in(mail.outbox[0]))["Location"] == "/accounts/invitation/"
        assert client.post("/accounts/invitation/", NEW)["Location"] == "/"
        membership = Membership.objects.live().get(user__email="nell@kscmp.example")
        assert (membership.role, membership.district, membership.user.name) == (
            Role.DISTRICT_LEAD, north, "Nell Newcomer",
        )  # fmt: skip
        assert client.get("/reviews/babies/submissions/").status_code == 200

    def test_whoever_has_an_account_accepts_on_their_home_page(self, review: Review, bola: User) -> None:
        nell = build.user("nell")
        offer = offers.make(review=review, email=nell.email, role=Role.REVIEWER, by=bola)
        client = signed_in(nell)
        assert f"You are invited to {review.title}" in client.get("/").content.decode()
        client.post(f"/invitations/{offer.pk}/accept/")
        assert Membership.objects.live().get(user=nell).role == Role.REVIEWER
        assert "You are invited" not in client.get("/").content.decode()

    def test_to_anybody_else_it_is_not_there(self, review: Review, bola: User, olga: User) -> None:
        offer = offers.make(review=review, email="nell@kscmp.example", role=Role.REVIEWER, by=bola)
        for user in (olga, bola, build.user("sue")):
            client = signed_in(user)
            assert client.post(f"/invitations/{offer.pk}/accept/").status_code == 404
            assert "You are invited" not in client.get("/").content.decode()
        assert Client().post(f"/invitations/{offer.pk}/accept/").status_code == 302
        assert not Membership.objects.filter(role=Role.REVIEWER).exists()

    def test_a_place_that_has_gone_meanwhile_makes_no_account_either(
        self, review: Review, bola: User
    ) -> None:
        offer = offers.make(review=review, email="ada@kscmp.example", role=Role.REVIEWER, by=bola)
        ada = build.user("ada", is_administrator=True)
        with pytest.raises(Refused, match="administrator"):
            offers.accept(offer=offer, by=ada)
        assert not Membership.objects.filter(user=ada).exists()
        assert Invitation.objects.get().accepted_at is None

    @pytest.mark.parametrize(
        ("email", "role", "district", "why"),
        [
            ("rita@kscmp.example", Role.REVIEWER, False, "role in the review already"),
            ("x@kscmp.example", Role.DISTRICT_LEAD, False, "has a district"),
            ("x@kscmp.example", Role.REVIEWER, True, "has a district"),
            ("x@kscmp.example", "administrator", False, "no such role"),
            ("not an address", Role.REVIEWER, False, "such as name@example.org"),
        ],
    )
    def test_what_cannot_be_is_refused(
        self, review: Review, bola: User, rita: User, email: str, role: str, district: bool, why: str
    ) -> None:
        place = District.objects.get(review=review, name="North") if district else None
        with pytest.raises(Refused, match=why):
            offers.make(review=review, email=email, role=role, district=place, by=bola)

    def test_nobody_is_invited_twice(self, review: Review, bola: User) -> None:
        offers.make(review=review, email="nell@kscmp.example", role=Role.REVIEWER, by=bola)
        with pytest.raises(Refused, match="invited already"):
            offers.make(review=review, email="NELL@kscmp.example", role=Role.BOARD_READER, by=bola)

    def test_only_the_business_team_invites_sends_again_and_withdraws(
        self, review: Review, bola: User, rita: User
    ) -> None:
        offer = offers.make(review=review, email="nell@kscmp.example", role=Role.REVIEWER, by=bola)
        with pytest.raises(NotAllowed):
            offers.make(review=review, email="x@kscmp.example", role=Role.REVIEWER, by=rita)
        for act in (offers.send_again, offers.withdraw):
            with pytest.raises(NotAllowed):
                act(offer=offer, by=rita)

    def test_what_is_withdrawn_cannot_be_accepted(self, review: Review, bola: User) -> None:
        nell = build.user("nell")
        offer = offers.make(review=review, email=nell.email, role=Role.REVIEWER, by=bola)
        offers.withdraw(offer=offer, by=bola)
        assert signed_in(nell).post(f"/invitations/{offer.pk}/accept/").status_code == 404
        with pytest.raises(Refused, match="no longer holds"):
            offers.accept(offer=offer, by=nell)

    def test_events_name_no_address(self, review: Review, bola: User) -> None:
        offers.make(review=review, email="nell@kscmp.example", role=Role.REVIEWER, by=bola)
        events = AuditEvent.objects.filter(object_type="invitation")
        assert {event.action for event in events} == {"member.invited", "invitation.made"}
        assert not any("nell" in f"{event.before} {event.after}" for event in events)

    def test_the_list_costs_the_same_for_one_and_for_many(
        self, review: Review, bola: User, django_assert_max_num_queries: object
    ) -> None:
        counts = []
        for number in (1, 6):
            for place in range(number):
                offers.make(
                    review=review, email=f"n{number}{place}@kscmp.example", role=Role.REVIEWER, by=bola
                )
            client = signed_in(bola)
            client.get("/healthz")
            with django_assert_max_num_queries(40) as asked:  # type: ignore[operator]
                client.get(MEMBERS)
            counts.append(len(asked))
        assert counts[0] == counts[1]


def test_a_membership_without_the_hook_is_noticed(
    review: Review, bola: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invitations, "taken_up", [])
    with pytest.raises(Membership.DoesNotExist):
        TestInviting().test_whoever_has_an_account_accepts_on_their_home_page(review, bola)


def test_adding_at_once_would_tell_who_has_an_account(
    review: Review, bola: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = offers.make

    def eager(**fields: object) -> Offer:
        offer = make(**fields)  # type: ignore[arg-type]
        account = User.objects.with_email(offer.invitation.email).first()
        if account:
            members.grant(review=review, user=account, role=offer.role, by=None)
        return offer

    monkeypatch.setattr(offers, "make", eager)
    with pytest.raises(AssertionError):
        TestInviting().test_the_page_says_the_same_whether_or_not_there_is_an_account(review, bola)
