"""Liberi IDs at rest."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from cases import liberi
from cases.liberi import UnreadableLiberiId
from cases.models import Review
from kscmp_review.accounts.models import User
from tests import build


@given(st.text("0123456789", min_size=1, max_size=20))
def test_an_id_comes_back_as_it_was_leading_zeros_kept(liberi_id: str) -> None:
    assert liberi.is_liberi_id(liberi_id)
    sealed = liberi.encrypt(liberi_id)
    assert liberi.decrypt(sealed) == liberi_id
    assert liberi.digest(liberi_id) == liberi.digest(liberi_id)


@pytest.mark.parametrize("text", ["", "12a", "12 3", "١٢٣", "1" * 21, "-1", "1.0"])
def test_anything_but_digits_is_no_id(text: str) -> None:
    assert not liberi.is_liberi_id(text)


def test_changed_bytes_or_a_missing_key_do_not_open() -> None:
    sealed = bytearray(liberi.encrypt("0012345"))
    sealed[-1] ^= 1
    with pytest.raises(UnreadableLiberiId):
        liberi.decrypt(bytes(sealed))
    with pytest.raises(UnreadableLiberiId):
        liberi.decrypt(b"gone:" + bytes(40))


def test_an_older_key_still_opens_and_digests_stay_comparable(settings: Settings) -> None:
    ring = {"old": b"o" * 32}
    settings.RECORD_KEYS = ring
    sealed, digest = liberi.encrypt("0012345"), liberi.digest("0012345")
    settings.RECORD_KEYS = {"new": b"n" * 32} | ring
    assert liberi.decrypt(sealed) == "0012345"
    assert liberi.digest("0012345") == digest
    assert liberi.encrypt("0012345").startswith(b"new:")


def test_no_table_holds_an_id_in_clear(review: Review, bola: User) -> None:
    build.case(review, "North", "700123456", "ppaa", by=bola)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # nosec B608
            for row in cursor.fetchall():
                held = " ".join(
                    bytes(v).decode("latin-1") if isinstance(v, memoryview | bytes) else str(v) for v in row
                )
                assert "700123456" not in held, table
