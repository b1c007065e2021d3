"""Second readings as they are shown: what is hidden from whom, and the comparison of two readers."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from cases.models import Case, Review
from kscmp_review.accounts.models import User
from kscmp_review.lookups import one
from themes.coding import second_reading as pure
from themes.coding.passages import Passage as Span
from themes.coding.second_reading import Mark, Reader, Reliability
from themes.coding.sentences import sentences
from themes.models import Finding, InterviewNote, SecondReading, SecondTag, Settlement, Source, Tag, Theme
from themes.progress import CaseProgress


@dataclass(frozen=True)
class Item:
    """One disagreement: a theme that one reader alone gave, on these words."""

    place: int
    reader: Reader
    theme: Theme
    source: Source | None
    span: tuple[int, int] | None
    words: str
    words_now: str | None
    settlement: Settlement | None


@dataclass(frozen=True)
class Comparison:
    """Two readers of a case compared as they were when both had finished."""

    disagreements: list[Item]
    by_theme: list[tuple[Theme, Reliability]]
    overall: Reliability

    @property
    def left(self) -> int:
        return sum(item.settlement is None for item in self.disagreements)


def reading_hidden_from(user: User, case: Case) -> SecondReading | None:
    """The second reading in which this person reads the case without seeing its tags; None for all others."""
    found: SecondReading | None = one(SecondReading.objects.filter(case=case).hiding_from(user))
    return found


def reading_of(case: Case) -> SecondReading | None:
    """The second reading of this case, under way or finished: at most one that was not called off."""
    found: SecondReading | None = one(SecondReading.objects.filter(case=case, cancelled_at=None))
    return found


def cases_hidden_from(user: User, review: Review) -> set[int]:
    """Cases whose tags, summaries and memos this person must not see yet."""
    return set(SecondReading.objects.of(review).hiding_from(user).values_list("case_id", flat=True))


def tell_apart(rows: Iterable[CaseProgress], user: User) -> None:
    """Where this person reads a case a second time, count their own tags in place of the case's."""
    by_case = {row.case.pk: row for row in rows}
    for reading in SecondReading.objects.filter(case__in=by_case).hiding_from(user):
        row = by_case[reading.case_id]
        places = set(reading.tags.values_list("finding", "note", "start", "end"))
        texts = {place[:2] for place in places}
        row.of_own_tags(len(places), row.findings + row.notes - len(texts))


def mark_of_tag(tag: Tag) -> list[Any]:
    """A first reader's tag as it is compared."""
    passage = tag.passage
    return [passage.source.public_id, tag.theme.slug, passage.start, passage.end, passage.words]


def mark_of_second(tag: SecondTag) -> list[Any]:
    words = tag.source.text[tag.start : tag.end]
    return [tag.source.public_id, tag.theme.slug, tag.start, tag.end, words]


def comparison_of(reading: SecondReading) -> Comparison:
    """What the two readers gave, compared; the texts as they are now tell where words have changed since."""
    themes = {theme.slug: theme for theme in Theme.objects.filter(review=reading.case.review_id)}
    sources = _sources(reading.case)
    words = {tuple(mark[:4]): mark[4] for mark in [*reading.first_marks, *reading.second_marks]}
    first, second = _marks(reading.first_marks), _marks(reading.second_marks)
    settled = {each.place: each for each in reading.settlements.select_related("settled_by")}
    items = [
        _item(place, each, themes, sources, words, settled.get(place))
        for place, each in enumerate(pure.disagreements(first, second))
    ]
    texts: dict[Hashable, list[Span]] = {
        public_id: sentences(source.text) for public_id, source in sources.items()
    }
    found = pure.by_theme(texts, first, second)
    rows = [(themes[str(slug)], reliability) for slug, reliability in found.items()]
    rows.sort(key=lambda row: (row[1].kappa is not None, row[1].kappa or 0, row[0].name))
    return Comparison(items, rows, pure.together(found.values()))


def _item(
    place: int,
    found: pure.Disagreement,
    themes: dict[str, Theme],
    sources: dict[str, Source],
    words: dict[tuple[Any, ...], str],
    settlement: Settlement | None,
) -> Item:
    mark = found.mark
    span = (mark.passage.start, mark.passage.end) if mark.passage else None
    source = sources.get(str(mark.text))
    start, end = span or (None, None)
    return Item(
        place=place,
        reader=found.reader,
        theme=themes[str(mark.theme)],
        source=source,
        span=span,
        words=words[mark.text, mark.theme, start, end],
        words_now=source.text[start:end] if source else None,
        settlement=settlement,
    )


def _marks(stored: list[list[Any]]) -> list[Mark]:
    return [
        Mark(text, theme, None if start is None else Span(start, end))
        for text, theme, start, end, _ in stored
    ]


def _sources(case: Case) -> dict[str, Source]:
    findings = Finding.objects.filter(case=case).order_by("pk")
    notes = InterviewNote.objects.filter(interview__case=case).select_related("question", "interview__case")
    every: list[Source] = [*findings, *notes.order_by("pk")]
    return {source.public_id: source for source in every}
