"""Liberi IDs at rest: sealed under a key kept outside the database, unique by a keyed digest.

The digest is HMAC-SHA-256 (RFC 2104) under a key derived from the oldest record key, so that replacing the
encryption key leaves digests comparable.
"""

import hmac
import re
from functools import lru_cache

from django.conf import settings

from kscmp_review.sealing import Unreadable as UnreadableLiberiId
from kscmp_review.sealing import seal, unseal

__all__ = ["LONGEST", "UnreadableLiberiId", "decrypt", "digest", "encrypt", "is_liberi_id", "seal", "unseal"]

LONGEST = 20
_DIGITS = re.compile(r"[0-9]{1,20}")


def is_liberi_id(text: str) -> bool:
    """Digits 0–9 only, 1 to 20 of them; leading zeros belong to the ID."""
    return bool(_DIGITS.fullmatch(text))


def encrypt(liberi_id: str) -> bytes:
    """The ID sealed."""
    return seal(liberi_id.encode())


def decrypt(sealed: bytes | memoryview) -> str:
    """The ID; raises UnreadableLiberiId where its key is missing or the bytes were changed."""
    return unseal(sealed).decode()


def digest_of_content(content: bytes, record_key: bytes) -> str:
    """The digest of what was sealed, under a key of the ring."""
    return digest(content.decode(), record_key)


def digest(liberi_id: str, record_key: bytes | None = None) -> str:
    """64 hexadecimal digits by which an ID is unique in a review, useless without the key."""
    oldest = record_key or list(settings.RECORD_KEYS.values())[-1]
    return hmac.digest(_digest_key(oldest), liberi_id.encode(), "sha256").hex()


@lru_cache(maxsize=16)
def _digest_key(oldest: bytes) -> bytes:
    return hmac.digest(oldest, b"liberi-id digest", "sha256")
