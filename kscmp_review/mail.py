"""Where e-mail goes out, and the address that its links lead to, read from the environment."""

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

LOOPBACK = ("127.0.0.1", "localhost", "::1")
FORM = "KSCMP_SMTP_URL must read smtp://USER:PASSWORD@HOST:PORT?tls=starttls (or implicit, or none)"
USUAL_PORTS = {"starttls": 587, "implicit": 465, "none": 25}


class MailServer(NamedTuple):
    """How to reach it. `tls` is "starttls", "implicit", or on loopback only "none"."""

    host: str
    port: int
    user: str
    password: str
    tls: str


def mail_server(url: str) -> MailServer | None:
    """The server that `url` names, none where it is empty; raises ImproperlyConfigured where it is wrong.

    Messages lead to sign-in pages and a password goes with them: only this machine is spoken to in clear.
    """
    if not url:
        return None
    try:
        parts = urlsplit(url)
        host, port, options = (
            parts.hostname,
            parts.port,
            parse_qs(parts.query, strict_parsing=bool(parts.query)),
        )
    except ValueError as error:
        raise ImproperlyConfigured(FORM) from error
    tls = options.pop("tls", ["starttls"])[-1]
    if parts.scheme != "smtp" or not host or options or tls not in USUAL_PORTS or parts.path not in ("", "/"):
        raise ImproperlyConfigured(FORM)
    if tls == "none" and host not in LOOPBACK:
        raise ImproperlyConfigured("KSCMP_SMTP_URL may leave TLS out for this machine itself only")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(host, port or USUAL_PORTS[tls], user, password, tls)


def base_url(configured: str, hosts: Sequence[str], port: str) -> str:
    """What links begin with, without a closing slash; without `hosts` the loopback address."""
    url = configured.rstrip("/") or (f"https://{hosts[0]}" if hosts else f"http://127.0.0.1:{port}")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.hostname.startswith("."):
        raise ImproperlyConfigured("KSCMP_BASE_URL must be the address people use: https://HOST")
    if hosts and parts.scheme != "https":
        raise ImproperlyConfigured("KSCMP_BASE_URL must begin with https:// where KSCMP_HOSTS is set")
    return url
