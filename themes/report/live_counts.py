"""Live counts: the figures of a written section, put in words when the report is built (rule 8).

`{{ cases_with_theme:agency-checks }}` becomes "5 of the 6 cases", with a capital where a sentence begins;
`{{ cases_with_theme:agency-checks | short }}` becomes "5 of the 6". `vocabulary.py` lists them all.
Sections are people's text: tokens are found by one expression and looked up, and nothing is evaluated.
"""

import re

from cases.errors import Refused
from themes.coding.counting import sentence_start
from themes.report.facts import Facts
from themes.report.vocabulary import SHORT, vocabulary

TOKEN = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
STRAY = re.compile(r"\{\{|\}\}")
# What may stand between a sentence's beginning and its first word: emphasis, quotes, the mark of a list.
BEFORE_A_WORD = " \t\n*_“‘\"'(>#-+"
NEW_BLOCK = re.compile(r"\n[ \t]*\n|\n[ \t]*[-*+#>]")


class UnknownToken(Refused):
    """A section names a live count that does not exist; the message lists them."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        listed = ", ".join(f"“{token}”" for token in tokens)
        kind = "is no live count" if len(tokens) == 1 else "are no live counts"
        super().__init__(f"{listed} {kind} of this report.")


def live_counts(facts: Facts) -> dict[str, str]:
    """Every token a section may hold → its words now; "|short" leaves the noun out where there is a whole."""
    words: dict[str, str] = {}
    for count in vocabulary(facts):
        words[count.token] = count.words
        if count.short:
            words[count.token + SHORT] = count.short
    return words


def unknown_tokens(body: str, words: dict[str, str]) -> list[str]:
    """Tokens that are not among `words`, and braces that close no token, as they are typed."""
    unknown = [found[0] for found in TOKEN.finditer(body) if _name(found) not in words]
    return list(dict.fromkeys(unknown + STRAY.findall(TOKEN.sub("", body))))


def filled(body: str, words: dict[str, str], *, leave_unknown: bool = False) -> str:
    """The text with its tokens in words; UnknownToken unless they are to be left as they are typed."""
    unknown = unknown_tokens(body, words)
    if unknown and not leave_unknown:
        raise UnknownToken(unknown)

    def in_place(found: re.Match[str]) -> str:
        said = words.get(_name(found), found[0])
        return sentence_start(said) if _begins_sentence(body[: found.start()]) else said

    return TOKEN.sub(in_place, body)


def without_tokens(body: str) -> str:
    """The words that were typed: what stands where a token was is no figure."""
    return TOKEN.sub("…", body)


def _name(found: re.Match[str]) -> str:
    """As in the lookup, whatever spaces stand around the colon and the bar."""
    return re.sub(r"\s*([:|])\s*", r"\1", found[1])


def _begins_sentence(before: str) -> bool:
    said = before.rstrip(BEFORE_A_WORD)
    return not said or said[-1] in ".!?" or NEW_BLOCK.search(before, len(said)) is not None
