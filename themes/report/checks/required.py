"""Required, expected or beyond (rule 11): what procedure requires is not told as good practice."""

import re
from collections.abc import Collection, Iterator

from themes.report.checks.looked_at import Looked
from themes.report.checks.problem import Check, Found, Written
from themes.report.checks.shares import shares_in
from themes.report.found import ThemeFound

PRAISE = re.compile(
    r"\b(?:good|excellent|outstanding|exemplary|impressive\w*|commendabl\w+|noteworthy|remarkabl\w+|strong|strength\w*|"
    r"best|positive\w*|prais\w+|stood\s+out|skilful\w*|effective\w*|thorough\w*|creativ\w+|inspir\w+|admirabl\w+|"
    r"well[\s-]done|went\s+beyond|above\s+and\s+beyond|worked\s+well)\b",
    re.IGNORECASE,
)
SAID_SO = re.compile(
    r"\brequired?\b|\bprocedures?\b|\bcomplian\w+|\bstatutory\b|\bmust\b|\bduty\b", re.IGNORECASE
)


def only_required(theme: ThemeFound) -> bool:
    """Whether every strength on record of the theme is of practice that procedure requires."""
    return theme.cases > 0 and theme.required > 0 and not theme.expected and not theme.beyond


def praised(said: str, words: dict[str, str], themes: Collection[tuple[str, str]]) -> str:
    """The name of the theme that a sentence praises, of those that rest on required practice alone.

    `themes` holds (slug, name). A sentence that says that it is required praises nothing.
    """
    if SAID_SO.search(said) or not PRAISE.search(said):
        return ""
    told = {share.about for share in shares_in(said, words)}
    small = said.casefold()
    return next((name for slug, name in themes if slug in told or name.casefold() in small), "")


def praised_as_required(said: str, words: dict[str, str]) -> bool:
    """Whether a sentence praises a count of cases with required practice."""
    counted = any(share.kind == "cases_required" for share in shares_in(said, words))
    return counted and PRAISE.search(said) is not None and not SAID_SO.search(said)


def look(looked: Looked) -> Iterator[Found]:
    places = {text.place: text for text in looked.written if text.page == "codebook"}
    facts = looked.material.facts
    told = [theme for theme in facts.themes if only_required(theme)]
    told += [
        sub for theme in facts.themes if theme not in told for sub in theme.sub_themes if only_required(sub)
    ]
    for theme in told:
        at = places.get(f"Theme “{theme.name}”") or Written(f"Theme “{theme.name}”", "", page="codebook")
        words = f"{at.place} rests on required practice alone, and is printed among what worked well."
        yield Found(words, at, f"{theme.slug} {theme.cases} {theme.required}", remedy=IN_THE_CODEBOOK)
    names = [(theme.slug, theme.name) for theme in facts.every_theme() if only_required(theme)]
    for sentence in looked.sentences:
        name = praised(sentence.said, looked.material.words, names)
        if name or praised_as_required(sentence.said, looked.material.words):
            what = f"“{name}”" if name else "practice"
            words = f"{sentence.at.place} praises {what}, which procedure requires."
            yield Found(words, sentence.at, sentence.read, passage=sentence.read)


IN_THE_CODEBOOK = "See whether its findings show practice beyond it; or accept it, saying why it is told."
CHECK = Check(
    slug="required-practice",
    title="Required practice told as good practice",
    why="Doing what procedure requires is compliance. Told as good practice it hides what went beyond it.",
    remedy="Say in the same sentence that it was required, or tell what was done beyond it.",
    look=look,
    acceptable=True,
)
