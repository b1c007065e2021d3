"""A visitor who keeps one connection and their cookies, so that only the server's work is timed."""

import socket
import subprocess
import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, RemoteDisconnected
from http.cookies import SimpleCookie

PATIENCE = 60.0


class Visitor:
    """Speaks to a server of this machine over one connection."""

    def __init__(self, port: int, cookies: Mapping[str, str] | None = None) -> None:
        self.port = port
        self.cookies = dict(cookies or {})
        self.line = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def get(self, address: str) -> bytes:
        return self._ask("GET", address, b"", {})

    def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        return self._ask("POST", address, body, headers)

    def _ask(self, method: str, address: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        asked = method, address, body or None, {"Cookie": cookies, **headers}
        try:
            self.line.request(*asked)
            answer = self.line.getresponse()
        except (RemoteDisconnected, BrokenPipeError):
            # A server closes a line that was idle while the other side was asked.
            self.line.close()
            self.line.request(*asked)
            answer = self.line.getresponse()
        content = answer.read()
        for sent in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: crumb.value for name, crumb in SimpleCookie(sent).items()}
        if answer.status >= 400:
            raise RuntimeError(f"{method} {address} answers {answer.status}: {content[:300]!r}")
        return content


def free_port() -> int:
    with socket.socket() as ear:
        ear.bind(("127.0.0.1", 0))
        port: int = ear.getsockname()[1]
    return port


def wait_until_serving(port: int, server: "subprocess.Popen[str]") -> None:
    """Until the server answers anything at all; RuntimeError when it ends instead."""
    last = time.monotonic() + PATIENCE
    while time.monotonic() < last:
        if server.poll() is not None:
            raise RuntimeError(f"the server ended with {server.returncode}")
        try:
            line = HTTPConnection("127.0.0.1", port, timeout=1)
            line.request("GET", "/")
            line.getresponse().read()
            return
        except (OSError, HTTPException):
            time.sleep(0.05)
    raise RuntimeError("the server does not answer")
