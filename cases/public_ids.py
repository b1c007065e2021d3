"""Opaque names for URLs: they say nothing of a district, an order or a Liberi ID."""

import secrets
from collections.abc import Iterator

# No vowels and no look-alikes, so that no word appears and one can be read out over the telephone.
ALPHABET = "bcdfghjkmnpqrstvwxz23456789"
LENGTH = 12
# Bytes of which each letter has as many: the highest few are passed over.
_EVEN = 256 - 256 % len(ALPHABET)
_LETTER_OF_BYTE = bytes(ord(ALPHABET[byte % len(ALPHABET)]) for byte in range(256))
_UNEVEN = bytes(range(_EVEN, 256))


def new_public_id() -> str:
    """12 characters of 27: 57 bits, unguessable and unique in practice; the database checks it."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def new_public_ids() -> Iterator[str]:
    """The same without end, for many at once."""
    letters = ""
    while True:
        while len(letters) < LENGTH:
            letters += secrets.token_bytes(4096).translate(_LETTER_OF_BYTE, delete=_UNEVEN).decode()
        yield letters[:LENGTH]
        letters = letters[LENGTH:]


def reference_of(public_id: str) -> str:
    """The public id as it is printed and read out: three groups of four, in capitals."""
    return "-".join(public_id[start : start + 4] for start in (0, 4, 8)).upper()
