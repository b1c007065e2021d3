"""Two application servers behind nginx, as the guide sets it up: what they share, and one of them lost."""

import gzip
import os
import re
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPException
from pathlib import Path

import pytest

from bin.rehearsal import Person, StepFailed, free_port, started, wait_for
from bin.rehearse_deploy import NGINX
from tests.beyond.service import REVIEW, ROOT, House, Served, demonstration, serving
from tests.postgres import running_server

pytestmark = [pytest.mark.long, pytest.mark.rehearsal]
CASE = re.compile(rf'href="({REVIEW}cases/[^"/]+/)"')
PEOPLE = 4
# Of the guide's own file; that it ends TLS as well is rehearsed by bin/rehearse_deploy.py.
UPSTREAM = re.compile(r"^upstream .*?^}", re.MULTILINE | re.DOTALL)
LOCATION = re.compile(r"^    location / .*?^    }", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_server() as server:
        found = demonstration(tmp_path_factory.mktemp("two"), server.address)
        yield House({**found.env, "KSCMP_TRUSTED_PROXIES": "1"}, found.passwords)


@contextmanager
def proxy(folder: Path, ports: tuple[int, int]) -> Iterator[int]:
    """nginx before both; its port."""
    guide, port = (ROOT / "docs" / "deploy" / "nginx.conf").read_text(), free_port()
    upstream = UPSTREAM.findall(guide)[0]
    for of_guide, ours in zip(("8001", "8002"), ports, strict=True):
        upstream = upstream.replace(f":{of_guide} ", f":{ours} ")
    site = folder / "site.conf"
    site.write_text(f"{upstream}\nserver {{ listen 127.0.0.1:{port}; {LOCATION.findall(guide)[0]} }}\n")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds) + " access_log off;"
    main = folder / "nginx.conf"
    main.write_text(NGINX.format(run=folder, temporary=temporary, site=site))
    command = ["nginx", "-p", str(folder), "-c", str(main)]
    with (folder / "nginx.out").open("wb") as log, started(command, cwd=folder, env=os.environ, log=log):
        wait_for("the proxy", lambda: Person(port).ask("/readyz")[0] == 200)
        yield port


class Worker(threading.Thread):
    """A reviewer who reads and writes without end, and tries once more what went wrong."""

    def __init__(self, port: int, house: House, over: threading.Event) -> None:
        super().__init__()
        self.person = house.person(port, "reviewer")
        self.case = CASE.findall(self.person.read(f"{REVIEW}cases/"))[0]
        self.over = over
        self.failed = self.read = 0
        self.written: list[str] = []

    def run(self) -> None:
        while not self.over.is_set():
            words = f"Number {len(self.written)} of {self.name}."
            if self.twice(lambda words=words: self.write(words)):
                self.written.append(words)
            self.read += self.twice(lambda: self.person.ask(f"{REVIEW}matrix/")[0] == 200)

    def write(self, words: str) -> bool:
        typed = {"record_kind": "case note", "expectation": "expected", "quality": "strength"}
        return self.person.send(f"{self.case}findings/new/", text=words, **typed) == 302

    def twice(self, act) -> bool:
        done = attempted(act) or attempted(act)
        self.failed += not done
        return done


def attempted(act) -> bool:
    try:
        return bool(act())
    except (OSError, HTTPException, StepFailed, LookupError):
        return False


def test_a_session_begun_at_one_server_is_known_at_the_other(house: House, tmp_path: Path) -> None:
    with serving(house.env, tmp_path) as one, serving(house.env, tmp_path) as other:
        person = house.person(one.port, "business-team")
        person.port = other.port
        assert person.ask(f"{REVIEW}selection/")[0] == 200
        wrong = [one, one, one, other, other]
        assert not signs_in_after(wrong, house, "board-reader", at=one)
        assert not signs_in_after([], house, "board-reader", at=other)
        # The control: one wrong password fewer, and the right one opens.
        assert signs_in_after(wrong[1:], house, "lead-north", at=one)


def signs_in_after(wrong: list[Served], house: House, name: str, *, at: Served) -> bool:
    email = f"{name}@kscmp.example"
    for served in wrong:
        assert Person(served.port).send("/accounts/login/", login=email, password="not the password") == 200
    status = Person(at.port).send("/accounts/login/", login=email, password=house.passwords[name])
    return status == 302


def test_a_page_is_compressed_where_one_of_ours_asked_for_it_and_nowhere_else(
    house: House, tmp_path: Path
) -> None:
    with serving(house.env, tmp_path) as one, proxy(tmp_path, (one.port, one.port)) as port:
        person, page = house.person(port, "business-team"), f"{REVIEW}selection/"

        def asked(**headers: str) -> bytes:
            status, content = person.ask_for_bytes(page, headers)
            assert status == 200
            return content

        for site in ("cross-site", "same-site", "none"):
            asked(**{"Accept-Encoding": "gzip", "Sec-Fetch-Site": site})
            assert "content-encoding" not in person.headers, site
        asked(**{"Accept-Encoding": "gzip"})
        assert "content-encoding" not in person.headers
        small = asked(**{"Accept-Encoding": "gzip", "Sec-Fetch-Site": "same-origin"})
        assert person.headers["content-encoding"] == "gzip"
        whole = gzip.decompress(small)
        assert whole.rstrip().endswith(b"</html>")
        assert len(small) < len(whole) / 5
        assert "no-store" in person.headers["cache-control"]


def test_a_server_killed_under_load_is_missed_by_nobody_who_tries_once_more(
    house: House, tmp_path: Path
) -> None:
    ports, over = (free_port(), free_port()), threading.Event()
    with ExitStack() as stack:
        one, other = (stack.enter_context(serving(house.env, tmp_path, port=port)) for port in ports)
        port = stack.enter_context(proxy(tmp_path, ports))
        people = [Worker(port, house, over) for _ in range(PEOPLE)]
        with at_work(people, over):
            some_work(people)
            one.kill()
            some_work(people)
            stack.enter_context(serving(house.env, tmp_path, port=one.port))
            some_work(people)
            # With the other gone as well, the work goes on at the one that is back alone.
            other.kill()
            some_work(people)
    assert [person.failed for person in people] == [0] * PEOPLE
    with serving(house.env, tmp_path) as served:
        page = house.person(served.port, "reviewer").read(people[0].case)
    assert [words for person in people for words in person.written if words not in page] == []


@contextmanager
def at_work(people: list[Worker], over: threading.Event) -> Iterator[None]:
    for person in people:
        person.start()
    try:
        yield
    finally:
        over.set()
        for person in people:
            person.join()


def some_work(people: list[Worker]) -> None:
    """Until each has written and read three times more."""
    before = [(len(person.written), person.read) for person in people]

    def is_done() -> bool:
        return all(
            len(person.written) >= written + 3 and person.read >= read + 3
            for person, (written, read) in zip(people, before, strict=True)
        )

    wait_for("three rounds of each", is_done)
