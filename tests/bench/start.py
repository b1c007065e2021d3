"""From starting a server to its first page, beside the same apps and middleware that say hello."""

from collections.abc import Iterator
from time import perf_counter

from django.urls import reverse

from tests.bench.pages import served
from tests.bench.timing import Measured, Row, measure
from tests.bench.visiting import Visitor

GOAL = 1.5
SECONDS = 12.0


def first_page(module: str, address: str) -> Measured:
    """Seconds from the start of gunicorn until the page has come."""

    def measured() -> float:
        began = perf_counter()
        with served(module) as server:
            Visitor(server.port).get(address)
            return perf_counter() - began

    return measured


def rows() -> Iterator[Row]:
    yield measure(
        "first page after start",
        first_page("kscmp_review.settings", reverse("account_login")),
        first_page("tests.bench.hello", "/"),
        goal=GOAL,
        seconds=SECONDS,
    )
