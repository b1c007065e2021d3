"""Secrets read from the environment, or made once in `var/` for a loopback demonstration.

Two kinds: the signing key of sessions and forms, and the record keys under which Liberi IDs are
encrypted. Record keys are a ring, newest first, so that a key can be replaced without losing a record.
"""

import base64
import json
import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

RECORD_KEY_BYTES = 32
METRICS_TOKEN_LENGTH = 32


def secret_key(var: Path, *, local: bool) -> str:
    """The signing key: `KSCMP_SECRET_KEY`, or one made on this machine when serving loopback only."""
    configured = os.environ.get("KSCMP_SECRET_KEY", "")
    if configured:
        if len(configured) < 50:
            raise ImproperlyConfigured("KSCMP_SECRET_KEY must have at least 50 characters")
        return configured
    if not local:
        raise ImproperlyConfigured("KSCMP_SECRET_KEY must be set when KSCMP_HOSTS is set")
    return str(_made_here(var)["secret_key"])


def record_keys(var: Path, *, local: bool) -> dict[str, bytes]:
    """Key name → 32 bytes, newest first, from `KSCMP_RECORD_KEYS` ("name:base64,name:base64")."""
    configured = os.environ.get("KSCMP_RECORD_KEYS", "")
    if not configured:
        if not local:
            raise ImproperlyConfigured("KSCMP_RECORD_KEYS must be set when KSCMP_HOSTS is set")
        configured = str(_made_here(var)["record_keys"])
    return parse_record_keys(configured)


def metrics_token() -> str:
    """`KSCMP_METRICS_TOKEN`; empty where no metrics are asked for."""
    configured = os.environ.get("KSCMP_METRICS_TOKEN", "")
    if configured and len(configured) < METRICS_TOKEN_LENGTH:
        raise ImproperlyConfigured(
            f"KSCMP_METRICS_TOKEN must have at least {METRICS_TOKEN_LENGTH} characters"
        )
    return configured


def parse_record_keys(configured: str) -> dict[str, bytes]:
    """The ring written as "name:base64,name:base64"; raises ImproperlyConfigured where it is malformed."""
    ring: dict[str, bytes] = {}
    for entry in configured.split(","):
        name, _, encoded = entry.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError as error:
            raise ImproperlyConfigured("KSCMP_RECORD_KEYS holds a key that is not base64") from error
        if not name or name in ring or len(key) != RECORD_KEY_BYTES:
            raise ImproperlyConfigured(
                "KSCMP_RECORD_KEYS must name each key once and give 32 bytes in base64"
            )
        ring[name] = key
    return ring


def _made_here(var: Path) -> dict[str, str]:
    path = var / "keys.json"
    if not path.exists():
        var.mkdir(parents=True, exist_ok=True)
        made = {
            "secret_key": secrets.token_urlsafe(60),
            "record_keys": "local:" + base64.b64encode(secrets.token_bytes(RECORD_KEY_BYTES)).decode(),
        }
        _write_once(path, json.dumps(made))
    keys: dict[str, str] = json.loads(path.read_text())
    return keys


def _write_once(path: Path, text: str) -> None:
    """Two processes may start together: the first to link its file wins, the other reads that one."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
