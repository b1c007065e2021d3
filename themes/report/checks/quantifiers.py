"""Quantifiers beside what is counted: "most families", "half of the social workers", "none of them"."""

import re
from collections.abc import Callable, Iterator, Sequence

from themes.report.checks.live import TYPED_COUNTS
from themes.report.checks.looked_at import Looked
from themes.report.checks.number_words import NUMBER_WORDS
from themes.report.checks.problem import Check, Found
from themes.report.checks.shares import Share, shares_in
from themes.report.live_counts import without_tokens

NOUN = (
    r"(?:cases|case|families|family|babies|baby|children|child|parents|parent|mothers|mother|fathers|father|"
    r"households|household|social\s+workers|social\s+worker|workers|worker|practitioners|professionals|"
    r"interviewees|interviews|interview|themes|theme|records|files|assessments|conversations|them|those\s+interviewed)"
)
SMALL = {word: number for word, number in NUMBER_WORDS.items() if 2 <= number <= 9}
# The longest first: "nearly all" is not "all".
QUANTIFIER = (
    r"(?:nearly\s+all|almost\s+all|nearly\s+every|almost\s+every|virtually\s+all|virtually\s+every|"
    r"all\s+but\s+one|not\s+all|almost\s+none|nearly\s+none|hardly\s+any|a\s+couple|half[\s-]a[\s-]dozen|plenty|"
    r"(?:the\s+)?bulk|"
    r"(?:the\s+|a\s+)?(?:vast\s+|great\s+|large\s+)?majority|(?:the\s+|a\s+)?minority|(?:a\s+)?handful|"
    r"a\s+number|a\s+few|very\s+few|few|more\s+than\s+half|over\s+half|less\s+than\s+half|fewer\s+than\s+half|half|"
    r"(?:a|one)[\s-](?:third|quarter|fifth|sixth)|(?:two|three|four|five)[\s-](?:thirds|quarters|fifths|sixths)|"
    r"most|many|several|all|every\s+single\s+one|every\s+single|every\s+one|every|each\s+one|each|both|neither|"
    r"none|no[\s-]one|no|not\s+one|not\s+a\s+single|"
    rf"(?:{'|'.join(SMALL)})(?=\s+of\s+(?:the|these|those|our|them)\b))"
)
PATTERN = re.compile(
    rf"\b(?P<quantifier>{QUANTIFIER})\b(?:\s+of)?(?:\s+(?:the|these|those|our|its))?"
    rf"(?:\s+(?!of\b|that\b|which\b|who\b|and\b|or\b)[\w’'-]+){{0,2}}?\s+(?P<noun>{NOUN})\b",
    re.IGNORECASE,
)
# "The families were all seen", "mothers mostly came".
BEHIND = re.compile(
    r"\b(?P<noun>cases|families|babies|children|parents|mothers|fathers|households|social\s+workers|workers|"
    r"practitioners|professionals|interviewees)\s+(?:(?:are|could|did|had|have|may|were|would)\s+)?"
    r"(?P<quantifier>all|both|each|mostly|mainly|largely|generally|usually|commonly|for\s+the\s+most\s+part)\b",
    re.IGNORECASE,
)
# "None were told.", "Everybody interviewed said so.": the noun is in the quantifier, or stood before.
ALONE = re.compile(
    r"^\W*(?P<quantifier>nearly\s+all|almost\s+all|not\s+all|most|many|several|none|few|both|all)\s+"
    r"(?:agreed|came|described|did|felt|found|had|have|said|showed|spoke|told|took|was|were)\b"
    r"|\b(?:nearly\s+|almost\s+)?(?:everyone|everybody|nobody|no[\s-]one)\s+(?:who\s+(?:was|were|took)\s+)?"
    r"(?:asked|interviewed|part|seen|spoken\s+to)\b",
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


def _share(number: int, parts: int) -> Fits:
    return lambda count, total: parts * count == number * total > 0


def _less_than_half(count: int, total: int) -> bool:
    return 0 < 2 * count < total


def _hardly_any(count: int, total: int) -> bool:
    return 0 < count <= 0.2 * total


def _all(count: int, total: int) -> bool:
    return count == total > 0


PARTS = {3: "third", 4: "quarter", 5: "fifth", 6: "sixth"}
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
    "minority": _less_than_half,
    "handful": _few,
    "a number": lambda count, total: count >= 2,
    "few": _few,
    "more than half": _most,
    "over half": _most,
    "less than half": _less_than_half,
    "half": lambda count, total: 2 * count == total,
    "a couple": _exactly(2),
    "half a dozen": _exactly(6),
    "plenty": _most,
    "bulk": _most,
    "almost none": _hardly_any,
    "nearly none": _hardly_any,
    "hardly any": _hardly_any,
    "virtually every": _nearly_all,
    "fewer than half": _less_than_half,
    **{
        f"{many} {part}": _share(number, parts)
        for parts, one_part in PARTS.items()
        for many, number, part in (
            ("a", 1, one_part),
            ("one", 1, one_part),
            *((word, number, f"{one_part}s") for word, number in SMALL.items() if number < parts),
        )
    },
    "every single one": _all,
    "every single": _all,
    "every one": _all,
    "each one": _all,
    "neither": lambda count, total: count == 0 and total == 2,
    "no one": _exactly(0),
    **dict.fromkeys(
        ("mostly", "mainly", "largely", "generally", "usually", "commonly", "for the most part"), _most
    ),
    "everyone": _all,
    "everybody": _all,
    "nobody": _exactly(0),
    "nearly everyone": _nearly_all,
    "nearly everybody": _nearly_all,
    "almost everyone": _nearly_all,
    "almost everybody": _nearly_all,
    "almost nobody": _hardly_any,
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
        yield " ".join(found[0].split()), _meaning(found["quantifier"])
    for found in (*BEHIND.finditer(text), *ALONE.finditer(text)):
        yield " ".join(found[0].split()), _meaning(found["quantifier"] or found[0])


def _meaning(quantifier: str) -> Fits:
    """By the longest of the words that it has, as in "the vast majority"."""
    small = " ".join(re.split(r"[\s-]+", f" {quantifier.casefold()} "))
    return MEANINGS[max((name for name in MEANINGS if f" {name} " in small), key=len)]


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
