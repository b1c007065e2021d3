"""The business team's page of what was sent to whom, what could not be, and the line that leads to it."""

from typing import Any

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.models import District, Message, MessageKind, MessageState, Review
from kscmp_review.accounts.models import User
from tests import build
from tests.cases.conftest import signed_in

PAGE = "/reviews/babies/messages/"


def owed(review: Review, to: User, *, occasion: str = "opening 1", **fields: Any) -> Message:
    message: Message = Message.objects.create(
        review=review,
        recipient=to,
        district=District.objects.get(review=review, name="North"),
        kind=MessageKind.OPENED,
        occasion=occasion,
        **fields,
    )
    return message


def shown(user: User, page: str = PAGE) -> str:
    return " ".join(signed_in(user).get(page).content.decode().split())


def test_it_says_what_will_be_here_while_nothing_is(review: Review, bola: User) -> None:
    assert "No messages yet" in shown(bola)


def test_what_was_sent_is_shown_with_whom_and_when(review: Review, bola: User, nora: User) -> None:
    owed(review, nora, state=MessageState.SENT, sent_at=timezone.now())
    page = shown(bola)
    assert "nora@kscmp.example" in page
    assert "The review is open for submissions" in page
    assert f"{timezone.localdate().day} {timezone.localdate():%B %Y}" in page


@override_settings(MAIL_SERVER_CONFIGURED=True)
def test_what_could_not_be_sent_is_shown_with_its_tries_and_that_it_is_tried_again(
    review: Review, bola: User, nora: User
) -> None:
    owed(review, nora, failures=3, last_failure="ConnectionRefusedError")
    page = shown(bola)
    assert "Could not be sent" in page
    assert "It will be tried again." in page
    assert "ConnectionRefusedError" in page
    assert "1 message has not been sent yet" in page


def test_without_a_mail_server_it_says_so(review: Review, bola: User, nora: User) -> None:
    owed(review, nora)
    assert "Not sent: no mail server configured" in shown(bola)


def test_what_is_not_sent_stands_first(review: Review, bola: User, nora: User, sam: User) -> None:
    owed(review, nora)
    owed(review, sam, state=MessageState.SENT, sent_at=timezone.now())
    page = shown(bola)
    assert page.index("nora@") < page.index("sam@")


def test_messages_of_another_review_are_not_shown(review: Review, bola: User, olga: User) -> None:
    owed(Review.objects.get(slug="other"), olga)
    assert "olga@" not in shown(bola)


def test_the_overview_counts_them_and_leads_to_them(review: Review, bola: User, nora: User) -> None:
    owed(review, nora)
    owed(review, nora, occasion="opening 2", state=MessageState.SENT, sent_at=timezone.now())
    assert f'<a class="govuk-link" href="{PAGE}">1 sent, 1 not sent yet</a>' in shown(
        bola, "/reviews/babies/"
    )


@pytest.mark.parametrize("page", [PAGE, "/reviews/babies/"])
def test_queries_stay_as_many_as_messages_grow(
    review: Review, bola: User, nora: User, page: str, django_assert_num_queries: Any
) -> None:
    owed(review, nora)
    client = signed_in(bola)
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    for number in range(60):
        to = build.user(f"lead{number}")
        owed(review, to)
    with django_assert_num_queries(len(few)):
        client.get(page)
