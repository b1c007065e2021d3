"""Quantifiers beside what is counted: "most families", "half of the social workers", "none of them"."""

import re
from collections.abc import Callable, Iterator, Sequence

from themes.report.checks.live import TYPED_COUNTS
from themes.report.checks.looked_at import Looked
from themes.report.checks.problem import Check, Found
from themes.report.checks.shares import Share, shares_in
from themes.report.live_counts import without_tokens

NOUN = (
    r"(?:cases|case|families|family|babies|baby|children|child|parents|parent|mothers|mother|fathers|father|"
    r"households|household|social\s+workers|social\s+worker|workers|worker|practitioners|professionals|"
    r"interviewees|interviews|interview|themes|theme|records|files|assessments|conversations|them|those\s+interviewed)"
)
SMALL = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9}
# The longest first: "nearly all" is not "all".
QUANTIFIER = (
    r"(?:nearly\s+all|almost\s+all|nearly\s+every|almost\s+every|virtually\s+all|all\s+but\s+one|not\s+all|"
    r"(?:the\s+|a\s+)?(?:vast\s+|great\s+|large\s+)?majority|(?:the\s+|a\s+)?minority|(?:a\s+)?handful|"
    r"a\s+number|a\s+few|very\s+few|few|more\s+than\s+half|over\s+half|less\s+than\s+half|half|a\s+third|"
    r"a\s+quarter|two\s+thirds|most|many|several|all|every|each|both|none|no|not\s+one|not\s+a\s+single|"
    rf"(?:{'|'.join(SMALL)})(?=\s+of\s+(?:the|these|those|our|them)\b))"
)
PATTERN = re.compile(
    rf"\b(?P<quantifier>{QUANTIFIER})\b(?:\s+of)?(?:\s+(?:the|these|those|our|its))?"
    rf"(?:\s+(?!of\b|that\b|which\b|who\b|and\b|or\b)[\w’'-]+){{0,2}}?\s+(?P<noun>{NOUN})\b",
    re.IGNORECASE,
)
# "Them" after one of these are no cases.
OTHER_THINGS = re.compile(
    r"\b(?:characteristics|lines|versions|districts|agencies|questions)\b", re.IGNORECASE
)
Fits = Callable[[int, int], bool]


def _exactly(number: int) -> Fits:
    return lambda count, total: count == number


def _nearly_all(count: int, total: int) -> bool:
    return total > count >= 0.8 * total


def _most(count: int, total: int) -> bool:
    return 2 * count > total


def _few(count: int, total: int) -> bool:
    return 2 <= count <= 3 and 2 * count <= total


def _all(count: int, total: int) -> bool:
    return count == total > 0


# What each says of a count and its whole. "Most" is more than half (also of all), "several" three or more.
MEANINGS: dict[str, Fits] = {
    "nearly all": _nearly_all,
    "almost all": _nearly_all,
    "nearly every": _nearly_all,
    "almost every": _nearly_all,
    "virtually all": _nearly_all,
    "all but one": lambda count, total: count == total - 1,
    "not all": lambda count, total: count < total,
    "majority": _most,
    "minority": lambda count, total: 0 < 2 * count < total,
    "handful": _few,
    "a number": lambda count, total: count >= 2,
    "few": _few,
    "more than half": _most,
    "over half": _most,
    "less than half": lambda count, total: 0 < 2 * count < total,
    "half": lambda count, total: 2 * count == total,
    "a third": lambda count, total: 3 * count == total,
    "two thirds": lambda count, total: 3 * count == 2 * total,
    "a quarter": lambda count, total: 4 * count == total,
    "most": _most,
    "many": lambda count, total: count >= 3 and 2 * count >= total,
    "several": lambda count, total: count >= 3,
    "all": _all,
    "every": _all,
    "each": _all,
    "both": lambda count, total: count == total == 2,
    "none": _exactly(0),
    "no": _exactly(0),
    "not one": _exactly(0),
    "not a single": _exactly(0),
    **{word: _exactly(number) for word, number in SMALL.items()},
}


def quantifiers(text: str) -> Iterator[tuple[str, Fits]]:
    """Each quantified noun of a sentence without its live counts, and what its quantifier says."""
    for found in PATTERN.finditer(text):
        if found["noun"].casefold() == "them" and OTHER_THINGS.search(text, 0, found.start()):
            continue
        small = " ".join(found["quantifier"].casefold().split())
        meaning = next((fits for name, fits in MEANINGS.items() if name == small), None)
        if meaning is None:
            meaning = next(fits for name, fits in MEANINGS.items() if small.endswith(name))
        yield " ".join(found[0].split()), meaning


def unbacked(said: str, shares: Sequence[Share]) -> Iterator[str]:
    """Quantified nouns of a sentence that no live count in the same sentence bears out."""
    whole = [(share.number, share.total) for share in shares if share.total]
    # A figure that was typed is told by the check for typed figures.
    for words, fits in quantifiers(TYPED_COUNTS.sub("…", without_tokens(said))):
        if not any(fits(count, total) for count, total in whole):
            yield words


def look(looked: Looked) -> Iterator[Found]:
    for sentence in looked.sentences:
        shares = shares_in(sentence.said, looked.material.words)
        beside = "; ".join(f"“{share.words}”" for share in shares if share.total)
        for words in dict.fromkeys(unbacked(sentence.said, shares)):
            why = (
                f"the live count beside it says {beside}" if beside else "no live count beside it shows that"
            )
            told = f"{sentence.at.place} says “{words}”, and {why}."
            yield Found(told, sentence.at, f"{words}\n{sentence.read}", passage=sentence.read)


CHECK = Check(
    slug="quantifier",
    title="Quantifier without its count",
    why="“Most” or “several” is believed by whoever reads it, and nobody can tell what it rests on.",
    remedy="Put the live count into the same sentence, or say what was seen without a quantifier.",
    look=look,
    acceptable=True,
)
