"""A sealed file opens whole and as it was written, or not at all."""

import io
import os
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kscmp_review.backup.sealing import CHUNK, FIRST_LINE, TAG, SealedWriter, UnreadableBackup, open_sealed

RING = {"new": bytes(range(32)), "old": bytes(32)}


def sealed(content: bytes, ring: dict[str, bytes] = RING) -> bytes:
    file = io.BytesIO()
    writer = SealedWriter(file, ring, {"made": "2021-03-05"})
    writer.write(content)
    writer.finish()
    return file.getvalue()


def opened(file: bytes, ring: dict[str, bytes] = RING) -> bytes:
    return b"".join(open_sealed(io.BytesIO(file), ring))


CONTENT = Random(4).randbytes(3 * CHUNK + 100)
FILE = sealed(CONTENT)
FIRST_CHUNK = FILE.index(b"\n", len(FIRST_LINE)) + 1
STARTS = [FIRST_CHUNK + place * (CHUNK + TAG) for place in range(4)]


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 100])
def test_what_was_sealed_comes_out(size: int) -> None:
    assert opened(sealed(CONTENT[:size])) == CONTENT[:size]


@given(pieces=st.lists(st.integers(0, 3 * CHUNK), max_size=4))
def test_it_does_not_matter_in_what_pieces_it_was_written(pieces: list[int]) -> None:
    file = io.BytesIO()
    writer = SealedWriter(file, RING, {})
    for size in pieces:
        writer.write(CONTENT[:size])
    writer.finish()
    assert opened(file.getvalue()) == b"".join(CONTENT[:size] for size in pieces)


def test_nothing_of_it_can_be_read_without_the_key() -> None:
    assert b"canary" not in sealed(b"canary" * 1000)


def test_the_same_content_is_never_sealed_alike() -> None:
    assert sealed(CONTENT)[-1000:] != FILE[-1000:]


def refuses(file: bytes, ring: dict[str, bytes] = RING) -> bool:
    try:
        opened(file, ring)
    except UnreadableBackup:
        return True
    return False


@pytest.mark.parametrize("place", [*range(FIRST_CHUNK), *range(FIRST_CHUNK, len(FILE), 9973), len(FILE) - 1])
def test_a_flipped_bit_anywhere_is_found(place: int) -> None:
    flipped = bytearray(FILE)
    flipped[place] ^= 1 << place % 8
    assert refuses(bytes(flipped))


@pytest.mark.parametrize(
    "length",
    [0, 1, len(FIRST_LINE), FIRST_CHUNK - 1, len(FILE) - 1, len(FILE) - TAG, len(FILE) - 100 - TAG]
    + [start + shift for start in STARTS for shift in (-1, 0, 1, TAG)],
)
def test_a_file_cut_short_is_found(length: int) -> None:
    assert refuses(FILE[:length])


def _chunk(place: int) -> bytes:
    return FILE[STARTS[place] : [*STARTS, len(FILE)][place + 1]]


@pytest.mark.parametrize(
    "order", [[1, 0, 2, 3], [0, 1, 1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2], [3], [0, 1, 2, 3, 3]]
)
def test_chunks_put_together_otherwise_are_found(order: list[int]) -> None:
    assert refuses(FILE[:FIRST_CHUNK] + b"".join(_chunk(place) for place in order))
    assert opened(FILE[:FIRST_CHUNK] + b"".join(_chunk(place) for place in range(4))) == CONTENT


def test_chunks_of_another_file_are_found() -> None:
    other = sealed(CONTENT)
    assert refuses(FILE[: STARTS[1]] + other[STARTS[1] :])
    assert refuses(other[:FIRST_CHUNK] + FILE[FIRST_CHUNK:])


@pytest.mark.parametrize("more", [b"\n", b"x", bytes(CHUNK), bytes(CHUNK + TAG)])
def test_anything_after_the_end_is_found(more: bytes) -> None:
    assert refuses(FILE + more)


@pytest.mark.parametrize(
    "file",
    [b"", b"PK\x03\x04", b"SQLite format 3\x00" + bytes(100), FIRST_LINE, FIRST_LINE + b"{}\n",
     FIRST_LINE + b"[]\n",
     FIRST_LINE + b'{"format": 1}\n', FIRST_LINE + b'{"format": 1, "key": "new"}\n' + bytes(100),
     FIRST_LINE + b'{"format": 1, "key": ["new"], "salt": ""}\n' + bytes(100),
     FIRST_LINE + b'{"format": 2, "key": "new", "salt": ""}\n', os.urandom(5000)],
)  # fmt: skip
def test_a_file_of_something_else_is_refused(file: bytes) -> None:
    assert refuses(file)


def test_a_key_replaced_since_still_opens_it() -> None:
    assert opened(FILE, {"newest": bytes(31) + b"1", **RING}) == CONTENT


def test_without_its_key_it_does_not_open_and_says_which_it_wants() -> None:
    with pytest.raises(UnreadableBackup, match="'new', which is not in KSCMP_RECORD_KEYS"):
        opened(FILE, {"old": bytes(32)})
    with pytest.raises(UnreadableBackup, match="another of the same name"):
        opened(FILE, {"new": bytes(32)})
