"""An application server of the demonstration on a database of the test's, and people who use it."""

import http.client
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urljoin

from bin.rehearsal import free_port, started, wait_for
from bin.run_tests import environment
from tests.beyond.forms import filled
from tests.programs import SERVICE

ROOT = Path(__file__).resolve().parent.parent.parent
REVIEW = "/reviews/nai-2022/"
ACCOUNT = re.compile(r"^ +(\S+@\S+) +(\S+) ", re.MULTILINE)


@dataclass(frozen=True)
class House:
    """A database with the demonstration on it, and the passwords of its accounts by name ("reviewer")."""

    env: Mapping[str, str]
    passwords: Mapping[str, str]


def demonstration(folder: Path, address: str) -> House:
    env = {**environment(), "DATABASE_URL": address, "KSCMP_VAR": str(folder), "KSCMP_PLAIN_STATIC": "1"}
    manage(env, "migrate", "--verbosity=0")
    told = manage(env, "demo")
    return House(env, {email.split("@", 1)[0]: password for email, password in ACCOUNT.findall(told)})


def manage(env: Mapping[str, str], *command: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@dataclass(frozen=True)
class Served:
    port: int
    log: Path
    process: "subprocess.Popen[bytes]"

    @property
    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def kill(self) -> None:
        """As if its machine lost power: no worker finishes what it began."""
        for pid in [self.process.pid, *self.workers]:
            os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def logged(self, words: str) -> int:
        """How many lines of its log hold these words."""
        return sum(words in line for line in self.log.read_text().splitlines())


@contextmanager
def serving(env: Mapping[str, str], folder: Path, *, workers: int = 1, port: int = 0) -> Iterator[Served]:
    """An application server, from when it answers; on a free port where none is told."""
    port = port or free_port()
    told = {**env, "KSCMP_BIND": f"127.0.0.1:{port}", "KSCMP_WORKERS": str(workers)}
    file = folder / f"{port}.log"
    with (
        file.open("ab") as log,
        started([sys.executable, *SERVICE], cwd=ROOT, env=told, log=log) as process,
    ):
        wait_for("the service", lambda: Person(port).ask("/readyz")[0] == 200)
        yield Served(port, file, process)


class Person:
    """Somebody at a browser over plain HTTP, on this machine: keeps cookies, follows no redirect."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.went_to = ""

    def ask(self, path: str, form: Mapping[str, str] | None = None) -> tuple[int, str]:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        # The service's name without a port, as a proxy passes it on: wrong passwords are counted by it, too.
        headers = {"Cookie": cookies, "Host": "127.0.0.1"}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            body = None if form is None else urlencode(form)
            link.request("GET" if form is None else "POST", path, body, headers)
            response = link.getresponse()
            page = response.read().decode(errors="replace")
        finally:
            link.close()
        for line in response.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: crumb.value for name, crumb in SimpleCookie(line).items()}
        self.went_to = response.headers.get("Location", "")
        return response.status, page

    def read(self, path: str) -> str:
        status, page = self.ask(path)
        assert status == 200, f"{path} answers {status}"
        return page

    def send(self, path: str, **typed: str) -> int:
        """Open the page, fill in its form and send it; the status."""
        action, form = filled(self.read(path), typed)
        return self.ask(urljoin(path, action), form)[0]

    def sign_in(self, house: House, name: str) -> "Person":
        status = self.send("/accounts/login/", login=f"{name}@kscmp.example", password=house.passwords[name])
        assert status == 302
        return self
