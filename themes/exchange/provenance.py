"""Every tag with where it comes from. Texts are read once, however many tags lie in them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import F, QuerySet

from cases.models import Review
from kscmp_review.accounts.models import User
from themes.models import Finding, InterviewNote, Passage, Source, Tag, Theme

COLUMNS = (
    "case",
    "source",
    "kind_of_record",
    "record_date",
    "practice",
    "mark",
    "question",
    "text",
    "start",
    "end",
    "words",
    "strand",
    "theme",
    "sub_theme",
    "memo",
    "quotable",
    "quoting_agreed",
    "to_look_at",
    "tagged_by",
    "tagged_at",
)
AGREED = {True: "yes", False: "no", None: "not asked"}
YES = {True: "yes", False: "no"}
Value = str | int | date | datetime | None


@dataclass(frozen=True)
class Provenance:
    """The tags of a review's selected cases; of `hidden` ones none, they are not for this reader yet."""

    review: Review
    hidden: Collection[int] = ()

    def rows(self) -> Iterator[tuple[Value, ...]]:
        """A row a tag, in the order of COLUMNS; by case, text and place."""
        by = {person.pk: person.name or person.email for person in self._taggers()}
        for each in self._tags():
            finding, note, start, end, memo, quotable, look, theme, tagged_by, at = each
            source = self.sources["finding", finding] if finding else self.sources["note", note]
            yield (
                *self.described[source],
                start,
                end,
                source.text[start:end],
                *self.themes[theme],
                memo,
                YES[quotable],
                AGREED[source.interview.quoting_agreed] if isinstance(source, InterviewNote) else "",
                YES[look],
                by[tagged_by],
                at,
            )

    @cached_property
    def passages(self) -> QuerySet[Passage]:
        shown: QuerySet[Passage] = Passage.objects.of_selected_cases(self.review)
        return shown.exclude(case__in=self.hidden)

    @cached_property
    def sources(self) -> dict[tuple[str, int], Source]:
        findings = Finding.objects.filter(passages__in=self.passages).select_related("case").distinct()
        notes = InterviewNote.objects.filter(passages__in=self.passages).distinct()
        notes = notes.select_related("interview__case", "question")
        return {("finding", each.pk): each for each in findings} | {("note", each.pk): each for each in notes}

    @cached_property
    def described(self) -> dict[Source, tuple[Value, ...]]:
        """The columns up to the text's public id."""
        return {source: _described(source) for source in self.sources.values()}

    @cached_property
    def themes(self) -> dict[int, tuple[str, str, str]]:
        """Strand, theme and sub-theme in words."""
        themes = Theme.objects.of(self.review).select_related("parent")
        return {
            theme.pk: (theme.strand, (theme.parent or theme).name, theme.name if theme.parent else "")
            for theme in themes
        }

    def _tags(self) -> Iterator[tuple[Any, ...]]:
        place = (
            "passage__case__letter",
            # The two databases put nothing first or last as they please.
            F("passage__finding_id").asc(nulls_last=True),
            "passage__note_id",
            F("passage__start").asc(nulls_first=True),
            "pk",
        )
        of_passage = ("finding_id", "note_id", "start", "end", "memo", "quotable", "needs_look")
        columns = [f"passage__{name}" for name in of_passage]
        return (
            Tag.objects.filter(passage__in=self.passages)
            .order_by(*place)
            .values_list(*columns, "theme_id", "tagged_by_id", "tagged_at")
            .iterator(chunk_size=2_000)
        )

    def _taggers(self) -> QuerySet[User]:
        return User.objects.filter(pk__in=Tag.objects.filter(passage__in=self.passages).values("tagged_by"))


def _described(source: Source) -> tuple[Value, ...]:
    if isinstance(source, Finding):
        marks = source.record_kind, source.record_date, source.expectation, source.quality, ""
        return f"Case {source.case.letter}", "finding", *marks, source.public_id
    letter = source.interview.case.letter
    return f"Case {letter}", "interview note", "", None, "", "", source.question.text, source.public_id
