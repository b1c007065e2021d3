"""What a second reading of some cases said of how evenly passages are tagged: for the method note."""

from collections.abc import Hashable
from typing import Any, NamedTuple

from cases.models import Review
from themes.coding import second_reading as pure
from themes.coding.passages import Passage
from themes.coding.second_reading import Mark, Reliability
from themes.coding.sentences import sentences
from themes.models import Finding, InterviewNote, SecondReading


class ReadTwice(NamedTuple):
    """`cases` were read by two people unseen of each other; `agreement` is None before one was compared."""

    cases: int = 0
    agreement: Reliability | None = None


def read_twice(review: Review) -> ReadTwice:
    """The readings of selected cases that were compared, taken together; at most three queries."""
    compared = list(
        SecondReading.objects.of(review)
        .filter(compared_at__isnull=False, case__withdrawn_at=None)
        .exclude(case__letter="")
    )
    if not compared:
        return ReadTwice()
    cases = [reading.case_id for reading in compared]
    texts: dict[Hashable, list[Passage]] = {}
    for model, path in ((Finding, "case__in"), (InterviewNote, "interview__case__in")):
        for public_id, words in model.objects.filter(**{path: cases}).values_list("public_id", "text"):
            texts[public_id] = sentences(words)
    first = [mark for reading in compared for mark in _marks(reading.first_marks)]
    second = [mark for reading in compared for mark in _marks(reading.second_marks)]
    return ReadTwice(len(compared), pure.together(pure.by_theme(texts, first, second).values()))


def _marks(kept: list[list[Any]]) -> list[Mark]:
    return [
        Mark(text, theme, None if start is None else Passage(start, end))
        for text, theme, start, end, _ in kept
    ]
