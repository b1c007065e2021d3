"""A streaming replica beside a test's PostgreSQL server."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote, unquote

import psycopg

from bin.rehearsal import wait_for
from tests.postgres import Running


class Replica:
    """Follows its primary over the socket; writes every statement that it is asked to its log."""

    def __init__(self, primary: Running, folder: Path) -> None:
        self._primary = primary
        self._data, self._socket = folder / "data", folder / "socket"
        self._log = folder / "log"
        self.address = f"postgresql://postgres@{quote(str(self._socket), safe='')}/postgres"

    def begin(self) -> None:
        source = unquote(self._primary.address.split("@", 1)[1].split("/", 1)[0])
        self._primary.program(
            "pg_basebackup", "-h", source, "-U", "postgres", "-D", str(self._data), "-R", "-X", "stream",
            "-c", "fast",
        )  # fmt: skip
        options = f'-h "" -k {self._socket} -c log_statement=all -c max_standby_streaming_delay=-1'
        self._control("-o", options, "start")
        self.caught_up()

    def stop_at_once(self) -> None:
        self._control("-m", "immediate", "stop")

    def start_again(self) -> None:
        self._control("restart")

    def pause(self) -> None:
        """Go on receiving, and show nothing of it."""
        self._query("SELECT pg_wal_replay_pause()")
        wait_for("replay paused", lambda: self._query("SELECT pg_get_wal_replay_pause_state()") == "paused")

    def promote(self) -> None:
        self._query("SELECT pg_promote()")

    def resume(self) -> None:
        self._query("SELECT pg_wal_replay_resume()")
        self.caught_up()

    def caught_up(self) -> None:
        """Wait until it shows what the primary has shown until now."""
        with psycopg.connect(self._primary.address, autocommit=True) as link:
            (now,) = link.execute("SELECT pg_current_wal_insert_lsn()::text").fetchone() or ("",)
            # One record more: the start of a page of the log is passed with the next record only.
            link.execute("SELECT pg_logical_emit_message(true, 'test', '')")
        wait_for("the replica", lambda: self._query(f"SELECT pg_last_wal_replay_lsn() >= '{now}'") is True)

    def statements(self) -> list[str]:
        """What it was asked of rows, oldest first; not where it stands."""
        lines = self._log.read_text(errors="replace").splitlines()
        asked = [line.split("statement: ", 1)[1] for line in lines if "statement: " in line]
        return [each for each in asked if "pg_" not in each and "set_config" not in each]

    def _query(self, statement: str) -> object:
        with psycopg.connect(self.address, autocommit=True) as link:
            row = link.execute(statement.encode()).fetchone()
        return row[0] if row else None

    def _control(self, *arguments: str) -> None:
        self._primary.program("pg_ctl", "-w", "-D", str(self._data), "-l", str(self._log), *arguments)


@contextmanager
def replica_of(primary: Running) -> Iterator[Replica]:
    with TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "socket").mkdir()
        folder.chmod(0o755)
        for each in (folder, folder / "socket"):
            if primary.account:
                shutil.chown(each, primary.account)
        replica = Replica(primary, folder)
        replica.begin()
        try:
            yield replica
        finally:
            replica.stop_at_once()
