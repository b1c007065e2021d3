"""Findings and notes as they are read: their text cut into segments, with its passages numbered beside it.

A long text is only begun here; it has a page of its own (`themes.long_texts`).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from django.db.models import Count, Prefetch, Q, QuerySet

from cases.models import Case
from kscmp_review.lookups import one
from themes.coding.parts import is_long, parts
from themes.coding.passages import Passage as Span
from themes.coding.passages import Segment, segments
from themes.models import (
    Finding,
    Interview,
    InterviewNote,
    Passage,
    RecordKind,
    SecondReading,
    SecondTag,
    Source,
    Tag,
    Theme,
)

# Deeper overlaps look like this one; the numbers beside the words still tell them apart.
DEEPEST_SHADE = 3
# How much of a long text is shown beside others.
OPENING = 600
KINDS: dict[str, str] = dict(RecordKind.choices)
PASSAGES_IN_ORDER = ("start", "-end", "pk")
THEMES_IN_ORDER = ("theme__strand", "theme__order", "pk")


class TaggedTheme(NamedTuple):
    """A theme as far as it is drawn on a passage."""

    name: str
    slug: str
    retired_at: datetime | None


class Tagged(NamedTuple):
    """A tag as far as it is drawn."""

    pk: int
    theme: TaggedTheme


@dataclass(frozen=True)
class Apart:
    """A passage of a second reader, as it is drawn: its tags are rows of their own."""

    pk: int
    start: int | None
    end: int | None
    needs_look: bool = False


@dataclass(frozen=True)
class NumberedPassage:
    """A passage with the number it bears in its text; the whole text has none."""

    passage: Passage | Apart
    number: int | None
    words: str
    tags: Sequence[Tagged | Tag | SecondTag]

    @property
    def is_whole(self) -> bool:
        return self.passage.start is None

    @property
    def place(self) -> str:
        """What it is called where it is read out."""
        if self.is_whole:
            return "the whole text"
        return f"passage {self.number}" if self.number else "this passage"


@dataclass(frozen=True)
class Longer:
    """What is shown of a long text beside others: how it begins, its size, how many passages it has, and
    how many of them need a look."""

    opening: str
    signs: int
    passages: int
    to_look_at: int


@dataclass(frozen=True)
class MarkedSegment:
    """A stretch of text, how many passages cover it, and the passages that begin there."""

    text: str
    depth: int
    begins: list[NumberedPassage]
    needs_look: bool


@dataclass(frozen=True)
class MarkedText:
    """One finding or note with its passages; `kind` is "finding" or "note"."""

    source: Source
    kind: str
    segments: list[MarkedSegment]
    passages: list[NumberedPassage]
    whole: NumberedPassage | None
    longer: Longer | None = None

    @cached_property
    def name(self) -> str:
        """What the text is called: its kind of record, or the question that was asked."""
        source = self.source
        return KINDS[source.record_kind] if isinstance(source, Finding) else source.question.text

    @property
    def is_tagged(self) -> bool:
        return bool(self.passages or self.whole)

    @property
    def number_of_passages(self) -> int:
        return self.longer.passages if self.longer else len(self.all_passages)

    @property
    def to_look_at(self) -> int:
        """How many of its passages need a look."""
        if self.longer:
            return self.longer.to_look_at
        return sum(item.passage.needs_look for item in self.all_passages)

    @property
    def all_passages(self) -> list[NumberedPassage]:
        return ([self.whole] if self.whole else []) + self.passages


def with_passages(sources: QuerySet[Finding] | QuerySet[InterviewNote]) -> QuerySet[Source]:
    """The sources with passages, tags and themes, in three further queries whatever their number."""
    tags = Tag.objects.select_related("theme").order_by(*THEMES_IN_ORDER)
    passages = Passage.objects.order_by(*PASSAGES_IN_ORDER).prefetch_related(Prefetch("tags", tags))
    return sources.prefetch_related(Prefetch("passages", passages))


Draw = Callable[[Source], MarkedText]


def drawing(sources: Iterable[Source], second: SecondReading | None) -> Draw:
    """Draws these texts as their reader sees them: with the tags of a `second` reading alone, or the case's
    own; in three queries at most whatever their number.
    """
    return _apart(second) if second else _together(list(sources))


def _together(sources: Sequence[Source]) -> Draw:
    passages = _passages_of([source for source in sources if not is_long(source.text)])
    counted = _counted_of([source for source in sources if is_long(source.text)])

    def draw(source: Source) -> MarkedText:
        key = kind_of(source), source.pk
        if is_long(source.text):
            return _begun(source, *counted.get(key, (0, 0)))
        return _marked(source, passages.get(key, []))

    return draw


def _apart(reading: SecondReading) -> Draw:
    tags = list(reading.tags.select_related("theme").order_by(*PASSAGES_IN_ORDER))

    def draw(source: Source) -> MarkedText:
        places: dict[tuple[int | None, int | None], list[SecondTag]] = {}
        for tag in tags:
            if source.pk == (tag.finding_id if isinstance(source, Finding) else tag.note_id):
                places.setdefault((tag.start, tag.end), []).append(tag)
        if is_long(source.text):
            return _begun(source, len(places), 0)
        return _marked(source, [(Apart(of[0].pk, start, end), of) for (start, end), of in places.items()])

    return draw


# A finding or a note by its kind and primary key.
Key = tuple[str, int]


def _passages_of(sources: Sequence[Source]) -> dict[Key, list[tuple[Passage, list[Tagged]]]]:
    """The passages of each source in order, with their tags: two queries."""
    passages = list(Passage.objects.filter(_of(sources)).order_by(*PASSAGES_IN_ORDER)) if sources else []
    tags: dict[int, list[Tagged]] = {passage.pk: [] for passage in passages}
    rows = Tag.objects.filter(passage__in=tags).order_by(*THEMES_IN_ORDER)
    for passage, pk, *theme in rows.values_list(
        "passage_id", "pk", *(f"theme__{name}" for name in TaggedTheme._fields)
    ):
        tags[passage].append(Tagged(pk, TaggedTheme(*theme)))
    found: dict[Key, list[tuple[Passage, list[Tagged]]]] = {}
    for each in passages:
        found.setdefault(_key(each.finding_id, each.note_id), []).append((each, tags[each.pk]))
    return found


def _counted_of(sources: Sequence[Source]) -> dict[Key, tuple[int, int]]:
    """How many passages each source has, and how many of them need a look: one query."""
    if not sources:
        return {}
    numbers = Count("pk"), Count("pk", filter=Q(needs_look=True))
    counted = Passage.objects.filter(_of(sources)).order_by().values("finding_id", "note_id")
    rows = counted.annotate(number=numbers[0], looks=numbers[1])
    return {_key(row["finding_id"], row["note_id"]): (row["number"], row["looks"]) for row in rows}


def _of(sources: Iterable[Source]) -> Q:
    """Passages of these sources."""
    of_kind: dict[str, list[int]] = {}
    for source in sources:
        of_kind.setdefault(kind_of(source), []).append(source.pk)
    wanted = Q()
    for kind, pks in of_kind.items():
        wanted |= Q(**{f"{kind}__in": pks})
    return wanted


def _key(finding: int | None, note: int | None) -> Key:
    return ("finding", finding) if finding is not None else ("note", note or 0)


def _begun(source: Source, passages: int, to_look_at: int) -> MarkedText:
    """A long text as it is shown beside others: its beginning."""
    opening = parts(source.text, OPENING)[0].of(source.text).strip()
    return MarkedText(
        source=source,
        kind=kind_of(source),
        segments=[],
        passages=[],
        whole=None,
        longer=Longer(opening, len(source.text), passages, to_look_at),
    )


def kind_of(source: Source) -> str:
    return "finding" if isinstance(source, Finding) else "note"


def _marked(
    source: Source, passages: Sequence[tuple[Passage | Apart, Sequence[Tagged | SecondTag]]]
) -> MarkedText:
    tags_of = {passage.pk: tags for passage, tags in passages}
    every = [passage for passage, _ in passages]
    spans = [passage for passage in every if passage.start is not None]
    wholes = [passage for passage in every if passage.start is None]
    numbered = {
        passage.pk: _numbered(passage, source, number, tags_of[passage.pk])
        for number, passage in enumerate(spans, start=1)
    }
    places = {each.pk: Span(each.start, each.end) for each in spans if each.start is not None and each.end}
    cut = segments(source.text, places)
    return MarkedText(
        source=source,
        kind=kind_of(source),
        segments=[_segment(segment, numbered) for segment in cut],
        passages=list(numbered.values()),
        whole=_numbered(wholes[0], source, None, tags_of[wholes[0].pk]) if wholes else None,
    )


def by_kind(findings: Sequence[MarkedText]) -> list[tuple[str, list[MarkedText]]]:
    """(kind of record in words, its findings as they are given), in the order of `RecordKind`, none empty."""
    found = [
        (label, [text for text in findings if record_kind_of(text) == kind])
        for kind, label in RecordKind.choices
    ]
    return [(label, texts) for label, texts in found if texts]


def findings_of(case: Case) -> list[Finding]:
    """The findings of a case by date."""
    return list(_findings(case))


def notes_of(interview: Interview | None) -> list[InterviewNote]:
    """The interview's notes in the order of the topic guide."""
    if interview is None:
        return []
    notes = interview.notes.select_related("question", "changed_by")
    return list(notes.order_by("question__order", "question_id"))


def one_text(case: Case, public_id: str) -> Source | None:
    """A finding or a note of this case by its public id."""
    notes = InterviewNote.objects.filter(interview__case=case, public_id=public_id)
    found: Source | None = one(_findings(case).filter(public_id=public_id).order_by())
    return found or one(notes.select_related("question", "interview__case", "changed_by"))


def groups_of_themes(themes: Iterable[Theme]) -> list[tuple[str, list[Theme]]]:
    """(strand in words, its themes), in the order given."""
    groups: dict[str, list[Theme]] = {}
    for theme in themes:
        groups.setdefault(theme.get_strand_display(), []).append(theme)
    return list(groups.items())


def _findings(case: Case) -> QuerySet[Finding]:
    found: QuerySet[Finding] = case.findings.select_related("changed_by")
    return found.order_by("record_date", "pk")


def record_kind_of(text: MarkedText) -> str:
    assert isinstance(text.source, Finding)  # nosec B101
    return text.source.record_kind


def _numbered(
    passage: Passage | Apart, source: Source, number: int | None, tags: Sequence[Tagged | SecondTag]
) -> NumberedPassage:
    return NumberedPassage(passage, number, source.text[passage.start : passage.end], tags)


def _segment(segment: Segment[int], numbered: dict[int, NumberedPassage]) -> MarkedSegment:
    return MarkedSegment(
        text=segment.text,
        depth=min(len(segment.covered_by), DEEPEST_SHADE),
        begins=[numbered[pk] for pk in segment.begins],
        needs_look=any(numbered[pk].passage.needs_look for pk in segment.covered_by),
    )
