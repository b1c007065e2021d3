"""What was found of each theme: cases and passages, counted from tags, a theme with its sub-themes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cases.models import Review
from themes.models import Expectation, Quality, Tag, Theme


class TagRow(NamedTuple):
    """One tag as it counts; `expectation` and `quality` are None where an interview note carries it."""

    case: int
    theme: int
    passage: int
    expectation: str | None
    quality: str | None


@dataclass(frozen=True, slots=True)
class ThemeFound:
    """One theme in use. `cases` and `passages` count all that is tagged with it or its sub-themes, each once.

    `required`, `expected` and `beyond` are cases with a strength of that kind on record, `could_be_better`
    cases where the record shows that it could (rule 11). `restates` names the characteristic that a circular
    theme repeats (rule 10), and is empty otherwise.
    """

    pk: int
    slug: str
    name: str
    definition: str
    strand: str
    restates: str
    cases: int
    passages: int
    required: int
    expected: int
    beyond: int
    could_be_better: int
    sub_themes: tuple["ThemeFound", ...] = ()


def tag_rows(review: Review) -> list[TagRow]:
    """Tags that count: of selected cases, on passages that need no look, with themes in use. One query."""
    tags = Tag.objects.that_count(review).filter(theme__retired_at=None).order_by("pk")
    columns = ("case_id", "finding__expectation", "finding__quality")
    found = tags.values_list("theme_id", "passage_id", *(f"passage__{column}" for column in columns))
    return [
        TagRow(case, theme, passage, expectation, quality)
        for theme, passage, case, expectation, quality in found
    ]


def themes_found(themes: Sequence[Theme], tags: Iterable[TagRow], names: dict[int, str]) -> list[ThemeFound]:
    """The themes (in codebook order, all in use) with their counts, sub-themes inside their theme.

    `names` gives the words of a characteristic by its key.
    """
    by_theme: dict[int, list[TagRow]] = {}
    parents = {theme.pk: theme.parent_id for theme in themes}
    for tag in tags:
        by_theme.setdefault(tag.theme, []).append(tag)
        if parent := parents.get(tag.theme):
            by_theme.setdefault(parent, []).append(tag)
    under: dict[int, list[ThemeFound]] = {}
    for theme in themes:
        if theme.parent_id is not None:
            own = _counted(theme, by_theme.get(theme.pk, []), names)
            under.setdefault(theme.parent_id, []).append(own)
    return [
        _counted(theme, by_theme.get(theme.pk, []), names, tuple(under.get(theme.pk, ())))
        for theme in themes
        if theme.parent_id is None
    ]


def _counted(
    theme: Theme, tags: list[TagRow], names: dict[int, str], sub_themes: tuple[ThemeFound, ...] = ()
) -> ThemeFound:
    def cases_with(expectation: str) -> int:
        strengths = (tag for tag in tags if tag.quality == Quality.STRENGTH)
        return len({tag.case for tag in strengths if tag.expectation == expectation})

    return ThemeFound(
        pk=theme.pk,
        slug=theme.slug,
        name=theme.name,
        definition=theme.definition,
        strand=theme.strand,
        restates=names.get(theme.restates_id, "") if theme.restates_id else "",
        cases=len({tag.case for tag in tags}),
        passages=len({tag.passage for tag in tags}),
        required=cases_with(Expectation.REQUIRED),
        expected=cases_with(Expectation.EXPECTED),
        beyond=cases_with(Expectation.BEYOND),
        could_be_better=len({tag.case for tag in tags if tag.quality == Quality.COULD_BE_BETTER}),
        sub_themes=sub_themes,
    )
