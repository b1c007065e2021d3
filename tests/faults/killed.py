"""A process that is killed, as by a power cut, before one of the statements that an action sends."""

import os
import signal
from collections.abc import Callable
from typing import Any

from django.db import connection


class Countdown:
    """An execute wrapper that lets `left` statements through and kills the process at the next."""

    def __init__(self, left: int) -> None:
        self.left = left

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1
        return execute(sql, params, many, context)


class Counter:
    """An execute wrapper that counts statements."""

    def __init__(self) -> None:
        self.statements = 0

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        self.statements += 1
        return execute(sql, params, many, context)


def statements_of(act: Callable[[], object]) -> int:
    """How many statements the act sends before it commits; a process does it that never commits."""
    reading, writing = os.pipe()

    def counted() -> None:
        counter = Counter()

        def told() -> None:
            os.write(writing, str(counter.statements).encode())
            os._exit(0)

        connection._commit = told  # type: ignore[attr-defined]
        with connection.execute_wrapper(counter):
            act()

    in_a_process(counted)
    os.close(writing)
    with os.fdopen(reading) as told:
        return int(told.read())


def killed_before(statement: int, act: Callable[[], object]) -> bool:
    """Do the act in a process that is killed before this statement, counted from 0; whether it was killed."""

    def doomed() -> None:
        with connection.execute_wrapper(Countdown(statement)):
            act()

    return os.WIFSIGNALED(in_a_process(doomed))


def killed_once_committed(act: Callable[[], object]) -> bool:
    """Do the act in a process that is killed as soon as the database has committed it."""

    def doomed() -> None:
        real = connection._commit  # type: ignore[attr-defined]

        def commit() -> None:
            real()
            os.kill(os.getpid(), signal.SIGKILL)

        connection._commit = commit  # type: ignore[attr-defined]
        act()

    return os.WIFSIGNALED(in_a_process(doomed))


def in_a_process(act: Callable[[], object]) -> int:
    """Fork, with no connection shared, and give the status that the child ended with."""
    connection.close()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            act()
            status = 0
        finally:
            os._exit(status)
    return os.waitpid(child, 0)[1]
