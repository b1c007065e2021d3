"""Which characteristics of the profile a sentence speaks of, by the words of their names and a few others."""

import re
from collections.abc import Iterable
from typing import NamedTuple

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
ALTERNATIVES = re.compile(r"\s+or\s+|/")
SAYS_NOTHING = frozenset(
    re.findall(
        r"\S+",
        "parental parent parents issue issues problem problems concern concerns household use any "
        "the a an of in and with for to at by",
    )
)
# What people write for the words of a profile.
OTHER_WORDS = (
    (
        r"(?:integrated\s+)?children['’]?s['’]?\s+(?:social\s+care|services)|social\s+care|social\s+services",
        "ics",
    ),
    (r"(?:already\s+|previously\s+)?known\s+to", "history involvement"),
    (r"(?:previous|earlier|past)\s+involvement", "history involvement"),
    (r"adverse\s+childhood\s+experiences?", "aces"),
    (r"\bace\b", "aces"),
    (r"\b(?:drugs?|alcohol|drinking)\b", "substance misuse"),
    (r"\babuse\b", "misuse"),
    (r"\b(?:debts?|poverty|money|poor)\b", "financial deprivation"),
    (r"\b(?:born\s+(?:too\s+)?early|preterm|prematurely)\b", "premature birth"),
    (r"\b(?:depress\w+|anxiety|psychosis|mental\s+illness|mentally\s+ill)\b", "mental health"),
    (r"\b(?:brothers?|sisters?)\b", "sibling"),
    (r"\b(?:homeless\w*|evict\w+|overcrowd\w+|tenanc\w+)\b", "housing"),
    (r"\b(?:mothers?|mum|mums)\b", "maternal"),
)
REPLACED = [(re.compile(pattern, re.IGNORECASE), words) for pattern, words in OTHER_WORDS]


class Characteristic(NamedTuple):
    """`ways` holds sets of stems, any one of which stands for it when enough of its words are there."""

    slug: str
    name: str
    ways: tuple[frozenset[str], ...]


def characteristic(slug: str, name: str) -> Characteristic:
    """A characteristic with the ways in which it is spoken of; what follows a comma only explains."""
    head = re.split(r"[,;(]", name)[0]
    ways = (frozenset(_stems(part)) for part in ALTERNATIVES.split(head))
    return Characteristic(slug, name, tuple(way for way in ways if way))


def mentioned(sentence: str, characteristics: Iterable[Characteristic]) -> list[Characteristic]:
    """The characteristics that the sentence speaks of."""
    stems = _stems_of_sentence(sentence)
    return [each for each in characteristics if any(_speaks(way, stems) for way in each.ways)]


def named_in(districts: Iterable[str], sentence: str) -> list[str]:
    """The districts that the sentence names, whatever signs stand around the name."""
    spaced = {name: r"\s+".join(map(re.escape, name.split())) for name in districts}
    return [name for name, words in spaced.items() if re.search(rf"(?<!\w){words}(?!\w)", sentence)]


def _speaks(way: frozenset[str], stems: frozenset[str]) -> bool:
    needed = len(way) if len(way) < 4 else len(way) - 1
    return len(way & stems) >= needed


def _stems_of_sentence(sentence: str) -> frozenset[str]:
    for pattern, words in REPLACED:
        sentence = pattern.sub(rf"\g<0> {words}", sentence)
    # "Housing" off the start of a sentence is the agency.
    spoken = WORD.findall(sentence)
    kept = [word for place, word in enumerate(spoken) if not (place and word == "Housing")]
    return frozenset(_stem(word) for word in kept)


def _stems(words: str) -> set[str]:
    found = (word.casefold() for word in WORD.findall(words))
    return {_stem(word) for word in found if word not in SAYS_NOTHING}


def _stem(word: str) -> str:
    small = word.casefold().replace("’", "'").removesuffix("'s")
    if small == "families":
        return "family"
    return small[:6] if len(small) > 5 else small.removesuffix("s") if len(small) > 4 else small
