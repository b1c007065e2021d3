"""Opaque names for URLs: they say nothing of a district, an order or a Liberi ID."""

import secrets

# No vowels and no look-alikes, so that no word appears and one can be read out over the telephone.
ALPHABET = "bcdfghjkmnpqrstvwxz23456789"
LENGTH = 12


def new_public_id() -> str:
    """12 characters of 27: 57 bits, unguessable and unique in practice; the database checks it."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def reference_of(public_id: str) -> str:
    """The public id as it is printed and read out: three groups of four, in capitals."""
    return "-".join(public_id[start : start + 4] for start in (0, 4, 8)).upper()
