"""Static files are named by their content, kept for ever and compressed beforehand; pages are not."""

import gzip
import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
from django.conf import settings
from django.core.management import call_command
from django.templatetags.static import static
from django.test import Client, override_settings
from django.urls import reverse

from tests import build

pytestmark = pytest.mark.django_db
COLLECTED = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
TEN_YEARS = "max-age=315360000, public, immutable"
NAMED = re.compile(r'(?:href|src)="(/static/[^"]+)"')


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The static files collected as where the program is installed."""
    storages = {**settings.STORAGES, "staticfiles": COLLECTED}
    with override_settings(STATIC_ROOT=str(tmp_path_factory.mktemp("static")), STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
        yield


class Sent(NamedTuple):
    """What came, read to its end."""

    status: int
    headers: Mapping[str, str]
    content: bytes


def asked(address: str, **headers: str) -> Sent:
    with closing(Client().get(address, headers=headers)) as answer:
        return Sent(answer.status_code, dict(answer.headers), answer.getvalue())


def test_every_file_that_a_page_names_is_kept_for_ever(served: None) -> None:
    named = NAMED.findall(asked(reverse("account_login")).content.decode())
    assert len(named) > 3
    told = {address: asked(address).headers["Cache-Control"] for address in named}
    assert told == dict.fromkeys(named, TEN_YEARS)


def test_the_control_a_file_asked_for_by_its_plain_name_is_not(served: None) -> None:
    assert asked("/static/css/house.css").headers["Cache-Control"] == "max-age=60, public"


def test_a_style_is_sent_compressed_to_whoever_takes_it_so_and_is_the_same(served: None) -> None:
    address = static("css/house.css")
    plain, packed = asked(address), asked(address, accept_encoding="gzip")
    assert ("Content-Encoding" in plain.headers, packed.headers["Content-Encoding"]) == (False, "gzip")
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert len(packed.content) < len(plain.content) / 2
    assert gzip.decompress(packed.content) == plain.content == Path("static/css/house.css").read_bytes()


def test_whoever_holds_a_file_is_told_that_it_is_the_same(served: None) -> None:
    address = static("css/house.css")
    again = asked(address, if_none_match=asked(address).headers["ETag"])
    assert (again.status, again.content) == (304, b"")
    assert asked(address, if_none_match='"another"').status == 200


@pytest.mark.parametrize("signed_in", [True, False])
def test_a_page_is_neither_stored_nor_compressed_nor_tagged_by_the_program(signed_in: bool) -> None:
    client = Client(headers={"accept-encoding": "gzip", "sec-fetch-site": "same-origin"})
    if signed_in:
        client.force_login(build.user("ada", opens_reviews=True))
    page = client.get(reverse("home"), follow=True)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert not any(page.has_header(name) for name in ("ETag", "Last-Modified", "Content-Encoding"))
