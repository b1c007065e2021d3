"""What is done with accounts makes exactly one event a request, sent through its page."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.test import Client
from django.urls import reverse

from kscmp_review.accounts import invitations
from kscmp_review.accounts.models import Invitation, User
from kscmp_review.audit.models import AuditEvent
from tests import build
from tests.accounts.codes import signed_in_with_it

pytestmark = pytest.mark.django_db
NEW = "another long enough password"


class Sent(NamedTuple):
    event: str
    page: str
    fields: dict[str, str] = {}
    arguments: tuple[object, ...] = ()
    prepare: Callable[[User, User], Any] = lambda ada, nell: None


def one_invited(ada: User, nell: User) -> None:
    invitations.invite(email="new@kscmp.example", kind="business-team", by=ada)


def disabled(ada: User, nell: User) -> None:
    User.objects.filter(pk=nell.pk).update(is_active=False)


SENT = [
    Sent("account.signed out", "account_logout"),
    Sent("account.signed out elsewhere", "account_sessions"),
    Sent(
        "account.password changed",
        "account_change_password",
        {"oldpassword": build.PASSWORD, "password1": NEW, "password2": NEW},
    ),
    Sent("account.disabled", "accounts_step", arguments=("disable",)),
    Sent("account.enabled", "accounts_step", arguments=("enable",), prepare=disabled),
    Sent("account.password link sent", "accounts_step", arguments=("send-password-link",)),
    Sent("invitation.made", "accounts_invitations", {"email": "new@kscmp.example", "kind": "business-team"}),
    Sent("invitation.sent again", "accounts_invitation_step", arguments=("again",), prepare=one_invited),
    Sent("invitation.withdrawn", "accounts_invitation_step", arguments=("withdraw",), prepare=one_invited),
]


@pytest.mark.parametrize("sent", SENT, ids=[sent.event for sent in SENT])
def test_a_request_makes_exactly_one_event(sent: Sent) -> None:
    ada, nell = build.user("ada", is_administrator=True), build.user("nell")
    sent.prepare(ada, nell)
    client = signed_in_with_it(ada)
    about = {
        "accounts_step": nell.pk,
        "accounts_invitation_step": getattr(Invitation.objects.first(), "pk", 0),
    }
    arguments = [about[sent.page], *sent.arguments] if sent.page in about else []
    before = AuditEvent.objects.count()
    client.post(reverse(sent.page, args=arguments), sent.fields)
    made = AuditEvent.objects.order_by("pk").values_list("action", flat=True)[before:]
    assert list(made) == [sent.event]


def test_signing_in_and_failing_to_make_one_each() -> None:
    ada = build.user("ada")
    for password in ("wrong", build.PASSWORD):
        Client().post(reverse("account_login"), {"login": ada.email, "password": password})
    made = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    assert made == ["account.sign-in failed", "account.signed in"]
