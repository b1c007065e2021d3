"""What a worker holds in memory: once it has answered, and after hundreds of pages, beside a bare one.

Resident memory, as the system tells it, of the one worker of a server. The bare one is Django with a page
that says hello; it is asked for that as often.
"""

from collections.abc import Iterator

from django.conf import settings
from django.db import connections

from tests.bench.pages import Page, pages, served
from tests.bench.timing import Row
from tests.bench.visiting import Visitor
from tests.processes import bytes_held, children_of

PAGES = 500
ONE = "1"
# The second half of the pages may not leave behind what the first has not.
FLAT = 1.1


def rows() -> Iterator[Row]:
    asked = pages()
    connections.close_all()
    ours = held("kscmp_review.settings", asked)
    bare = held("tests.bench.bare", [])
    for when in (0, PAGES):
        name = f"a worker after {when} pages" if when else "a worker after its start"
        yield Row(f"memory of {name}", ours[when], bare[when], unit="B")
    half = PAGES // 2
    yield Row(f"memory of a worker, {PAGES} pages ÷ {half}", ours[PAGES], ours[half], goal=FLAT, unit="B")


def held(module: str, asked: list[Page]) -> dict[int, float]:
    """Pages answered → bytes the worker then held; without pages to ask for, the front page each time."""
    with served(module, workers=ONE) as server:
        visitors = [(visitor_of(page, server.port), page.address) for page in asked]
        visitors = visitors or [(Visitor(server.port), "/")]
        found = {0: resident(server.pid)}
        for number in range(PAGES):
            visitor, address = visitors[number % len(visitors)]
            visitor.get(address)
            if number + 1 in (PAGES // 2, PAGES):
                found[number + 1] = resident(server.pid)
    return found


def visitor_of(page: Page, port: int) -> Visitor:
    name = settings.SESSION_COOKIE_NAME
    return Visitor(port, {name: page.client.cookies[name].value})


def resident(server: int) -> float:
    """Bytes of the one worker that the server's process has started."""
    (worker,) = children_of(server)
    held = bytes_held(worker)
    assert held, "this system does not say how much memory a process has"
    return float(held)
