"""Two people changed the same text: both changes put together, where they do not touch the same lines."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple


class Change(NamedTuple):
    """Lines `[start, end)` of the text both began with, and what takes their place."""

    start: int
    end: int
    lines: tuple[str, ...]


def merged(base: str, mine: str, theirs: str) -> str | None:
    """The base with both changes, or None where they meet: then a person has to put them together.

    Lines are compared, so a paragraph in one line is changed by one person only. Changes next to each other
    meet, and two that are the same count once. Newlines are "\\n".
    """
    lines = base.split("\n")
    changes = sorted({*_changes(lines, mine.split("\n")), *_changes(lines, theirs.split("\n"))})
    out: list[str] = []
    at, before = 0, None
    for change in changes:
        if before is not None and change.start <= before.end:
            return None
        out += [*lines[at : change.start], *change.lines]
        at, before = change.end, change
    return "\n".join([*out, *lines[at:]])


def _changes(base: Sequence[str], text: Sequence[str]) -> list[Change]:
    compared = SequenceMatcher(None, base, text, autojunk=False)
    return [
        Change(start, end, tuple(text[first:last]))
        for what, start, end, first, last in compared.get_opcodes()
        if what != "equal"
    ]
