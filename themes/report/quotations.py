"""Quotations: passages marked quotable, in an order and with a source that say nothing of a case."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from cases.models import Review
from themes.models import Expectation, Passage, Quality
from themes.report.found import TagRow, ThemeFound

A_SOCIAL_WORKER = "a social worker"
PRACTICE = {
    Expectation.REQUIRED: "required by procedure",
    Expectation.EXPECTED: "expected",
    Expectation.BEYOND: "beyond what is expected",
}
# What goes beyond is told first; what could be better has a place of its own.
ORDER = (Expectation.BEYOND.value, Expectation.EXPECTED.value, Expectation.REQUIRED.value, None)
SPACE = re.compile(r"\s+")
QUOTED_WHOLE = re.compile(r"[“\"]([^“”\"]*)[”\"]")
ENDS = (".", "!", "?", "…")


@dataclass(frozen=True, slots=True)
class Quotation:
    """`words` and `source` are printed; `case`, a public id, is for links on screen only."""

    passage: int
    words: str
    source: str
    expectation: str | None
    could_be_better: bool
    case: str


def quotations(review: Review) -> list[Quotation]:
    """What may be quoted of the selected cases, interviews only where quoting was agreed. One query."""
    passages = Passage.objects.of_selected_cases(review).quotable().with_source()
    return sorted((_quotation(passage) for passage in passages), key=_place)


def by_theme(
    quoted: Iterable[Quotation], themes: Iterable[ThemeFound], tags: Iterable[TagRow]
) -> dict[int, list[Quotation]]:
    """Theme (not sub-theme) → its quotations. Each is printed once, under the first theme it carries.

    A circular theme comes last: what says something else is quoted there.
    """
    tagged: dict[int, set[int]] = {}
    for tag in tags:
        tagged.setdefault(tag.passage, set()).add(tag.theme)
    ordered = sorted(themes, key=lambda theme: bool(theme.restates))
    own = {theme.pk: {theme.pk, *(sub.pk for sub in theme.sub_themes)} for theme in ordered}
    found: dict[int, list[Quotation]] = {}
    for quotation in quoted:
        carried = tagged.get(quotation.passage, set())
        first = next((pk for pk, family in own.items() if family & carried), None)
        if first is not None:
            found.setdefault(first, []).append(quotation)
    return found


def as_quoted(words: str) -> str:
    """The words on one line, without marks around the whole; dots where a sentence was cut into."""
    said = SPACE.sub(" ", words).strip()
    whole = QUOTED_WHOLE.fullmatch(said)
    said = (whole[1] if whole else said).strip()
    if said[:1].islower():
        said = f"… {said}"
    return said if said.endswith(ENDS) or said[-2:-1] in ENDS else f"{said.rstrip(',;:–— ')} …"


def _quotation(passage: Passage) -> Quotation:
    finding = passage.finding
    source = A_SOCIAL_WORKER
    if finding is not None:
        source = f"from the desk-top review: {PRACTICE[Expectation(finding.expectation)]}"
    return Quotation(
        passage=passage.pk,
        words=as_quoted(passage.words),
        source=source,
        expectation=finding.expectation if finding else None,
        could_be_better=finding is not None and finding.quality == Quality.COULD_BE_BETTER,
        case=passage.case.public_id,
    )


def _place(quotation: Quotation) -> tuple[int, str]:
    """By kind of practice, then by a digest of the words: an order that keeps no case together."""
    return ORDER.index(quotation.expectation), hashlib.sha256(quotation.words.encode()).hexdigest()
