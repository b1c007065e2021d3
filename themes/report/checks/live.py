"""Figures: live counts that do not exist, and figures typed where a live count belongs (rule 8)."""

import re
from collections.abc import Iterator

from themes.report.checks.looked_at import Looked
from themes.report.checks.number_words import NUMBER_WORDS
from themes.report.checks.problem import Check, Found
from themes.report.live_counts import unknown_tokens, without_tokens

NUMBER = rf"(?:\d+|{'|'.join(NUMBER_WORDS)})"
COUNTED = (
    r"(?:case|famil(?:y|ie)|bab(?:y|ie)|child|children|social worker|worker|professional|interview|parent)s?"
)
# How many people or families, with at most one word between: "three young mothers". One is no count.
PEOPLE = (
    r"(?:families|babies|children|social\s+workers|workers|practitioners|professionals|parents|mothers|fathers|"
    r"interviews|households)"
)
MANY = NUMBER.replace("|one|", "|")
# What follows where the noun is left out: "five of the six said so".
NO_NOUN = r"(?=\s*(?:[.,;:)]|$)|\s+(?:agreed|came|did|felt|had|have|said|showed|spoke|told|took|was|were)\b)"
TYPED_COUNTS = re.compile(
    rf"\b(?:all|most|several|both|only|just|none)(?:\s+of)?(?:\s+(?:the|these|those|our))?\s+{NUMBER}"
    rf"(?:\s+of\s+(?:the|these|those|our|them))?(?:\s+\w+)?\s+{COUNTED}\b"
    rf"|\b{NUMBER}\s+(?:(?:out\s+)?of|in|from)\s+(?:(?:the|these|those|our)\s+)?(?:every\s+)?{NUMBER}"
    rf"(?:\s+\w+)?\s+{COUNTED}\b"
    rf"|\b{NUMBER}\s+(?:out\s+)?of\s+(?:the\s+)?{NUMBER}{NO_NOUN}"
    rf"|\b\d+\s+(?:out\s+)?of\s+(?:the\s+)?\d+\b"
    rf"|\b\d+\s?/\s?\d+\s+(?:\w+\s+)?{COUNTED}\b"
    rf"|\b(?:{NUMBER}|\d+\.\d+)\s?(?:%|per\s?cent)(?:\s+of)?(?:\s+(?:the|these|those|our))?"
    rf"(?:\s+\w+)?\s+{COUNTED}\b"
    rf"|(?<!\d)(?<!\d[.,/])\b(?!1\s){MANY}\s+(?!of\b)(?:[\w’'-]+\s+)?{PEOPLE}\b"
    rf"|\bin\s+(?!1\s){MANY}\s+(?:[\w’'-]+\s+)?cases\b",
    re.IGNORECASE,
)


def typed_counts(text: str) -> Iterator[str]:
    """Figures a person typed where a live count belongs, such as "in all 6 cases" (rule 8)."""
    return (found[0] for found in TYPED_COUNTS.finditer(text))


def look_for_unknown(looked: Looked) -> Iterator[Found]:
    for text in looked.sections:
        for token in unknown_tokens(text.said, looked.material.words):
            yield Found(
                f"{text.place} asks for “{token}”, which is no live count of this report.", text, token
            )


def look_for_typed(looked: Looked) -> Iterator[Found]:
    for sentence in looked.sentences:
        for figure in typed_counts(without_tokens(sentence.said)):
            words = f"{sentence.at.place} has a typed figure: “{figure}”."
            seen = f"{figure}\n{sentence.said}"
            yield Found(words, sentence.at, seen, passage=sentence.read)


UNKNOWN = Check(
    slug="unknown-count",
    title="Live count that does not exist",
    why="The report would print its braces instead of a figure.",
    remedy="Choose a live count of this report from the list beside the section.",
    look=look_for_unknown,
)
TYPED = Check(
    slug="typed-figure",
    title="Typed figure",
    why="It stays when a tag, a finding or an interview changes, and nobody can tell what it rests on.",
    remedy="Use a live count instead.",
    look=look_for_typed,
    acceptable=True,
)
