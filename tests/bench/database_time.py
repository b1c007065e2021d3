"""What an action costs the database: how many statements, and how much of its time."""

from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

from django.db import connection


class Statements:
    """The statements executed inside, each with its seconds (see `clock`)."""

    def __init__(self) -> None:
        self.each: list[tuple[float, str]] = []
        self._now = clock()

    @property
    def seconds(self) -> float:
        return sum(taken for taken, _ in self.each)

    @property
    def number(self) -> int:
        return sum(not sql.startswith("BEGIN") for _, sql in self.each)  # as SQLite alone is told

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        start = self._now()
        try:
            return execute(sql, params, many, context)
        finally:
            self.each.append((self._now() - start, sql))


def clock() -> Callable[[], float]:
    """Seconds of processor time of the server's process for this connection: planning, execution, sending.

    What else runs on the machine does not change it. By the clock on the wall where the server is not a
    process of this machine, or has none of its own.
    """
    if connection.vendor != "postgresql":
        return perf_counter
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    file = Path(f"/proc/{pid}/schedstat")
    if not file.exists():
        return perf_counter
    return lambda: int(file.read_text().split()[0]) / 1e9


def statements_of(action: Callable[[], object]) -> Statements:
    """What an action asks of the database."""
    found = Statements()
    with connection.execute_wrapper(found):
        action()
    return found


def database_seconds(action: Callable[[], object]) -> float:
    return statements_of(action).seconds
