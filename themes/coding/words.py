"""The words of a text as they are searched for: by their beginning, without accents, case or punctuation."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# Longer words are told apart by this much of them.
LONGEST_WORD = 60
MOST_TERMS = 10
# How much stands either side of the first word found.
AROUND = 120


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of a text as (words, whether they were searched for); `before` and `after` say it was cut."""

    parts: list[tuple[str, bool]]
    before: bool
    after: bool


def folded(text: str) -> list[str]:
    """The words in order: "Pre-birth, élan" → ["pre", "birth", "elan"]."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    signs = (sign if sign.isalnum() else " " for sign in plain.casefold())
    return [word[:LONGEST_WORD] for word in "".join(signs).split()]


def terms(query: str) -> list[str]:
    """The different words of a query, at most MOST_TERMS of them."""
    return list(dict.fromkeys(folded(query)))[:MOST_TERMS]


def holds(text: str, wanted: Sequence[str]) -> bool:
    """Whether every wanted beginning begins some word of the text; what the database is asked."""
    words = folded(text)
    return all(any(word.startswith(term) for word in words) for term in wanted)


def excerpt(text: str, wanted: Sequence[str]) -> Excerpt:
    """The text around its first wanted word, wanted words marked; its beginning where none is in it."""
    found = list(_found(text, wanted))
    first = found[0][0] if found else 0
    start = _edge(text, max(first - AROUND, 0), forward=True) if first > AROUND else 0
    end = _edge(text, min(max(first, start) + 2 * AROUND, len(text)), forward=False)
    parts: list[tuple[str, bool]] = []
    at = start
    for begin, stop in found:
        if begin >= start and stop <= end:
            parts += [(text[at:begin], False), (text[begin:stop], True)]
            at = stop
    parts.append((text[at:end], False))
    return Excerpt([part for part in parts if part[0]], before=start > 0, after=end < len(text))


def _found(text: str, wanted: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where the wanted words stand; a word with an apostrophe or a hyphen is looked at in its parts."""
    for match in re.finditer(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*", text):
        if any(word.startswith(term) for word in folded(match[0]) for term in wanted):
            yield match.span()


def _edge(text: str, at: int, *, forward: bool) -> int:
    """The nearest white space, so that no word is cut; where there is none near, the place itself."""
    if at in (0, len(text)):
        return at
    near = text.find(" ", at, at + 30) if forward else text.rfind(" ", at - 30, at)
    return near + forward if near >= 0 else at
