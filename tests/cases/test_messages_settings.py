"""Where the environment says e-mail goes, and what is refused because it would weaken the service."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from kscmp_review.mail import base_url, mail_server


def test_nothing_configured_is_no_mail_server() -> None:
    assert mail_server("") is None


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", ("mail.example", 587, "", "", "starttls")),
        ("smtp://mail.example?tls=implicit", ("mail.example", 465, "", "", "implicit")),
        ("smtp://u:p%40ss@mail.example:2525/?tls=starttls", ("mail.example", 2525, "u", "p@ss", "starttls")),
        ("smtp://127.0.0.1?tls=none", ("127.0.0.1", 25, "", "", "none")),
    ],
)
def test_a_mail_server_is_read_from_its_address(url: str, server: tuple[str, int, str, str, str]) -> None:
    assert mail_server(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "mail.example",
        "http://mail.example",
        "smtp://",
        "smtp://mail.example:port",
        "smtp://mail.example?tls=maybe",
        "smtp://mail.example?tsl=starttls",
        "smtp://mail.example/queue",
        "smtp://mail.example?tls",
    ],
)
def test_an_address_that_cannot_be_read_stops_the_service(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="must read smtp://"):
        mail_server(url)


def test_a_server_elsewhere_is_not_spoken_to_in_clear() -> None:
    with pytest.raises(ImproperlyConfigured, match="this machine itself only"):
        mail_server("smtp://mail.example?tls=none")


@pytest.mark.parametrize(
    ("configured", "hosts", "expected"),
    [
        ("", [], "http://127.0.0.1:8100"),
        ("", ["review.example", "other.example"], "https://review.example"),
        ("https://review.example/", ["review.example"], "https://review.example"),
        ("http://localhost:8000", [], "http://localhost:8000"),
    ],
)
def test_links_begin_with_the_address_people_use(configured: str, hosts: list[str], expected: str) -> None:
    assert base_url(configured, hosts, "8100") == expected


@pytest.mark.parametrize(
    ("configured", "hosts"),
    [("http://review.example", ["review.example"]), ("", [".review.example"]), ("review.example", [])],
)
def test_an_address_that_people_cannot_use_stops_the_service(configured: str, hosts: list[str]) -> None:
    with pytest.raises(ImproperlyConfigured, match="KSCMP_BASE_URL"):
        base_url(configured, hosts, "8000")
