"""Passages: stretches of a note's text that carry themes.

A passage is `[start, end)` in Unicode code points of the note's text, whose newlines are "\\n".
A browser counts in UTF-16 code units; `from_utf16` and `to_utf16` stand between the two.
"""

import unicodedata
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

Id = TypeVar("Id", bound=Hashable)


class PassageError(ValueError):
    """The passage does not lie in its text; the message is a sentence for the user."""


@dataclass(frozen=True, slots=True, order=True)
class Passage:
    """`[start, end)` in code points."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The passage's words."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Segment(Generic[Id]):
    """A stretch of text covered throughout by the same passages.

    `covered_by` holds the passages over it, in the order they begin; `begins` and `ends` are those whose
    first or last segment this is, so that a page can place one anchor and one label a passage.
    """

    start: int
    text: str
    covered_by: tuple[Id, ...]
    begins: tuple[Id, ...]
    ends: tuple[Id, ...]


def normalised(text: str) -> str:
    """The text with every line ending as "\\n": forms post "\\r\\n", and offsets must not depend on it."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def is_blank(text: str) -> bool:
    """Whether nothing of it is seen: white space, and signs without width as web pages bring along."""
    return all(sign.isspace() or unicodedata.category(sign) in ("Cc", "Cf") for sign in text)


def checked(start: int, end: int, text: str) -> Passage:
    """The passage, without white space at either edge; PassageError when no word of the text is in it."""
    if start < 0 or end > len(text):
        raise PassageError("The passage is outside the text. The text may have changed since it was opened.")
    words = text[start:end]
    if is_blank(words):
        raise PassageError("Select at least one word.")
    start += len(words) - len(words.lstrip())
    return Passage(start, start + len(words.strip()))


def segments(text: str, passages: Mapping[Id, Passage]) -> list[Segment[Id]]:
    """The whole text cut wherever a passage begins or ends; joined again, the segments are the text.

    One sweep along the edges: time is linear in the text and in the passages that are shown to cover it.
    PassageError when a passage is empty or lies outside the text.
    """
    begin_at: dict[int, list[Id]] = {}
    end_at: dict[int, list[Id]] = {}
    for name, passage in sorted(passages.items(), key=lambda item: (item[1].start, -item[1].end)):
        if not 0 <= passage.start < passage.end <= len(text):
            raise PassageError("A passage lies outside its text.")
        begin_at.setdefault(passage.start, []).append(name)
        end_at.setdefault(passage.end, []).append(name)
    edges = sorted({0, len(text), *begin_at, *end_at})
    covering: dict[Id, None] = {}  # a dict for its order: sets would shuffle the labels from page to page
    cut = []
    for start, end in pairwise(edges):
        begins = begin_at.get(start, [])
        covering.update(dict.fromkeys(begins))
        ends = end_at.get(end, [])
        cut.append(Segment(start, text[start:end], tuple(covering), tuple(begins), tuple(ends)))
        for name in ends:
            del covering[name]
    return cut


def from_utf16(text: str, offset: int) -> int:
    """The code point at a UTF-16 offset; PassageError outside the text or inside a character."""
    units = text.encode("utf-16-le", "surrogatepass")
    if not 0 <= offset * 2 <= len(units):
        raise PassageError("The passage is outside the text. The text may have changed since it was opened.")
    before = units[: offset * 2].decode("utf-16-le", "surrogatepass")
    if len(before.encode("utf-16-le", "surrogatepass")) != offset * 2 or not text.startswith(before):
        raise PassageError("The passage begins or ends inside a character. Select whole words.")
    return len(before)


def to_utf16(text: str, offset: int) -> int:
    """The UTF-16 offset of a code point of the text."""
    return len(text[:offset].encode("utf-16-le", "surrogatepass")) // 2
