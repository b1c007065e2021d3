"""Carrying passages across an edit of their text.

Offsets follow the edit. A passage whose own words changed or vanished is not moved silently: it `needs_look`.
"""

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TypeVar

from themes.coding.passages import Passage

Id = TypeVar("Id", bound=Hashable)

# About a sentence, with the stops and white space after it.
SENTENCE = re.compile(r"[^\n.!?]+[\n.!?\s]*|[\n.!?\s]+")
# A word with the white space after it, so that the commonest token, the space, does not swamp the comparison.
WORD = re.compile(r"\w+\s*|[^\w\s]\s*|\s+")

# Above this many pairs of equal tokens a comparison would take seconds; the stretch then counts as rewritten.
MOST_PAIRS = 400_000


@dataclass(frozen=True, slots=True)
class Carried:
    """Where a passage stands in the new text; `passage` is None when all its words are gone."""

    passage: Passage | None
    needs_look: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """`old[old_start:old_end]` stands at, or was replaced by, `new[new_start:new_end]`."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int
    kept: bool


def carried(passages: Mapping[Id, Passage], old: str, new: str) -> dict[Id, Carried]:
    """Each passage's place after `old` was edited into `new`.

    Where `needs_look` is false the passage holds exactly the words it held. Words that moved as a whole
    are found at their new place when they occur once in each text, and need a look.
    """
    parts = list(stretches(old, new))
    starts = [part.old_start for part in parts]
    return {name: _carry(passage, old, new, parts, starts) for name, passage in passages.items()}


def _carry(passage: Passage, old: str, new: str, stretches: list[Stretch], starts: list[int]) -> Carried:
    first = stretches[bisect_right(starts, passage.start) - 1]
    last = stretches[bisect_right(starts, passage.end - 1) - 1]
    start = first.new_start + (passage.start - first.old_start if first.kept else 0)
    end = last.new_end - (last.old_end - passage.end if last.kept else 0)
    words = passage.of(old)
    for edge, at in ((first, start), (last, end - len(words))):
        if edge.kept and at >= 0 and new.startswith(words, at):
            now = Passage(at, at + len(words))
            return Carried(now, needs_look=_edges_joined(passage, old) != _edges_joined(now, new))
    if not first.kept and first is last:
        moved = new.find(words)
        if moved >= 0 and old.count(words) == 1 and new.count(words) == 1:
            return Carried(Passage(moved, moved + len(words)), needs_look=True)
    return Carried(_trimmed(start, end, new), needs_look=True)


def _trimmed(start: int, end: int, text: str) -> Passage | None:
    piece = text[start:end]
    words = piece.strip()
    if not words:
        return None
    start += len(piece) - len(piece.lstrip())
    return Passage(start, start + len(words))


def _edges_joined(passage: Passage, text: str) -> tuple[bool, bool]:
    return _joined(text, passage.start), _joined(text, passage.end)


def _joined(text: str, at: int) -> bool:
    """Whether the characters either side of `at` are one word or one drawn sign (accents, joined emoji)."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    return (before.isalnum() and after.isalnum()) or before == "\u200d" or _combines(after)


def _combines(character: str) -> bool:
    return (
        character == "\u200d"
        or unicodedata.category(character).startswith("M")
        or (
            "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        )
    )


def stretches(old: str, new: str) -> Iterator[Stretch]:
    """The old text in order, kept or not: by sentences first, then by words where those differ."""
    for part in _compared(SENTENCE.findall(old), SENTENCE.findall(new), 0, 0):
        if part.kept:
            yield part
            continue
        old_words = WORD.findall(old[part.old_start : part.old_end])
        new_words = WORD.findall(new[part.new_start : part.new_end])
        for words in _compared(old_words, new_words, part.old_start, part.new_start):
            yield from [words] if words.kept else _narrowed(words, old, new)


def _narrowed(changed: Stretch, old: str, new: str) -> Iterator[Stretch]:
    """A changed stretch without the characters its two texts begin and end with: often only white space."""
    ours = old[changed.old_start : changed.old_end]
    theirs = new[changed.new_start : changed.new_end]
    head = _common(ours, theirs)
    tail = _common(ours[head:][::-1], theirs[head:][::-1])
    i1, i2 = changed.old_start + head, changed.old_end - tail
    j1, j2 = changed.new_start + head, changed.new_end - tail
    parts = (
        Stretch(changed.old_start, i1, changed.new_start, j1, kept=True),
        Stretch(i1, i2, j1, j2, kept=False),
        Stretch(i2, changed.old_end, j2, changed.new_end, kept=True),
    )
    return (part for part in parts if part.old_start < part.old_end)


def _compared(old: Sequence[str], new: Sequence[str], old_at: int, new_at: int) -> Iterator[Stretch]:
    """The stretches of two lists of tokens, whose first characters stand at `old_at` and `new_at`."""
    for kept, old_tokens, new_tokens in _blocks(old, new):
        old_end = old_at + sum(map(len, old_tokens))
        new_end = new_at + sum(map(len, new_tokens))
        if old_end > old_at:  # what was only inserted holds no old words
            yield Stretch(old_at, old_end, new_at, new_end, kept)
        old_at, new_at = old_end, new_end


def _blocks(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    """(kept, old tokens, new tokens) in order: a common head and tail, and between them the comparison."""
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    old_end, new_end = len(old) - tail, len(new) - tail
    yield True, old[:head], new[:head]
    old_middle, new_middle = old[head:old_end], new[head:new_end]
    if _pairs(old_middle, new_middle) > MOST_PAIRS:
        yield False, old_middle, new_middle
    else:
        for tag, i1, i2, j1, j2 in SequenceMatcher(
            None, old_middle, new_middle, autojunk=False
        ).get_opcodes():
            yield tag == "equal", old_middle[i1:i2], new_middle[j1:j2]
    yield True, old[old_end:], new[new_end:]


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    length = 0
    for ours, theirs in zip(old, new, strict=False):
        if ours != theirs:
            break
        length += 1
    return length


def _pairs(old: Sequence[str], new: Sequence[str]) -> int:
    counts = Counter(new)
    return sum(times * counts[token] for token, times in Counter(old).items())
