"""An application server of the demonstration on a database of the test's, and people who use it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bin.rehearsal import Person, free_port, started, wait_for
from bin.run_tests import environment
from tests.processes import children_of
from tests.programs import SERVICE

ROOT = Path(__file__).resolve().parent.parent.parent
REVIEW = "/reviews/nai-2022/"
ACCOUNT = re.compile(r"^ +(\S+@\S+) +(\S+) ", re.MULTILINE)


@dataclass(frozen=True)
class House:
    """A database with the demonstration on it, and the passwords of its accounts by name ("reviewer")."""

    env: Mapping[str, str]
    passwords: Mapping[str, str]

    def person(self, port: int, name: str) -> Person:
        """Somebody by name, signed in at the server of that port."""
        return Person(port).sign_in(f"{name}@kscmp.example", self.passwords[name])


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
        return children_of(self.process.pid)

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
