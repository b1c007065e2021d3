"""A long text in parts: it is drawn, and drawn again after a tag, part by part."""

from itertools import pairwise

from themes.coding.passages import Passage

# Longer texts have a page of their own.
LONG = 10_000
# About as much as fits on two screens.
PART = 2_000


def is_long(text: str) -> bool:
    return len(text) > LONG


def parts(text: str, size: int = PART) -> list[Passage]:
    """The text cut into parts of at most `size`, after a line where there is one, else after a word.

    Joined again, the parts are the text; the same text is always cut alike.
    """
    cuts = [0]
    while cuts[-1] < len(text):
        cuts.append(_cut(text, cuts[-1], size))
    return [Passage(start, end) for start, end in pairwise(cuts)]


def touched(cut: list[Passage], start: int, end: int) -> list[int]:
    """The numbers of the parts that a passage lies in."""
    return [number for number, part in enumerate(cut) if part.start < end and start < part.end]


def _cut(text: str, at: int, size: int) -> int:
    if len(text) - at <= size:
        return len(text)
    for edge in ("\n", " "):
        after = text.rfind(edge, at, at + size) + 1
        if after > at:
            return after
    return at + size
