"""A form that does not come from one of our own pages is refused at every address, and is on record."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, TestCase
from django.urls import reverse

from kscmp_review.accounts.models import User
from kscmp_review.audit.models import AuditEvent
from tests import build
from tests.accounts.test_every_address import ROWS as ACCOUNT_ROWS
from tests.accounts.test_every_address import address
from tests.test_authorisation import ROWS, names
from tests.world import World, world

Sender = Callable[[Client, str], Any]


def without_token(client: Client, url: str) -> Any:
    return client.post(url, {"text": "Forged"})


def with_a_wrong_token(client: Client, url: str) -> Any:
    return client.post(url, {"text": "Forged", "csrfmiddlewaretoken": "a" * 64})


def with_a_wrong_header(client: Client, url: str) -> Any:
    return client.post(url, {"text": "Forged"}, headers={"X-CSRFToken": "a" * 64})


SENDERS: tuple[Sender, ...] = (without_token, with_a_wrong_token, with_a_wrong_header)


def addresses(here: World) -> dict[str, str]:
    """Every address of the program, by the name of its page."""
    found = {row.name: reverse(row.name, args=row.arguments(here)) for row in ROWS}
    found |= {name: address(name) for name in ACCOUNT_ROWS}
    found |= {name: reverse(name) for name in ("home", "review_create", "healthz", "readyz", "metrics")}
    return found | {"offer_accept": reverse("offer_accept", args=[here.offer.pk])}


def let_through(client: Client, here: World) -> Iterator[str]:
    """Each address and way of forging that is answered with anything but a refusal."""
    for name, url in addresses(here).items():
        for send in SENDERS:
            if send(client, url).status_code != 403:
                yield f"{name} {send.__name__}"


class TestForgedForms(TestCase):
    here: World

    @classmethod
    def setUpTestData(cls) -> None:
        cls.here = world("babies", first_id=7001001)

    def browser(self, user: User) -> Client:
        """Signed in, with the cookie of a page that has been opened."""
        client = Client(enforce_csrf_checks=True)
        client.force_login(user)
        client.get(reverse("account_logout"))
        assert settings.CSRF_COOKIE_NAME in client.cookies
        return client

    def test_no_address_is_left_out(self) -> None:
        assert set(addresses(self.here)) == names()

    def test_every_address_refuses_them(self) -> None:
        assert list(let_through(self.browser(self.here.people["business"]), self.here)) == []

    def test_a_stranger_is_refused_as_well(self) -> None:
        client = Client(enforce_csrf_checks=True)
        assert list(let_through(client, self.here)) == []

    def test_an_address_that_asks_for_no_token_is_noticed(self) -> None:
        from cases.views.members import offer_again

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(offer_again, "csrf_exempt", True, raising=False)
            found = list(let_through(self.browser(self.here.people["business"]), self.here))
        assert found == [f"offer_again {send.__name__}" for send in SENDERS]

    def test_the_token_of_ones_own_page_is_good(self) -> None:
        client = self.browser(self.here.people["business"])
        url = reverse("offer_again", args=[self.here.review.slug, self.here.offer.pk])
        token = client.cookies[settings.CSRF_COOKIE_NAME].value
        assert client.post(url, {"csrfmiddlewaretoken": token}).status_code == 302

    def test_it_is_an_event_that_quotes_nothing(self) -> None:
        bola = self.here.people["business"]
        without_token(self.browser(bola), reverse("members", args=[self.here.review.slug]))
        event = AuditEvent.objects.newest_first()[0]
        assert (event.action, event.actor_id) == ("form.refused", bola.pk)
        assert (event.object_type, event.object_id, event.review_id) == ("page", "members", None)
        assert event.after == {"method": "POST"}

    def test_a_strangers_is_a_log_line_and_no_event(self) -> None:
        before = AuditEvent.objects.count()
        without_token(Client(enforce_csrf_checks=True), reverse("account_login"))
        assert AuditEvent.objects.count() == before


@pytest.mark.django_db
def test_the_page_says_what_to_do() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(build.user("nell"))
    answer = client.post("/")
    assert answer.status_code == 403
    assert "text/html" in answer["Content-Type"]
