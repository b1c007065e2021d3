"""What every response carries: pages, errors, redirects and downloads alike."""

import re
from collections.abc import Iterator
from typing import Any

from django.test import Client, TestCase
from django.urls import reverse

from tests.test_authorisation import ROLES, ROWS
from tests.world import World, world

INLINE = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", re.IGNORECASE)


class TestEveryResponse(TestCase):
    here: World

    @classmethod
    def setUpTestData(cls) -> None:
        cls.here = world("babies", first_id=7001001)

    def responses(self) -> Iterator[tuple[str, Any]]:
        for role in ROLES:
            client = Client()
            client.force_login(self.here.people[role])
            for row in ROWS:
                yield f"{role} {row}", client.get(reverse(row.name, args=row.arguments(self.here)))
        for url in ("/accounts/login/", "/accounts/password/reset/", "/healthz", "/nowhere/"):
            yield url, Client().get(url)

    def test_the_content_policy_lets_nothing_in_but_our_own_files(self) -> None:
        for name, response in self.responses():
            policy = response.get("Content-Security-Policy", "")
            assert "default-src 'none'" in policy, name
            assert "unsafe" not in policy, name

    def test_no_page_needs_an_inline_style_or_script(self) -> None:
        faults = [
            (name, INLINE.findall(response.content.decode()))
            for name, response in self.responses()
            if response.get("Content-Type", "").startswith("text/html")
            and INLINE.search(response.content.decode())
        ]
        assert faults == []

    def test_nothing_is_stored_framed_or_sniffed_and_no_address_leaks(self) -> None:
        for name, response in self.responses():
            assert "no-store" in response.get("Cache-Control", ""), name
            assert response.get("X-Frame-Options") == "DENY", name
            assert response.get("X-Content-Type-Options") == "nosniff", name
            assert response.get("Referrer-Policy") == "same-origin", name

    def test_no_address_title_or_header_holds_a_liberi_id(self) -> None:
        ids = [case.liberi_id for case in self.here.review.cases.all()]
        for name, response in self.responses():
            told = " ".join(
                [*map(str, response.items()), *re.findall(r"<title>.*?</title>", str(response.content))]
            )
            assert not any(liberi_id in told for liberi_id in ids), name

    def test_the_detector_sees_an_inline_handler(self) -> None:
        assert INLINE.search('<a onclick="x()">')
        assert INLINE.search("<script>1</script>")
        assert not INLINE.search('<script type="module" src="/static/js/house.js"></script>')
