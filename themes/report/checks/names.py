"""Likely names of people and places: capitals off a sentence's start, names in a list, titles, lone initials.

The list is Faker's, of the languages most spoken where the review takes place. It cannot hold every name: a
name in no list that begins a sentence, and one that is an ordinary word, are not seen.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from cases.models import Answer, Review
from themes.models import Cell, Finding, Interview, InterviewNote, Passage
from themes.report.checks.looked_at import Looked
from themes.report.checks.patterns import in_every_text
from themes.report.checks.problem import Check, Found
from themes.report.checks.texts import sentences_of


def _words(name: str) -> frozenset[str]:
    lines = (Path(__file__).parent / "words" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


LANGUAGES = (
    "en_GB", "en_IE", "en_IN", "en_NG", "pl_PL", "ro_RO", "sk_SK", "lt_LT", "pt_PT", "tr_TR", "es_ES",
    "fr_FR", "it_IT", "de_DE",
)  # fmt: skip
TITLED = re.compile(
    r"\b(?:Mrs|Mr|Ms|Miss|Mx|Dr|Prof|Rev|Nurse|Sgt|PC|DC)\.?\s+(?:[A-Z]\.?\s+)?([A-Z][\w'’-]+)"
)
# What stands behind a title and is none: "Nurse Practitioner".
RANKS = frozenset({"consultant", "lead", "led", "manager", "practitioner", "specialist"})
INITIAL = re.compile(r"\b(?:[Bb]aby|[Cc]hild|[Mm]other|[Ff]ather|[Ss]ibling|[Ff]amily)\s+[A-HJ-Z]\b(?!['’&])")
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
HEADING = re.compile(r"^#{1,6}\s")
# A sentence may begin again behind one of these.
BEGINS = re.compile(r"(?:^|[:“‘\"(>•*_#\-–—|])\s*[*_“‘\"(]*$")
# Of the field, and forenames when they are not written in capitals.
ABBREVIATIONS = frozenset({"SUDI"})
ORDINARY = _words("ordinary")
KNOWN = _words("known")


@cache
def listed() -> tuple[frozenset[str], frozenset[str]]:
    """Forenames and surnames of the list, in small letters."""
    forenames: set[str] = set()
    surnames: set[str] = set()
    for language in LANGUAGES:
        provider = import_module(f"faker.providers.person.{language}").Provider
        for names in ("first_names", "first_names_male", "first_names_female"):
            forenames |= {name.casefold() for name in getattr(provider, names, ())}
        surnames |= {name.casefold() for name in getattr(provider, "last_names", ())}
    return frozenset(forenames), frozenset(surnames - ORDINARY)


def likely_names(text: str, known: frozenset[str] = frozenset()) -> Iterator[str]:
    """What may be names in the text. `known` holds more words, in small letters, that are none."""
    yield from (found[0] for found in TITLED.finditer(text))
    yield from (found[0] for found in INITIAL.finditer(text))
    for sentence in sentences_of(text):
        yield from _in_sentence(TITLED.sub("…", sentence), KNOWN | known)


def _in_sentence(sentence: str, known: frozenset[str]) -> Iterator[str]:
    forenames, surnames = listed()
    heading = HEADING.match(sentence) is not None or (len(sentence) < 60 and sentence[-1:] not in ".!?:;")
    run: list[str] = []
    last_end = 0
    for found in WORD.finditer(sentence):
        word = found[0]
        if run and sentence[last_end : found.start()].strip("* _"):
            yield from _told(run)
            run = []
        last_end = found.end()
        begins = heading or BEGINS.search(sentence[: found.start()]) is not None
        if _is_name(word, known, forenames, surnames, begins=begins and not run):
            run.append(word)
        elif run:
            yield from _told(run)
            run = []
    yield from _told(run)


def _is_name(
    word: str, known: frozenset[str], forenames: frozenset[str], surnames: frozenset[str], *, begins: bool
) -> bool:
    if not word[0].isupper() or word in ABBREVIATIONS:
        return False
    small = word.casefold().removesuffix("'s").removesuffix("’s")
    if small in known or word.casefold() in known:
        return False
    if len(word) == 1 or (word.isupper() and not (len(word) > 2 and small in forenames)):
        return False
    return not begins or (small in forenames and small not in ORDINARY)


def _told(run: list[str]) -> Iterator[str]:
    if run:
        yield " ".join(run)


def known_words(looked: Looked) -> frozenset[str]:
    """Words that the review writes with a capital itself: districts, characteristics, themes, its title.

    A forename is one wherever it stands: a theme or a title with somebody's name does not let it pass.
    Districts are places, and may be called like people.
    """
    facts = looked.material.facts
    names = [looked.review.title]
    names += [line.name for version in facts.versions for line in version.lines]
    names += [theme.name for theme in facts.every_theme()]
    return (_words_in(names) - (listed()[0] - ORDINARY)) | _words_in(each.name for each in facts.districts)


def _words_in(names: Iterable[str]) -> frozenset[str]:
    return frozenset(word.casefold() for name in names for word in WORD.findall(name))


def look(looked: Looked) -> Iterator[Found]:
    known = known_words(looked)
    yield from in_every_text(lambda text: likely_names(text, known), "the name of a person or a place")(
        looked
    )


def named_in(names: Iterable[str], text: str) -> list[str]:
    """Those of the names that stand in the text as names do: with a capital, or all in capitals."""
    written = {name: rf"(?<!\w)(?:{re.escape(name)}|{re.escape(name.upper())})(?!\w)" for name in names}
    return [name for name, pattern in written.items() if re.search(pattern, text)]


def look_for_people_in_texts(looked: Looked) -> Iterator[Found]:
    """Surnames that stand with a title in what was written about a case of this review."""
    titled = {name for text in texts_about_cases(looked.review) for name in TITLED.findall(text)}
    known = KNOWN | RANKS | known_words(looked)
    titled = {name for name in titled if name.casefold() not in known}
    for name in named_in(sorted(titled), looked.words):
        at = looked.place_of(name)
        yield Found(f"{at.place} holds “{name}”, who is named in what was written about a case.", at, name)


def texts_about_cases(review: Review) -> Iterator[str]:
    """Every text that somebody typed about one case, in one query."""
    own = {
        (InterviewNote, "text"): "interview__case__review",
        (Interview, "status_reason"): "case__review",
        (Finding, "text"): "case__review",
        (Passage, "memo"): "case__review",
        (Cell, "summary"): "case__review",
        (Answer, "evidence"): "case__review",
        (Answer, "verified_note"): "case__review",
    }
    texts = [
        model._base_manager.filter(**{of: review}).order_by().values_list(column, flat=True)
        for (model, column), of in own.items()
    ]
    rows: Any = texts[0].union(*texts[1:], all=True)
    yield from rows.iterator()


LIKELY = Check(
    slug="likely-name",
    title="Likely name of a person or a place",
    why="A name, or a street or town that few families here come from, says who is meant.",
    remedy="Write the role, or “the area”, instead.",
    look=look,
    acceptable=True,
)
IN_NOTES = Check(
    slug="name-in-notes",
    title="Name from a text about a case",
    why="A social worker or a colleague who is named leads to the families they worked with.",
    remedy="Write the role instead.",
    look=look_for_people_in_texts,
)
