"""What is sealed at rest: bytes that nobody reads who has the database alone.

AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce, under the newest key of a ring kept outside the
database (`keys.py`). Every field that holds such bytes is named here by the app that has it, so that keys
can be replaced without forgetting one.
"""

import secrets
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE_BYTES = 12


class Unreadable(RuntimeError):
    """The stored bytes do not open under any key of the ring."""


class SealedField(NamedTuple):
    """A column that holds what `seal` gave, or nothing; `model` is a label such as "cases.Case"."""

    model: str
    field: str


fields: list[SealedField] = []
"""Each app adds its own when it is made ready; one that is missing fails tests/test_sealed_fields.py."""


class Digest(NamedTuple):
    """A column by which what is sealed in another is found; `work_out` makes it of the content and a key."""

    model: str
    sealed: str
    digest: str
    work_out: Callable[[bytes, bytes], str]


digests: list[Digest] = []
others: dict[str, Callable[[], int]] = {}
"""What is sealed inside something else, by name → what seals it anew and returns how many."""


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    """Made once a key: making it costs several times what sealing a short text does."""
    return AESGCM(key)


def seal(content: bytes, *, purpose: bytes = b"") -> bytes:
    """`name` of the key, a colon, the nonce and the content under the newest key.

    What is sealed for a purpose opens for that purpose only.
    """
    name, key = next(iter(settings.RECORD_KEYS.items()))
    nonce = secrets.token_bytes(_NONCE_BYTES)
    label = name.encode() + b":"
    return label + nonce + _cipher(key).encrypt(nonce, content, label + purpose)


def unseal(sealed: bytes | memoryview, *, purpose: bytes = b"") -> bytes:
    """What was sealed; raises Unreadable where its key is missing or the bytes were changed."""
    name, colon, rest = bytes(sealed).partition(b":")
    key = settings.RECORD_KEYS.get(name.decode(errors="replace"))
    if key is None or not colon:
        raise Unreadable("the key of something sealed is not in KSCMP_RECORD_KEYS")
    try:
        return _cipher(key).decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], name + colon + purpose)
    except (InvalidTag, ValueError) as error:
        raise Unreadable("something sealed does not open under its key") from error


def is_current(sealed: bytes | memoryview) -> bool:
    """Whether it is sealed under the newest key already."""
    newest = next(iter(settings.RECORD_KEYS))
    return bytes(sealed).startswith(newest.encode() + b":")
