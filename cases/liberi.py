"""Liberi IDs at rest: encrypted under a key kept outside the database, unique by a keyed digest.

AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce; the digest is HMAC-SHA-256 (RFC 2104) under a
key derived from the oldest record key, so that replacing the encryption key leaves digests comparable.
"""

import hashlib
import hmac
import re
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

LONGEST = 20
_DIGITS = re.compile(r"[0-9]{1,20}")
_NONCE_BYTES = 12


class UnreadableLiberiId(RuntimeError):
    """The stored bytes do not open under any key of the ring."""


def is_liberi_id(text: str) -> bool:
    """Digits 0–9 only, 1 to 20 of them; leading zeros belong to the ID."""
    return bool(_DIGITS.fullmatch(text))


def encrypt(liberi_id: str) -> bytes:
    """The ID sealed as `seal` does it."""
    return seal(liberi_id.encode())


def decrypt(sealed: bytes | memoryview) -> str:
    """The ID; raises UnreadableLiberiId where its key is missing or the bytes were changed."""
    return unseal(sealed).decode()


def seal(content: bytes) -> bytes:
    """`name` of the key, a colon, the nonce and the content under the newest key.

    Also for what holds Liberi IDs only for a while, such as a sheet between its check and its import.
    """
    name, key = next(iter(settings.RECORD_KEYS.items()))
    nonce = secrets.token_bytes(_NONCE_BYTES)
    label = name.encode() + b":"
    return label + nonce + AESGCM(key).encrypt(nonce, content, label)


def unseal(sealed: bytes | memoryview) -> bytes:
    """What was sealed; raises UnreadableLiberiId where its key is missing or the bytes were changed."""
    name, colon, rest = bytes(sealed).partition(b":")
    key = settings.RECORD_KEYS.get(name.decode(errors="replace"))
    if key is None or not colon:
        raise UnreadableLiberiId("the key of a Liberi ID is not in KSCMP_RECORD_KEYS")
    try:
        return AESGCM(key).decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], name + colon)
    except (InvalidTag, ValueError) as error:
        raise UnreadableLiberiId("a stored Liberi ID does not open under its key") from error


def digest(liberi_id: str) -> str:
    """64 hexadecimal digits by which an ID is unique in a review, useless without the key."""
    oldest = list(settings.RECORD_KEYS.values())[-1]
    key = hmac.new(oldest, b"liberi-id digest", hashlib.sha256).digest()
    return hmac.new(key, liberi_id.encode(), hashlib.sha256).hexdigest()
