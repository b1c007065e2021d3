"""Findings and notes as they are read: their text cut into segments, with its passages numbered beside it.

A long text is only begun here; it has a page of its own (`themes.long_texts`).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce

from cases.models import Case
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
    tags: Sequence[Tag | SecondTag]

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
    """What is shown of a long text beside others: how it begins, its size, and how many passages it has."""

    opening: str
    signs: int
    passages: int


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
        return source.get_record_kind_display() if isinstance(source, Finding) else source.question.text

    @property
    def is_tagged(self) -> bool:
        return bool(self.passages or self.whole)

    @property
    def all_passages(self) -> list[NumberedPassage]:
        return ([self.whole] if self.whole else []) + self.passages


def with_passages(sources: QuerySet[Finding] | QuerySet[InterviewNote]) -> QuerySet[Source]:
    """The sources with passages, tags and themes, in three further queries whatever their number."""
    return sources.prefetch_related(_passages())


def _passages() -> "Prefetch[str]":
    tags = Tag.objects.select_related("theme").order_by("theme__strand", "theme__order", "pk")
    passages = Passage.objects.order_by("start", "-end", "pk").prefetch_related(Prefetch("tags", tags))
    return Prefetch("passages", passages)


def _ready(sources: QuerySet[Finding] | QuerySet[InterviewNote]) -> list[Source]:
    """The sources, the short ones with passages, tags and themes; each knows how many `passages_counted`."""
    kind = "finding" if sources.model is Finding else "note"
    of_source = Passage.objects.filter(**{kind: OuterRef("pk")}).order_by().values(kind)
    counted = Subquery(of_source.annotate(number=Count("pk")).values("number"))
    found: list[Source] = list(sources.annotate(passages_counted=Coalesce(counted, 0)))
    prefetch_related_objects([source for source in found if not is_long(source.text)], _passages())
    return found


def marked(source: Source) -> MarkedText:
    """The source as it is shown, fetched by one of the functions below."""
    if is_long(source.text):
        return _begun(source, source.passages_counted)  # type: ignore[union-attr]  # as _ready annotated it
    return _marked(source, [(passage, list(passage.tags.all())) for passage in source.passages.all()])


def marked_apart(source: Source, tags: Iterable[SecondTag]) -> MarkedText:
    """The source with the tags of a second reader alone, given in the order of their places."""
    places: dict[tuple[int | None, int | None], list[SecondTag]] = {}
    for tag in tags:
        if source.pk == (tag.finding_id if isinstance(source, Finding) else tag.note_id):
            places.setdefault((tag.start, tag.end), []).append(tag)
    if is_long(source.text):
        return _begun(source, len(places))
    return _marked(source, [(Apart(of[0].pk, start, end), of) for (start, end), of in places.items()])


def _begun(source: Source, passages: int) -> MarkedText:
    """A long text as it is shown beside others: its beginning."""
    return MarkedText(
        source=source,
        kind=kind_of(source),
        segments=[],
        passages=[],
        whole=None,
        longer=Longer(parts(source.text, OPENING)[0].of(source.text).strip(), len(source.text), passages),
    )


def kind_of(source: Source) -> str:
    return "finding" if isinstance(source, Finding) else "note"


def _marked(
    source: Source, passages: Sequence[tuple[Passage | Apart, Sequence[Tag | SecondTag]]]
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


Draw = Callable[[Source], MarkedText]


def drawn_apart(reading: SecondReading) -> Draw:
    """Draws texts with the tags of this second reading and no others."""
    ordered = reading.tags.select_related("theme").order_by("start", "-end", "pk")
    tags = list(ordered)
    return lambda source: marked_apart(source, tags)


def findings_by_kind(case: Case, draw: Draw = marked) -> list[tuple[str, list[MarkedText]]]:
    """(kind of record in words, its findings by date), in the order of `RecordKind`, none empty."""
    found = [draw(finding) for finding in _ready(_findings(case))]
    by_kind = [
        (label, [text for text in found if _record_kind(text) == kind]) for kind, label in RecordKind.choices
    ]
    return [(label, texts) for label, texts in by_kind if texts]


def notes_of(interview: Interview | None, draw: Draw = marked) -> list[MarkedText]:
    """The interview's notes in the order of the topic guide."""
    if interview is None:
        return []
    notes = interview.notes.select_related("question", "changed_by")
    return [draw(note) for note in _ready(notes.order_by("question__order", "question_id"))]


def one_text(case: Case, public_id: str) -> Source | None:
    """A finding or a note of this case by its public id, ready to be marked."""
    findings, notes = _by_public_id(case, public_id)
    found = _ready(findings) or _ready(notes)
    return found[0] if found else None


def one_bare_text(case: Case, public_id: str) -> Source | None:
    """The same without its passages, for who needs its words alone."""
    findings, notes = _by_public_id(case, public_id)
    return findings.first() or notes.first()


def _by_public_id(case: Case, public_id: str) -> tuple[QuerySet[Finding], QuerySet[InterviewNote]]:
    notes = InterviewNote.objects.filter(interview__case=case, public_id=public_id)
    return (
        _findings(case).filter(public_id=public_id),
        notes.select_related("question", "interview__case", "changed_by"),
    )


def groups_of_themes(themes: Iterable[Theme]) -> list[tuple[str, list[Theme]]]:
    """(strand in words, its themes), in the order given."""
    groups: dict[str, list[Theme]] = {}
    for theme in themes:
        groups.setdefault(theme.get_strand_display(), []).append(theme)
    return list(groups.items())


def _findings(case: Case) -> QuerySet[Finding]:
    found: QuerySet[Finding] = case.findings.select_related("changed_by")
    return found.order_by("record_date", "pk")


def _record_kind(text: MarkedText) -> str:
    assert isinstance(text.source, Finding)  # nosec B101
    return text.source.record_kind


def _numbered(
    passage: Passage | Apart, source: Source, number: int | None, tags: Sequence[Tag | SecondTag]
) -> NumberedPassage:
    return NumberedPassage(passage, number, source.text[passage.start : passage.end], tags)


def _segment(segment: Segment[int], numbered: dict[int, NumberedPassage]) -> MarkedSegment:
    return MarkedSegment(
        text=segment.text,
        depth=min(len(segment.covered_by), DEEPEST_SHADE),
        begins=[numbered[pk] for pk in segment.begins],
        needs_look=any(numbered[pk].passage.needs_look for pk in segment.covered_by),
    )
