"""A claim that rests on one case: told in words, counted by a live count, or printed with a theme."""

import re
from collections.abc import Iterator

from themes.report.checks.looked_at import Looked
from themes.report.checks.problem import Check, Found, Written
from themes.report.checks.shares import shares_in
from themes.report.live_counts import without_tokens

NOUN = (
    r"(?:case|family|baby|child|mother|father|parent|couple|household|social\s+worker|worker|practitioner|"
    r"professional|manager|interview|record|file|assessment)"
)
MANY = NOUN.replace("family", "families").replace("baby", "babies").replace("child", "children")
ONE = re.compile(
    rf"\b(?:one|1|a\s+single|only\s+one|just\s+one|another|one\s+other)\s+(?:[\w’'-]+\s+)?{NOUN}\b(?!s)"
    rf"|\bone\s+of\s+(?:the|these|those|our)\s+(?:[\w’'-]+\s+){{0,2}}?(?:{MANY}s?)\b"
    r"|\bone\s+of\s+them\b",
    re.IGNORECASE,
)
OF_CASES = ("cases_with_theme", "cases_beyond", "cases_expected", "cases_required", "cases_could_be_better")


def on_one_case(said: str, words: dict[str, str]) -> Iterator[str]:
    """What in a sentence speaks of a single case, family or person."""
    for share in shares_in(said, words):
        if share.kind in OF_CASES and share.number == 1:
            yield share.words
    yield from (" ".join(found[0].split()) for found in ONE.finditer(without_tokens(said)))


def look(looked: Looked) -> Iterator[Found]:
    for sentence in looked.sentences:
        for words in dict.fromkeys(on_one_case(sentence.said, looked.material.words)):
            told = f"{sentence.at.place} makes a claim that rests on one case: “{words}”."
            yield Found(told, sentence.at, f"{words}\n{sentence.read}", passage=sentence.read)
    places = {text.place: text for text in looked.written if text.page == "codebook"}
    for theme in looked.material.facts.every_theme():
        if theme.cases == 1:
            at = places.get(f"Theme “{theme.name}”") or Written(f"Theme “{theme.name}”", "", page="codebook")
            told = f"{at.place} is printed and was found in one case."
            yield Found(told, at, theme.slug, remedy=MERGE)


MERGE = "Merge it into another theme or retire it; or accept it, saying why one case is enough."
CHECK = Check(
    slug="one-case",
    title="Claim that rests on one case",
    why="One case shows that something happened once. It is also the family that somebody may recognise.",
    remedy="Tell what more than one case shows, or say why one is enough.",
    look=look,
    acceptable=True,
)
