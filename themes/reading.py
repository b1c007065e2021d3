"""Findings and notes as they are read: their text cut into segments, with its passages numbered beside it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from cases.models import Case
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

    @property
    def is_tagged(self) -> bool:
        return bool(self.passages or self.whole)

    @property
    def all_passages(self) -> list[NumberedPassage]:
        return ([self.whole] if self.whole else []) + self.passages


def with_passages(sources: QuerySet[Finding] | QuerySet[InterviewNote]) -> QuerySet[Source]:
    """The sources with passages, tags and themes, in three further queries whatever their number."""
    tags = Tag.objects.select_related("theme").order_by("theme__strand", "theme__order", "pk")
    passages = Passage.objects.order_by("start", "-end", "pk").prefetch_related(Prefetch("tags", tags))
    return sources.prefetch_related(Prefetch("passages", passages))


def marked(source: Source) -> MarkedText:
    """The source as it is shown; its passages should have been fetched by `with_passages`."""
    return _marked(source, [(passage, list(passage.tags.all())) for passage in source.passages.all()])


def marked_apart(source: Source, tags: Iterable[SecondTag]) -> MarkedText:
    """The source with the tags of a second reader alone, given in the order of their places."""
    places: dict[tuple[int | None, int | None], list[SecondTag]] = {}
    for tag in tags:
        if source.pk == (tag.finding_id if isinstance(source, Finding) else tag.note_id):
            places.setdefault((tag.start, tag.end), []).append(tag)
    return _marked(source, [(Apart(of[0].pk, start, end), of) for (start, end), of in places.items()])


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
        kind="finding" if isinstance(source, Finding) else "note",
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
    found = [draw(finding) for finding in with_passages(_findings(case))]
    by_kind = [
        (label, [text for text in found if _record_kind(text) == kind]) for kind, label in RecordKind.choices
    ]
    return [(label, texts) for label, texts in by_kind if texts]


def notes_of(interview: Interview | None, draw: Draw = marked) -> list[MarkedText]:
    """The interview's notes in the order of the topic guide."""
    if interview is None:
        return []
    notes = InterviewNote.objects.filter(interview=interview).select_related(
        "question", "interview", "written_by", "changed_by"
    )
    return [draw(note) for note in with_passages(notes.order_by("question__order", "question_id"))]


def one_text(case: Case, public_id: str) -> Source | None:
    """A finding or a note of this case by its public id, ready to be marked."""
    findings = with_passages(_findings(case).filter(public_id=public_id))
    notes = InterviewNote.objects.filter(interview__case=case, public_id=public_id)
    notes = notes.select_related("question", "interview__case", "changed_by")
    return findings.first() or with_passages(notes).first()


def groups_of_themes(themes: Iterable[Theme]) -> list[tuple[str, list[Theme]]]:
    """(strand in words, its themes), in the order given."""
    groups: dict[str, list[Theme]] = {}
    for theme in themes:
        groups.setdefault(theme.get_strand_display(), []).append(theme)
    return list(groups.items())


def _findings(case: Case) -> QuerySet[Finding]:
    found: QuerySet[Finding] = Finding.objects.filter(case=case).select_related(
        "case", "written_by", "changed_by"
    )
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
