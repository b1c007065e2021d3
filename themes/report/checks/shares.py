"""Live counts as figures again: how many, of how many, read from the words that stand in the report."""

import re
from typing import NamedTuple

from themes.report.live_counts import TOKEN

ALL = re.compile(r"^(?:all|the) (\d+)\b", re.IGNORECASE)
PART = re.compile(r"^(\d+|none) of the (\d+)\b", re.IGNORECASE)
NUMBER = re.compile(r"^(\d+|no)\b", re.IGNORECASE)


class Share(NamedTuple):
    """`token` is the live count's name without its |short; `total` is None where it has no whole."""

    token: str
    words: str
    number: int
    total: int | None

    @property
    def kind(self) -> str:
        return self.token.partition(":")[0]

    @property
    def about(self) -> str:
        return self.token.partition(":")[2]


def shares_in(said: str, words: dict[str, str]) -> list[Share]:
    """The live counts of a text as it is typed, in their order; what is no live count is left out."""
    found = []
    for token in TOKEN.finditer(said):
        name = re.sub(r"\s*([:|])\s*", r"\1", token[1])
        if name in words:
            found.append(share_of(name.partition("|")[0], words[name]))
    return found


def share_of(token: str, words: str) -> Share:
    """As in "5 of the 6 cases" → 5, 6; "no cases" → 0 without a whole."""
    if whole := ALL.match(words):
        return Share(token, words, int(whole[1]), int(whole[1]))
    if part := PART.match(words):
        return Share(token, words, _number(part[1]), int(part[2]))
    number = NUMBER.match(words)
    return Share(token, words, _number(number[1]) if number else 0, None)


def _number(word: str) -> int:
    return int(word) if word.isdigit() else 0
