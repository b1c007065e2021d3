"""What changed between two versions of a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themes.coding.differences import Piece, differences

TEXT = st.text(alphabet="ab .\n\u0301\U0001f600", max_size=60)


@given(TEXT, TEXT)
def test_the_pieces_hold_both_texts_whole(old: str, new: str) -> None:
    pieces = differences(old, new)
    assert "".join(piece.text for piece in pieces if piece.what != "new") == old
    assert "".join(piece.text for piece in pieces if piece.what != "gone") == new


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("Six came.", "Six came.", [Piece("same", "Six came.")]),
        ("", "Six came.", [Piece("new", "Six came.")]),
        ("Six came.", "", [Piece("gone", "Six came.")]),
    ],
)
def test_what_is_told_of_a_change(old: str, new: str, told: list[Piece]) -> None:
    assert differences(old, new) == told


def test_a_changed_word_is_told_between_words_that_stay() -> None:
    pieces = differences("Six replies came early.", "Six answers came early.")
    assert [piece.what for piece in pieces] == ["same", "gone", "new", "same"]
    assert pieces[-1].text.endswith("came early.")
