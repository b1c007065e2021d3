"""What every response carries: pages, errors, redirects and downloads alike."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from unittest import mock

from django.test import Client, TestCase
from django.urls import reverse

from kscmp_review.accounts.models import User
from tests import build
from tests.accounts.test_every_address import ROWS as ACCOUNT_ROWS
from tests.accounts.test_every_address import address
from tests.test_authorisation import ROLES, ROWS
from tests.world import World, world

INLINE = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", re.IGNORECASE)


class Answer(NamedTuple):
    headers: dict[str, str]
    content: bytes

    @property
    def is_page(self) -> bool:
        """A page to be shown; a report that is saved as a file carries its own print style."""
        shown = "attachment" not in self.headers.get("Content-Disposition", "")
        return shown and self.headers.get("Content-Type", "").startswith("text/html")


class TestEveryResponse(TestCase):
    """Every page is asked for once; each test looks at all the answers."""

    ids: list[str]
    answers: dict[str, Answer]

    @classmethod
    def setUpTestData(cls) -> None:
        here = world("babies", first_id=7001001)
        cls.ids = [case.liberi_id for case in here.review.cases.all()]
        cls.answers = dict(responses(here))

    def test_the_content_policy_lets_nothing_in_but_our_own_files(self) -> None:
        for name, response in self.answers.items():
            policy = response.headers.get("Content-Security-Policy", "")
            assert "default-src 'none'" in policy, name
            assert "frame-ancestors 'none'" in policy, name
            assert "unsafe" not in policy, name

    def test_no_page_needs_an_inline_style_or_script(self) -> None:
        pages = {
            name: response.content.decode() for name, response in self.answers.items() if response.is_page
        }
        assert len(pages) > len(ROLES)
        assert {name: INLINE.findall(page) for name, page in pages.items() if INLINE.search(page)} == {}

    def test_nothing_is_stored_framed_or_sniffed_and_no_address_leaks(self) -> None:
        for name, response in self.answers.items():
            assert "no-store" in response.headers.get("Cache-Control", ""), name
            assert response.headers.get("X-Frame-Options") == "DENY", name
            assert response.headers.get("X-Content-Type-Options") == "nosniff", name
            assert response.headers.get("Referrer-Policy") == "same-origin", name

    def test_only_a_file_that_never_changes_has_a_tag(self) -> None:
        tagged = [name for name, response in self.answers.items() if "ETag" in response.headers]
        assert tagged
        assert [name for name in tagged if "/report/versions/" not in name] == []

    def test_no_address_title_or_header_holds_a_liberi_id(self) -> None:
        for name, response in self.answers.items():
            titles = re.findall(rb"<title>.*?</title>", response.content)
            told = " ".join(
                [name, *map(str, response.headers.items()), *(title.decode() for title in titles)]
            )
            assert not any(liberi_id in told for liberi_id in self.ids), name


def test_the_detector_sees_an_inline_handler() -> None:
    assert INLINE.search('<a onclick="x()">')
    assert INLINE.search("<script>1</script>")
    assert not INLINE.search('<script type="module" src="/static/js/house.js"></script>')


def responses(here: World) -> Iterator[tuple[str, Answer]]:
    """Each role at each address, and a few without signing in, by name; streamed ones read to their end."""
    for role in ROLES:
        client = Client()
        client.force_login(here.people[role])
        for row in ROWS:
            url = reverse(row.name, args=row.arguments(here))
            yield f"{role} {url}", answer_to(client, url)
    for url in (
        "/accounts/login/",
        "/accounts/password/reset/",
        "/healthz",
        "/readyz",
        "/metrics",
        "/nowhere/",
    ):
        yield url, answer_to(Client(), url)
    yield "a forged form", forged()
    yield "a fault of ours", of_a_fault(here)
    yield from of_accounts(build.user("ada", is_administrator=True))


def forged() -> Answer:
    response = Client(enforce_csrf_checks=True).post("/accounts/login/")
    assert response.status_code == 403
    return Answer(dict(response.headers), response.content)


def of_a_fault(here: World) -> Answer:
    client = Client(raise_request_exception=False)
    client.force_login(here.people["business"])
    with mock.patch("cases.views.data_protection.account_of", side_effect=RuntimeError):
        response = client.get(reverse("data_protection", args=[here.review.slug]))
    assert response.status_code == 500
    return Answer(dict(response.headers), response.content)


def of_accounts(administrator: User) -> Iterator[tuple[str, Answer]]:
    """Each address of accounts, to an administrator who has just given their password."""
    client = Client()
    client.post(reverse("account_login"), {"login": administrator.email, "password": build.PASSWORD})
    for name in ACCOUNT_ROWS:
        url = address(name)
        yield f"administrator {url}", answer_to(client, url)


def answer_to(client: Client, url: str) -> Answer:
    response = client.get(url)
    return Answer(dict(response.headers), response.getvalue())
