"""The codebook and the framework matrix as the database holds them, counted by `themes.coding.matrix`."""

from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass

from cases.models import Case, Review
from themes.coding.matrix import Cell as Count
from themes.coding.matrix import Matrix, TagRecord, ThemeTotal, framework_matrix, rolled_up
from themes.models import Cell, Tag, Theme

# Beside the kinds of record.
INTERVIEW = "interview"


@dataclass(frozen=True)
class MatrixCell:
    """One case and one theme: what is counted, and what a reviewer wrote."""

    case: Case
    theme: Theme
    count: Count
    written: Cell | None


@dataclass(frozen=True)
class CountedTheme:
    theme: Theme
    total: ThemeTotal


@dataclass(frozen=True)
class Framework:
    """Rows by letter, columns in codebook order; a theme counts the passages of its sub-themes, each once."""

    cases: list[Case]
    themes: list[Theme]
    matrix: Matrix
    written: dict[tuple[int, int], Cell]

    def rows(self) -> list[tuple[Case, list[MatrixCell]]]:
        return [(case, [self.cell(case, theme) for theme in self.themes]) for case in self.cases]

    def cell(self, case: Case, theme: Theme) -> MatrixCell:
        count = self.matrix.cell(case.pk, theme.pk)
        return MatrixCell(case, theme, count, self.written.get((case.pk, theme.pk)))

    def counted_themes(self) -> list[CountedTheme]:
        return [CountedTheme(theme, self.matrix.by_theme[theme.pk]) for theme in self.themes]


def framework_of(
    review: Review,
    *,
    strand: str = "",
    sub_themes: bool = True,
    kind: str = "",
    quality: str = "",
    hidden: Collection[int] = (),
) -> Framework:
    """The matrix of the selected cases, in four queries; passages that need a look are not counted.

    `kind` is a kind of record or INTERVIEW, `quality` that of a finding: either leaves other passages out.
    `hidden` are cases that this reader must not see the tags of.
    """
    cases = list(Case.objects.of(review).selected().exclude(pk__in=hidden).by_letter())
    every_theme = list(Theme.objects.of(review).select_related("parent", "restates").in_codebook_order())
    themes = [theme for theme in every_theme if not strand or theme.strand == strand]
    if not sub_themes:
        themes = [theme for theme in themes if theme.parent_id is None]
    written = {
        (cell.case_id, cell.theme_id): cell
        for cell in Cell.objects.filter(case__in=[case.pk for case in cases])
    }
    parents: dict[Hashable, Hashable] = {
        theme.pk: theme.parent_id for theme in every_theme if theme.parent_id
    }
    matrix = framework_matrix(
        [case.pk for case in cases],
        [theme.pk for theme in themes],
        rolled_up(tag_records(review, kind=kind, quality=quality), parents),
        [pair for pair, cell in written.items() if cell.looked_for_not_found],
    )
    themes = [theme for theme in themes if theme.retired_at is None or matrix.by_theme[theme.pk].passages]
    return Framework(cases, themes, matrix, written)


def tag_records(review: Review, *, kind: str = "", quality: str = "") -> Iterable[TagRecord]:
    """Every tag of a selected case whose passage needs no look, in one query."""
    counted = Tag.objects.that_count(review)
    if kind == INTERVIEW:
        counted = counted.exclude(passage__note=None)
    elif kind:
        counted = counted.filter(passage__finding__record_kind=kind)
    if quality:
        counted = counted.filter(passage__finding__quality=quality)
    tags = counted.values_list("passage__case_id", "theme_id", "passage_id", "passage__note_id")
    for case, theme, passage, note in tags.iterator():
        yield TagRecord(case, theme, passage, "interview" if note else "record")
