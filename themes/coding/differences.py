"""What changed between two versions of a text, word by word."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from themes.coding.carrying import stretches

What = Literal["same", "gone", "new"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of both texts, of the old one alone ("gone") or of the new one alone ("new")."""

    what: What
    text: str


def differences(old: str, new: str) -> list[Piece]:
    """The pieces in order: without the new ones they are the old text, without those gone the new text."""
    pieces: list[Piece] = []
    for piece in _pieces(old, new):
        if pieces and pieces[-1].what == piece.what:
            piece = Piece(piece.what, pieces.pop().text + piece.text)
        pieces.append(piece)
    return pieces


def _pieces(old: str, new: str) -> Iterator[Piece]:
    old_at = new_at = 0
    for kept in stretches(old, new):
        if not kept.kept:
            continue
        yield from _replaced(old[old_at : kept.old_start], new[new_at : kept.new_start])
        yield Piece("same", old[kept.old_start : kept.old_end])
        old_at, new_at = kept.old_end, kept.new_end
    yield from _replaced(old[old_at:], new[new_at:])


def _replaced(gone: str, new: str) -> Iterator[Piece]:
    if gone:
        yield Piece("gone", gone)
    if new:
        yield Piece("new", new)
