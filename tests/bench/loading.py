"""How many pages a second a server gives to a few who ask again as soon as they are answered.

Whole requests are sent and bytes read off bare sockets, so that asking costs next to nothing beside
answering: it runs on the same processors.
"""

import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import perf_counter

CONNECTIONS = 4
SECONDS_A_TURN = 1.0
PATIENCE = 30.0
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)


def pages_a_second(port: int, address: str, cookie: str = "", *, seconds: float = SECONDS_A_TURN) -> float:
    """Answered requests a second over all connections; an answer other than 200 is a RuntimeError."""
    head = [f"GET {address} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    request = "\r\n".join([*head, *([f"Cookie: {cookie}"] if cookie else []), "", ""]).encode()
    began = perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as people:
        numbers = people.map(lambda _: _asked(port, request, began + seconds), range(CONNECTIONS))
        number = sum(numbers)
    return number / (perf_counter() - began)


def _asked(port: int, request: bytes, until: float) -> int:
    number = 0
    with _line(port) as line:
        while perf_counter() < until:
            line.sendall(request)
            _read_answer(line)
            number += 1
    return number


@contextmanager
def _line(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield line


def _read_answer(line: socket.socket) -> None:
    """One answer to its last byte."""
    got = b""
    while b"\r\n\r\n" not in got:
        got += _more(line)
    head, _, body = got.partition(b"\r\n\r\n")
    length = LENGTH.search(head + b"\r\n")
    if not head.startswith(b"HTTP/1.1 200 ") or length is None:
        raise RuntimeError(f"not a whole page: {head[:200]!r}")
    missing = int(length[1]) - len(body)
    while missing > 0:
        missing -= len(_more(line))


def _more(line: socket.socket) -> bytes:
    block = line.recv(1 << 18)
    if not block:
        raise RuntimeError("the server closed the line")
    return block
