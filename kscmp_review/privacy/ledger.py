"""The ledger of erasures: kept beside the audit's anchor, outside the database and its backups.

A backup made before an erasure still holds what was erased; when it is restored, the ledger says what has to
go again. A file of lines `when name code`, only ever added to. The name of a review is a digest of what never
changes about it; the code is HMAC-SHA-256 over the line and the code before it, under the audit chain's key,
so that nobody without the key can have a review erased by adding a line, or change one. A ledger is under
one key of the ring, whichever: a restore may bring the chain back under another.
"""

import hashlib
import hmac
import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from kscmp_review.audit.chain import chain_key

_LINE = re.compile(r"(\S{20,40}) ([0-9a-f]{64}) ([0-9a-f]{64})")
_START = "0" * 64
Line = tuple[datetime, str, str]


class UnreadableLedger(ValueError):
    """The file cannot be read or written, or a line is none of this program's; the message says which."""


def name_of(slug: str, created_at: datetime) -> str:
    """64 hexadecimal digits for a review, the same in every backup: numbers and short names come again."""
    moment = created_at.astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(f"{slug} {moment}".encode()).hexdigest()


def read(path: Path) -> dict[str, datetime]:
    """Name → when, of every review that was erased. Raises UnreadableLedger."""
    return {name: when for when, name, _ in _lines(path)[0]}


def add(path: Path, name: str, when: datetime) -> None:
    """Add a line, unless the review has one. Raises UnreadableLedger; then nothing is to be erased.

    To be called while the audit's chain is held, so that two never add at once.
    """
    lines, key = _lines(path)
    if any(name == known for _, known, _ in lines):
        return
    before = lines[-1][2] if lines else _START
    moment = when.astimezone(UTC).isoformat(timespec="seconds")
    line = f"{moment} {name} {_code(moment, name, before, key)}\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(file, line.encode())
            os.fsync(file)
        finally:
            os.close(file)
    except OSError as error:
        raise UnreadableLedger(f"the ledger {path} cannot be written: {error.strerror}") from error


def recode(path: Path, new: bytes) -> None:
    """Bring a ledger under another of the ring's keys, in one step: the old file or the new one is there."""
    lines, key = _lines(path)
    if not lines or key == new:
        return
    before, written = _START, ""
    for when, name, _ in lines:
        moment = when.astimezone(UTC).isoformat(timespec="seconds")
        before = _code(moment, name, before, new)
        written += f"{moment} {name} {before}\n"
    beside = path.with_name(f".{path.name}.new")
    beside.touch(mode=0o600)
    beside.write_text(written, encoding="ascii")
    beside.replace(path)


def _lines(path: Path) -> tuple[list[Line], bytes]:
    """The lines, and the record key under which they are."""
    try:
        written = path.read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        written = []
    except (OSError, ValueError) as error:
        raise UnreadableLedger(f"the ledger {path} cannot be read") from error
    wrong = 0
    for key in reversed(settings.RECORD_KEYS.values()):
        found = _parsed(written, key)
        if len(found) == len(written):
            return found, key
        wrong = max(wrong, len(found) + 1)
    raise UnreadableLedger(f"line {wrong} of the ledger {path} is not one that this program wrote")


def _parsed(written: list[str], key: bytes) -> list[Line]:
    """Up to the first line that is not one of this program's under the key."""
    found, before = list[Line](), _START
    for line in written:
        parts = _LINE.fullmatch(line)
        if parts is None or not hmac.compare_digest(parts[3], _code(parts[1], parts[2], before, key)):
            break
        before = parts[3]
        found.append((datetime.fromisoformat(parts[1]), parts[2], before))
    return found


def _code(moment: str, name: str, before: str, record_key: bytes) -> str:
    key = hmac.digest(chain_key(record_key), b"erasure ledger", "sha256")
    return hmac.digest(key, f"{before} {moment} {name}".encode(), "sha256").hex()


def missing_from(path: Path, known: Mapping[str, datetime]) -> dict[str, datetime]:
    """Those of `known` that have no line yet."""
    written = read(path)
    return {name: when for name, when in known.items() if name not in written}
