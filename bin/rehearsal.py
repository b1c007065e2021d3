"""What `rehearse_deploy` needs: the guide's own steps, servers that end with it, a person at a browser."""

import http.client
import json
import re
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from ipaddress import ip_address
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlencode, urljoin

from tests.beyond.forms import filled

HOST = "review.example"
BLOCK = re.compile(r"^```sh (\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
PATIENCE_SECONDS = 60.0


class StepFailed(RuntimeError):
    """A step of the guide does not do what the guide says; the message says which, and how."""


def steps(guide: str) -> dict[str, str]:
    """The guide's blocks of commands by the name behind ```sh, those of one name one after the other."""
    found: dict[str, str] = {}
    for name, commands in BLOCK.findall(guide):
        found[name] = found.get(name, "") + commands
    return found


def run(step: str, commands: str, *, cwd: Path, env: Mapping[str, str]) -> str:
    """Run a step's commands as they stand, each after the other has succeeded; gives what they printed."""
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=cwd,
        env=dict(env),
        text=True,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise StepFailed(f"{step}: exit status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def started(command: list[str], *, cwd: Path, env: Mapping[str, str], log: IO[bytes]) -> Iterator[Any]:
    """A server that lives as long as the block, and is asked to end as the system would ask it."""
    server = subprocess.Popen(command, cwd=cwd, env=dict(env), stdout=log, stderr=log)
    try:
        yield server
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def wait_for(what: str, answers: Any) -> None:
    """Ask until it answers true; StepFailed when it has not within a minute."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        try:
            if answers():
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise StepFailed(f"{what}: no answer within {PATIENCE_SECONDS:.0f} seconds")


def status_of(port: int, path: str, headers: Mapping[str, str] | None = None) -> int:
    """What an application server answers to its own machine."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers={"Host": HOST, **(headers or {})})
        return connection.getresponse().status
    finally:
        connection.close()


def write_certificate(folder: Path) -> Path:
    """A certificate for the host and this machine, and its key; gives the certificate's path."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    names = x509.SubjectAlternativeName([x509.DNSName(HOST), x509.IPAddress(ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "certificate.pem"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "key.pem").write_bytes(pem)
    return path


class Person:
    """Somebody at a browser: follows no redirect, keeps cookies; over HTTPS where a certificate is told.

    The service is asked by the name of its host without a port, as a proxy passes it on.
    """

    def __init__(self, port: int, certificate: Path | None = None) -> None:
        self.port = port
        self.host = HOST if certificate else "127.0.0.1"
        self.trust = ssl.create_default_context(cafile=str(certificate)) if certificate else None
        self.cookies: dict[str, str] = {}
        self.headers: Mapping[str, str] = {}
        self.set_cookies: list[str] = []

    @property
    def went_to(self) -> str:
        """Where the last answer leads on to; empty where it leads nowhere."""
        return self.headers.get("location", "")

    def ask(self, path: str, form: Mapping[str, str] | None = None) -> tuple[int, str]:
        status, content = self.ask_for_bytes(path, {}, form)
        return status, content.decode(errors="replace")

    def ask_for_bytes(
        self, path: str, headers: Mapping[str, str], form: Mapping[str, str] | None = None
    ) -> tuple[int, bytes]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"Host": self.host, "Cookie": cookies, **headers}
        if form is not None:
            origin = f"{'https' if self.trust else 'http'}://{self.host}"
            sent |= {"Origin": origin, "Referer": f"{origin}{path}"}
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        link = self._link()
        try:
            body = None if form is None else urlencode(form)
            link.request("GET" if form is None else "POST", path, body, sent)
            response = link.getresponse()
            content = response.read()
        finally:
            link.close()
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.set_cookies = response.headers.get_all("Set-Cookie") or []
        for line in self.set_cookies:
            self.cookies |= {name: crumb.value for name, crumb in SimpleCookie(line).items()}
        return response.status, content

    def _link(self) -> http.client.HTTPConnection:
        if self.trust is None:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        return http.client.HTTPSConnection(
            "127.0.0.1", self.port, context=self.trust, timeout=PATIENCE_SECONDS
        )

    def read(self, path: str) -> str:
        status, page = self.ask(path)
        if status != 200:
            raise StepFailed(f"{path} answers {status}")
        return page

    def send(self, path: str, **typed: str) -> int:
        """Open the page, fill in its form and send it; the status."""
        action, form = filled(self.read(path), typed)
        return self.ask(urljoin(path, action), form)[0]

    def sign_in(self, email: str, password: str) -> "Person":
        status = self.send("/accounts/login/", login=email, password=password)
        if status != 302:
            raise StepFailed(f"signing in answers {status}")
        return self


def lines_that_are_no_json(log: Path) -> list[str]:
    """Lines of a server's log that its formatter has not written."""
    wrong = []
    for line in log.read_text().splitlines():
        try:
            json.loads(line)
        except ValueError:
            wrong.append(line)
    return wrong
