"""Selected because, not found that (rule 10): what restates the reason for which cases were chosen."""

import re
from collections.abc import Iterator, Sequence

from themes.report.checks.looked_at import Looked, Sentence
from themes.report.checks.mentions import Characteristic, characteristic, mentioned
from themes.report.checks.problem import Check, Found, Written
from themes.report.checks.quantifiers import quantifiers
from themes.report.checks.shares import shares_in
from themes.report.live_counts import without_tokens

OF_A_CHARACTERISTIC = {
    "cases_with_characteristic",
    "cases_without_characteristic",
    "cases_characteristic_not_known",
}
# What tells the reader that the cases were chosen for it, in the same sentence or the next.
SAID_SO = re.compile(
    r"\b(?:chosen|selected|picked)\s+(?:\w+\s+)?(?:for|because|by|on)\b|\bnot\s+(?:in\s+itself\s+)?a\s+finding\b"
    r"|\bno\s+finding\b|\bcircular\b|\bone\s+of\s+the\s+(?:\w+\s+)?characteristics\b|\bby\s+design\b"
    r"|\brisk\s+profile\b|\bcharacteristics?\s+of\s+the\s+profile\b|\bwas\s+(?:what\s+)?asked\s+for\b",
    re.IGNORECASE,
)


def restated(
    said: str,
    following: str,
    words: dict[str, str],
    characteristics: Sequence[Characteristic],
    circular_themes: dict[str, str],
) -> str:
    """The characteristic that a sentence tells as a finding, by its name; empty where it tells none.

    `circular_themes` gives, by a theme's slug, the characteristic it restates. Where the sentence, or the
    one that follows, says that cases were chosen for it, nothing is told as a finding.
    """
    if SAID_SO.search(said) or SAID_SO.search(following):
        return ""
    shares = shares_in(said, words)
    names = {each.slug: each.name for each in characteristics}
    for share in shares:
        if share.kind in OF_A_CHARACTERISTIC:
            return names.get(share.about, share.about)
        if share.about in circular_themes and share.kind.startswith(("cases_", "passages_")):
            return circular_themes[share.about]
    typed = without_tokens(said)
    if not any(share.total for share in shares) and not any(quantifiers(typed)):
        return ""
    spoken_of = mentioned(typed, characteristics)
    return spoken_of[0].name if spoken_of else ""


def characteristics_of(looked: Looked) -> list[Characteristic]:
    lines = {line.slug: line.name for version in looked.material.facts.versions for line in version.lines}
    return [characteristic(slug, name) for slug, name in lines.items()]


def look(looked: Looked) -> Iterator[Found]:
    yield from _themes(looked)
    characteristics = characteristics_of(looked)
    circular = {theme.slug: theme.restates for theme in looked.material.facts.every_theme() if theme.restates}
    for sentence, following in _with_next(looked.sentences):
        name = restated(sentence.said, following, looked.material.words, characteristics, circular)
        if name:
            told = f"{sentence.at.place} tells “{name}” as a finding; the cases were chosen for it."
            yield Found(told, sentence.at, sentence.read, passage=sentence.read)


def _themes(looked: Looked) -> Iterator[Found]:
    places = {text.place: text for text in looked.written if text.page == "codebook"}
    for theme in looked.material.facts.circular:
        at = places.get(f"Theme “{theme.name}”") or Written(f"Theme “{theme.name}”", "", page="codebook")
        told = f"{at.place} is printed and restates “{theme.restates}”, for which the cases were chosen."
        yield Found(told, at, f"{theme.slug} {theme.restates} {theme.cases}", remedy=RETIRE)


def _with_next(sentences: Sequence[Sentence]) -> Iterator[tuple[Sentence, str]]:
    """Each sentence with the words of the next one of its section."""
    for place, sentence in enumerate(sentences):
        after = sentences[place + 1] if place + 1 < len(sentences) else None
        yield sentence, after.said if after and after.at == sentence.at else ""


RETIRE = "Retire the theme; or accept it: the report says of it that it is circular."
CHECK = Check(
    slug="circular",
    title="Told as a finding, and selected for",
    why="Cases were chosen for these characteristics: how many have one is not what the review found.",
    remedy="Say in the same sentence that the cases were chosen for it, or take it out.",
    look=look,
    acceptable=True,
)
