"""Sentences: the passages a note offers for tagging when there is no JavaScript to select words with."""

import re

from themes.coding.passages import Passage

# A full stop after one of these does not end a sentence.
ABBREVIATIONS = frozenset(
    re.findall(
        r"\S+",
        "mr mrs ms mx dr prof rev st no nos vs etc eg ie e.g i.e cf approx dept para p pp fig ext tel wk yr",
    )
)

# The end of a sentence: a line's end, or a stop with its closing quotes and brackets before white space.
STOP = re.compile(r"\n+|(?P<mark>[.!?…]+|[。！？؟۔]+)[\"'”’»)\]]*(?=\s|$)|[。！？]+")
LAST_WORD = re.compile(r"[^\s(\[\"'“‘]{1,12}$")


def sentences(text: str) -> list[Passage]:
    """The text's sentences in order, without the white space between them. Time is linear in the text."""
    found: list[Passage] = []
    start = 0
    for stop in STOP.finditer(text):
        if stop["mark"] and set(stop["mark"]) <= {".", "…"} and _goes_on(text, start, stop):
            continue
        _append_words(found, text, start, stop.end())
        start = stop.end()
    _append_words(found, text, start, len(text))
    return found


def _goes_on(text: str, start: int, stop: re.Match[str]) -> bool:
    """Whether the sentence goes on after this full stop: an abbreviation, an initial, a small letter next."""
    following = text[stop.end() : stop.end() + 2].lstrip(" \t")[:1]
    if following.islower():
        return True
    if stop.end() == len(text) or following == "\n":
        return False
    word = LAST_WORD.search(text, max(start, stop.start() - 12), stop.start())
    if word is None:
        return False
    last = word.group()
    return last.lower() in ABBREVIATIONS or (len(last) == 1 and last.isupper() and last != "I")


def _append_words(found: list[Passage], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    words = piece.strip()
    if not words:
        return
    start += len(piece) - len(piece.lstrip())
    found.append(Passage(start, start + len(words)))
