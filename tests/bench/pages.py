"""Whole pages by the second, beside a page of Django that says hello behind the same middleware.

Both are served by gunicorn as the service is, with two workers, and asked in turns by four people who keep
their connections. What a page asks of the database, and how long it is, stand below.
"""

import gzip
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import NamedTuple

from django.conf import settings
from django.db import connections
from django.test import Client
from django.urls import reverse

from kscmp_review.accounts.models import User
from tests.bench.database_time import statements_of
from tests.bench.loading import pages_a_second
from tests.bench.long_text import THEMES
from tests.bench.reviews import business_team, review_of
from tests.bench.timing import Row, measure
from tests.bench.visiting import free_port, wait_until_serving
from tests.programs import SERVICE
from tests.themes import build
from themes.models import Passage, Tag

CASES, NOTES, WORKERS = 100, 40, "2"
GOAL = 0.08
SECONDS = 5.0
# As the proxy of docs/deploy compresses, where a page of ours asked (docs/adr/0053).
LEVEL = 4


class Page(NamedTuple):
    """A page by its name, its address, and who opens it."""

    name: str
    address: str
    client: Client
    goal: float | None = None

    @property
    def cookie(self) -> str:
        name = settings.SESSION_COOKIE_NAME
        return f"{name}={self.client.cookies[name].value}"

    def content(self) -> bytes:
        response = self.client.get(self.address)
        assert response.status_code == 200, (self.name, response.status_code)
        return bytes(response.content)


def signed_in(user: User) -> Client:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    return client


def pages() -> list[Page]:
    """Filled as real ones are: fifty cases by rank, forty notes of one case, each tagged with two themes."""
    review = review_of(CASES, wanted=6)
    home = build.house()
    themes = [build.theme(home, name) for name in THEMES]
    findings = [build.finding(home, f"Checks of week {number} were sent.") for number in range(NOTES)]
    passages = Passage.objects.bulk_create(
        Passage(case=home.cases[0], finding=finding, start=0, end=6, marked_by=home.reviewer)
        for finding in findings
    )
    Tag.objects.bulk_create(
        Tag(passage=passage, theme=themes[(number + step) % len(themes)], tagged_by=home.reviewer)
        for number, passage in enumerate(passages)
        for step in (0, 7)
    )
    of_cases, reviewer = [home.review.slug, home.cases[0].public_id], signed_in(home.reviewer)
    team = signed_in(business_team())
    return [
        Page("selection page of 50", reverse("selection", args=[review.slug]), team, GOAL),
        Page(f"case page with {NOTES} notes", reverse("case", args=of_cases), reviewer, GOAL),
        Page(f"matrix of {len(THEMES)} themes", reverse("matrix", args=[home.review.slug]), reviewer),
        Page("home", reverse("home"), reviewer),
    ]


class Server(NamedTuple):
    """Where it is asked, and the process whose children do the work."""

    port: int
    pid: int


@contextmanager
def served(module: str, workers: str = WORKERS) -> Iterator[Server]:
    """A server with the settings of `module`, as docs/deploy starts it."""
    port = free_port()
    environ = os.environ | {
        "DJANGO_SETTINGS_MODULE": module,
        "KSCMP_WORKERS": workers,
        "KSCMP_BIND": f"127.0.0.1:{port}",
    }
    # A worker renewed within a turn would be timed as well: here none is.
    command = [sys.executable, *SERVICE, "--max-requests", "0"]
    with subprocess.Popen(command, env=environ, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            wait_until_serving(port, server)
            yield Server(port, server.pid)
        finally:
            server.terminate()


def rows() -> Iterator[Row]:
    asked = pages()
    for page in asked:
        yield from figures(page)
    connections.close_all()
    with ExitStack() as servers:
        ours = servers.enter_context(served("kscmp_review.settings"))
        reference = servers.enter_context(served("tests.bench.hello"))
        for page in asked:
            yield throughput(page, ours.port, reference.port)


def throughput(page: Page, ours: int, reference: int) -> Row:
    mine, theirs = (
        partial(pages_a_second, ours, page.address, page.cookie),
        partial(pages_a_second, reference, "/"),
    )
    mine(), theirs()  # workers that have not answered yet are slow once
    row = measure(f"{page.name}, a second", mine, theirs, goal=page.goal, seconds=SECONDS, unit="/s")
    return row._replace(at_least=True)


def figures(page: Page) -> Iterator[Row]:
    """What the page asks of the database (beside twelve), and its bytes as sent and before that."""
    page.content()
    found = statements_of(page.content)
    yield Row(f"{page.name}, statements", found.number, 12, unit="statements")
    content = page.content()
    packed = len(gzip.compress(content, LEVEL))
    yield Row(f"{page.name}, bytes, compressed ÷ written", packed, len(content), unit="bytes")
