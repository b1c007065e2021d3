"""A stream sealed in chunks, so that one cut short, put together otherwise or changed anywhere does not open.

The file: one line that says what it is, one line of JSON (the header, readable by anyone, covered by every
chunk), then the chunks. Each is AES-256-GCM (NIST SP 800-38D) under a key of this file's own, derived by
HKDF-SHA-256 (RFC 5869) from a record key and a random salt. A chunk's nonce is its number and whether it
is the last, as in the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015).
"""

import base64
import json
import secrets
from collections.abc import Iterator, Mapping
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FORMAT = 1
FIRST_LINE = b"kscmp_review backup\n"
CHUNK = 64 * 1024
TAG = 16
LONGEST_HEADER = 64 * 1024


class UnreadableBackup(ValueError):
    """The file is no backup of this program, is damaged, or its key is missing; the message says which."""


class SealedWriter:
    """Writes a sealed file; nothing can be read of it before `finish`."""

    def __init__(self, file: IO[bytes], ring: Mapping[str, bytes], header: Mapping[str, Any]) -> None:
        """`header` gets the format, the newest key's name and the salt, and is written at once."""
        name, key = next(iter(ring.items()))
        salt = secrets.token_bytes(32)
        content = {"format": FORMAT, "key": name, "salt": base64.b64encode(salt).decode(), **header}
        line = json.dumps(content).encode() + b"\n"
        if len(line) > LONGEST_HEADER:
            raise ValueError("a backup's header is longer than its reader takes")
        self._file = file
        self._cipher = _cipher(key, salt)
        self._header = line
        self._chunks = 0
        self._waiting = bytearray()
        file.write(FIRST_LINE + line)

    def write(self, content: bytes) -> None:
        self._waiting += content
        while len(self._waiting) > CHUNK:  # one stays, since the last is marked as such
            self._seal(CHUNK, last=False)

    def finish(self) -> None:
        self._seal(CHUNK, last=True)

    def _seal(self, size: int, *, last: bool) -> None:
        chunk = bytes(self._waiting[:size])
        del self._waiting[:size]
        self._file.write(self._cipher.encrypt(_nonce(self._chunks, last=last), chunk, self._header))
        self._chunks += 1


def read_header(file: IO[bytes]) -> dict[str, Any]:
    """The header of a sealed file, not yet proved genuine. Raises UnreadableBackup."""
    return _header(file)[0]


def _header(file: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    """The header, as read and as it stands in the file, which is left at its first chunk."""
    file.seek(0)
    if file.read(len(FIRST_LINE)) != FIRST_LINE:
        raise UnreadableBackup("this is not a backup of this program")
    line = file.readline(LONGEST_HEADER)
    try:
        header = json.loads(line)
    except ValueError as error:
        raise UnreadableBackup("the backup is damaged: its header does not read") from error
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise UnreadableBackup("the backup is damaged, or of a format that this release does not know")
    return header, line


def open_sealed(file: IO[bytes], ring: Mapping[str, bytes]) -> Iterator[bytes]:
    """What was sealed, from the file's start, a chunk at a time. Raises UnreadableBackup.

    Each chunk is given out as soon as it has proved itself; that the file is whole is known at the end only.
    """
    header, line = _header(file)
    cipher = _cipher(_key_of(header, ring), _salt_of(header))
    number, sealed = 0, file.read(CHUNK + TAG)
    while True:
        following = file.read(CHUNK + TAG)
        try:
            yield cipher.decrypt(_nonce(number, last=not following), sealed, line)
        except (InvalidTag, ValueError) as error:
            raise UnreadableBackup(
                "the backup is damaged or cut short, or its key is another of the same name"
            ) from error
        if not following:
            return
        number, sealed = number + 1, following


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11) + bytes([last])


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"kscmp_review backup 1").derive(key))


def _key_of(header: Mapping[str, Any], ring: Mapping[str, bytes]) -> bytes:
    name = header.get("key")
    if not isinstance(name, str) or name not in ring:
        raise UnreadableBackup(f"the backup's key is {name!r}, which is not in KSCMP_RECORD_KEYS")
    return ring[name]


def _salt_of(header: Mapping[str, Any]) -> bytes:
    try:
        return base64.b64decode(header["salt"], validate=True)
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableBackup("the backup is damaged: its header does not read") from error
