"""Several people at the same moment, each with a connection of their own."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

RUNS = 200


def all_at_once(acts: Sequence[Callable[[], str]]) -> list[str]:
    """What each made of the same moment, in the order given; an error that none of them expects is raised."""
    start = Barrier(len(acts))

    def one(act: Callable[[], str]) -> str:
        try:
            start.wait(timeout=60)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(one, acts))


def tally(acts: Sequence[Callable[[], str]]) -> Counter[str]:
    return Counter(all_at_once(acts))
