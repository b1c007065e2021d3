"""Taking a codebook, or codings, from another program."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from cases.actions.about_reviews import record_about_review
from cases.errors import Refused
from cases.models import Review
from kscmp_review.accounts.models import User
from themes.actions.entries import LONGEST_NAME, Entry, make_theme
from themes.actions.opening import check_no_second_reading, open_codebook
from themes.exchange.material import parts_of, text_guid, theme_guid
from themes.exchange.refi import Code, Project
from themes.models import Finding, InterviewNote, Passage, Strand, Tag, Theme

MOST_THEMES = 500
STRANDS = {label.casefold(): value for value, label in Strand.choices}


class Faults(Refused):
    """Why a file was not taken: every fault, a sentence each."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = list(faults)
        super().__init__(" ".join(faults))


@dataclass
class Taken:
    """What an import did: themes made, and those that were here; tags made, were here, or had no place."""

    made: list[str] = field(default_factory=list)
    there: list[str] = field(default_factory=list)
    tags: int = 0
    tags_there: int = 0
    no_place: int = 0


@transaction.atomic
def take_codebook(*, review: Review, codes: Sequence[Code], strand: str, by: User) -> Taken:
    """Add the codes as themes, all of them or none; a theme of that name in its place is left as it is.

    Codes below one named as a strand go to that strand, all others to `strand`. Raises Faults for what the
    codebook cannot hold: more than two levels, no name, too long a name.
    """
    review = open_codebook(review, by=by)
    taken = Taken()
    _take(review, codes, strand, by, taken)
    _record("codebook.imported", review, by, taken)
    return taken


@transaction.atomic
def take_codings(*, review: Review, project: Project, strand: str, by: User) -> Taken:
    """Add the codebook of a project, and its codings of texts that are here word for word.

    A coding has no place where its text is not of a selected case here, has changed since, or where it lies
    outside the text. Nothing is taken off.
    """
    review = open_codebook(review, by=by)
    check_no_second_reading(review)
    taken = Taken()
    themes = _take(review, project.codes, strand, by, taken)
    texts = _texts(review)
    for source in project.sources:
        text = texts.get(source.guid)
        for coding in source.codings:
            theme = themes.get(coding.code)
            inside = coding.start is None or (
                coding.end is not None and coding.start < coding.end <= len(source.text)
            )
            if text is None or theme is None or text.text != source.text or not inside:
                taken.no_place += 1
                continue
            passage = _passage(text, coding.start, coding.end, by)
            _, is_new = Tag.objects.get_or_create(passage=passage, theme=theme, defaults={"tagged_by": by})
            taken.tags += is_new
            taken.tags_there += not is_new
    _record("codings.imported", review, by, taken)
    return taken


def _take(review: Review, codes: Sequence[Code], strand: str, by: User, taken: Taken) -> Mapping[str, Theme]:
    """The theme of each code that can be tagged with, by the code's identifier."""
    if strand not in Strand.values:
        raise Refused("Select one of the two strands.")
    entries = []
    for code in codes:
        own = STRANDS.get(code.name.casefold())
        if own and not code.codable:
            entries += [(own, each) for each in code.codes]
        else:
            entries.append((strand, code))
    faults = [fault for _, code in entries for fault in _faults(code)]
    number = sum(1 + len(code.codes) for _, code in entries)
    if number > MOST_THEMES:
        faults.append(f"The file holds {number:,} codes; a codebook takes {MOST_THEMES} at once.")
    if faults:
        raise Faults(faults)
    here = {(theme.strand, theme.name.casefold()): theme for theme in Theme.objects.of(review)}
    by_guid = {theme_guid(theme, review): theme for theme in here.values()}
    themes: dict[str, Theme] = {}
    for in_strand, code in entries:
        parent = _theme(review, in_strand, code, None, here, by_guid, taken, by)
        themes[code.guid] = parent
        for each in code.codes:
            themes[each.guid] = _theme(review, in_strand, each, parent, here, by_guid, taken, by)
    return {guid: theme for guid, theme in themes.items() if theme.retired_at is None}


def _theme(
    review: Review,
    strand: str,
    code: Code,
    parent: Theme | None,
    here: dict[tuple[str, str], Theme],
    by_guid: Mapping[str, Theme],
    taken: Taken,
    by: User,
) -> Theme:
    found = by_guid.get(code.guid) or here.get((strand, code.name.casefold()))
    if found is not None:
        taken.there.append(code.name)
        return found
    above = parent if parent and parent.retired_at is None and parent.parent_id is None else None
    parts = parts_of(code.description)
    entry = Entry(
        name=code.name,
        definition=parts["definition"],
        when_to_use=parts.get("when_to_use", ""),
        example=parts.get("example", ""),
        memo=code.memo,
        parent=above,
    )
    made = make_theme(review=review, strand=strand, entry=entry, by=by)
    here[strand, made.name.casefold()] = made
    taken.made.append(made.name)
    return made


def _faults(code: Code, level: int = 1, above: str = "") -> list[str]:
    name = f"“{above}{code.name}”"
    faults = []
    if not code.name:
        faults.append(f"A code {f'below “{above[:-3]}”' if above else ''} has no name.".replace("  ", " "))
    elif len(code.name) > LONGEST_NAME:
        faults.append(f"The name of {name} is longer than {LONGEST_NAME} characters.")
    if level == 2 and code.codes:
        return [*faults, f"{name} has codes below it: the codebook has two levels."]
    return faults + [
        fault for each in code.codes for fault in _faults(each, level + 1, f"{above}{code.name} › ")
    ]


def _texts(review: Review) -> dict[str, Finding | InterviewNote]:
    findings = Finding.objects.of_selected_cases(review).select_related("case")
    selected = {"interview__case__review": review, "interview__case__withdrawn_at": None}
    notes = InterviewNote.objects.filter(**selected).exclude(interview__case__letter="")
    every = [*findings, *notes.select_related("interview__case")]
    return {text_guid(text): text for text in every}


def _passage(text: Finding | InterviewNote, start: int | None, end: int | None, by: User) -> Passage:
    found: Passage | None = text.passages.filter(start=start, end=end).first()
    if found is not None:
        return found
    if isinstance(text, Finding):
        return Passage.objects.create(case=text.case, finding=text, start=start, end=end, marked_by=by)
    return Passage.objects.create(case=text.interview.case, note=text, start=start, end=end, marked_by=by)


def _record(action: str, review: Review, by: User, taken: Taken) -> None:
    after: dict[str, object] = {"themes": len(taken.made), "tags": taken.tags}
    record_about_review(action, review, by, after=after)
