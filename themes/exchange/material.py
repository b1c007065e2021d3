"""The codebook and the coded material of a review, as the exchange formats take them."""

from collections.abc import Collection, Iterable, Iterator

from cases.models import Case, Review
from kscmp_review.accounts.models import User
from themes.exchange.refi import Code, Coding, Project, Source, guid_of
from themes.models import Finding, InterviewNote, Strand, Tag, Theme
from themes.reading import with_passages

# What a description begins its further parts with: the standard has one text where a theme has three.
PARTS = {"when_to_use": "When to use it: ", "example": "Example: "}
BETWEEN = "\n\n"
CANNOT_CARRY = (
    "that a theme is circular, or was merged into another",
    "that a passage is quotable, or has to be looked at again",
    "summaries of the matrix, and what was looked for and not found",
    "earlier versions, and who wrote a text",
)


def codes_of(review: Review) -> list[Code]:
    """A code a strand that cannot be tagged with, its themes below; retired themes that carry tags too."""
    themes = list(
        Theme.objects.of(review).select_related("parent").prefetch_related("tags").in_codebook_order()
    )
    shown = [theme for theme in themes if theme.retired_at is None or theme.tags.all()]
    return [
        Code(
            guid=guid_of(review.slug, "strand", value),
            name=label,
            codable=False,
            codes=[
                _code(review, theme, shown)
                for theme in shown
                if theme.strand == value and (theme.parent_id is None or theme.parent not in shown)
            ],
        )
        for value, label in Strand.choices
    ]


def project_of(review: Review, hidden: Collection[int] = ()) -> Project:
    """Findings and notes of the selected cases with their passages; a case is known by its letter.

    `hidden` cases are left out: their tags are not for this reader yet.
    """
    cases = list(Case.objects.of(review).selected().exclude(pk__in=hidden).by_letter())
    sources = [source for case in cases for source in _sources(review, case)]
    taggers = User.objects.filter(pk__in=Tag.objects.filter(passage__case__in=cases).values("tagged_by"))
    return Project(
        name=review.title,
        codes=codes_of(review),
        sources=sources,
        users={_user(person.pk): person.name or "A reviewer" for person in taggers.order_by("pk")},
        cases={guid_of("case", case.public_id): f"Case {case.letter}" for case in cases},
    )


def description_of(theme: Theme) -> str:
    """Definition, when to use it and example as one text, from which `parts_of` takes them apart."""
    further = [f"{begins}{getattr(theme, name)}" for name, begins in PARTS.items() if getattr(theme, name)]
    return BETWEEN.join(filter(None, [theme.definition, *further]))


def parts_of(description: str) -> dict[str, str]:
    """The definition, when to use it and example in a description."""
    parts: dict[str, str] = {"definition": ""}
    into = "definition"
    for piece in description.split(BETWEEN):
        for name, begins in PARTS.items():
            if piece.startswith(begins) and name not in parts:
                into, piece = name, piece.removeprefix(begins)
        parts[into] = BETWEEN.join(filter(None, [parts.get(into, ""), piece]))
    return parts


def text_guid(source: Finding | InterviewNote) -> str:
    return guid_of("text", source.public_id)


def theme_guid(theme: Theme, review: Review) -> str:
    return guid_of(review.slug, "theme", theme.slug)


def _agreed(note: InterviewNote | None) -> str:
    if note is None:
        return ""
    return {True: "yes", False: "no", None: "not asked"}[note.interview.quoting_agreed]


def _code(review: Review, theme: Theme, shown: Iterable[Theme]) -> Code:
    return Code(
        guid=theme_guid(theme, review),
        name=theme.name,
        description=description_of(theme),
        codes=[_code(review, each, shown) for each in shown if each.parent_id == theme.pk],
        memo=theme.memo,
    )


def _sources(review: Review, case: Case) -> Iterator[Source]:
    findings = Finding.objects.filter(case=case).order_by("record_date", "pk")
    for finding in with_passages(findings):
        assert isinstance(finding, Finding)  # nosec B101
        values = {
            "Source": "finding",
            "Kind of record": finding.get_record_kind_display(),
            "Practice": finding.get_expectation_display(),
            "Mark": finding.get_quality_display(),
        }
        if finding.record_date:
            values["Date of the record"] = finding.record_date.isoformat()
        yield _source(
            review, case, finding, f"Case {case.letter}: {finding.get_record_kind_display()}", values
        )
    notes = InterviewNote.objects.filter(interview__case=case).select_related("question", "interview")
    for note in with_passages(notes.order_by("question__order", "pk")):
        assert isinstance(note, InterviewNote)  # nosec B101
        values = {"Source": "interview note", "Question": note.question.text, "Quoting agreed": _agreed(note)}
        yield _source(review, case, note, f"Case {case.letter}: {note.question.text}", values)


def _source(
    review: Review, case: Case, text: Finding | InterviewNote, name: str, values: dict[str, str]
) -> Source:
    codings = [
        Coding(
            guid=guid_of("tag", text.public_id, passage.start, passage.end, tag.theme.slug),
            code=theme_guid(tag.theme, review),
            by=_user(tag.tagged_by_id),
            at=tag.tagged_at,
            start=passage.start,
            end=passage.end,
            memo=passage.memo,
        )
        for passage in text.passages.all()
        for tag in passage.tags.all()
    ]
    return Source(text_guid(text), name, text.text, values, codings, guid_of("case", case.public_id))


def _user(pk: int) -> str:
    return guid_of("user", pk)
