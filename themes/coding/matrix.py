"""The framework matrix: cases × themes, from the tags that reviewers attached.

Method: framework analysis (Ritchie and Spencer, 1994): a row a case, a column a theme, so that what is
missing shows as plainly as what was found.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

SourceKind = Literal["record", "interview"]
Sources = Literal["records only", "interviews only", "both", "none"]
Looked = Literal["found", "not found", "not looked for"]


@dataclass(frozen=True, slots=True)
class TagRecord:
    """One tag: `theme` attached to `passage` of a finding (`record`) or of interview notes (`interview`)."""

    case: Hashable
    theme: Hashable
    passage: Hashable
    source: SourceKind


@dataclass(slots=True)
class Tally:
    """The different passages behind a cell or a total, by source."""

    records: set[Hashable] = field(default_factory=set)
    interviews: set[Hashable] = field(default_factory=set)

    @property
    def passages(self) -> int:
        return len(self.records) + len(self.interviews)

    @property
    def sources(self) -> Sources:
        """Triangulation: whether records and interviews both speak of it."""
        if self.records and self.interviews:
            return "both"
        if self.records:
            return "records only"
        return "interviews only" if self.interviews else "none"

    def add(self, tag: TagRecord) -> None:
        (self.records if tag.source == "record" else self.interviews).add(tag.passage)


@dataclass(slots=True)
class Cell(Tally):
    """One case and one theme; `marked_not_found` when a reviewer looked there and found none."""

    marked_not_found: bool = False

    @property
    def looked(self) -> Looked:
        """A tag wins over a mark: a passage is there to be read."""
        if self.passages:
            return "found"
        return "not found" if self.marked_not_found else "not looked for"

    @property
    def contradicted(self) -> bool:
        """Marked as not found, yet tagged: a person must look."""
        return self.marked_not_found and self.passages > 0


@dataclass(slots=True)
class ThemeTotal(Tally):
    """A column's total over the cases shown."""

    cases: int = 0
    not_found: int = 0


@dataclass(slots=True)
class CaseTotal(Tally):
    """A row's total: its themes, and its different passages (one passage may carry several themes)."""

    themes: int = 0


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows in the order of `cases`, columns in the order of `themes`."""

    cases: Sequence[Hashable]
    themes: Sequence[Hashable]
    cells: Mapping[tuple[Hashable, Hashable], Cell]
    by_theme: Mapping[Hashable, ThemeTotal]
    by_case: Mapping[Hashable, CaseTotal]
    passages: int

    def cell(self, case: Hashable, theme: Hashable) -> Cell:
        return self.cells[case, theme]

    def rows(self) -> Iterator[tuple[Hashable, list[Cell], CaseTotal]]:
        """(case, its cells in the order of the themes, its total)."""
        for case in self.cases:
            yield case, [self.cells[case, theme] for theme in self.themes], self.by_case[case]


def framework_matrix(
    cases: Iterable[Hashable],
    themes: Iterable[Hashable],
    tags: Iterable[TagRecord],
    not_found: Iterable[tuple[Hashable, Hashable]] = (),
) -> Matrix:
    """The matrix of these cases and themes; tags of other cases or themes are left out.

    `not_found` holds (case, theme) pairs looked for and not found. A passage tagged twice with one theme
    counts once. Time is linear in cells and tags.
    """
    rows, columns = list(cases), list(themes)
    cells = {(case, theme): Cell() for case in rows for theme in columns}
    for pair in not_found:
        if pair in cells:
            cells[pair].marked_not_found = True
    by_theme = {theme: ThemeTotal() for theme in columns}
    by_case = {case: CaseTotal() for case in rows}
    everything = Tally()
    for tag in tags:
        if (tag.case, tag.theme) in cells:
            for tally in (cells[tag.case, tag.theme], by_theme[tag.theme], by_case[tag.case], everything):
                tally.add(tag)
    for (case, theme), cell in cells.items():
        by_theme[theme].cases += cell.looked == "found"
        by_theme[theme].not_found += cell.looked == "not found"
        by_case[case].themes += cell.looked == "found"
    return Matrix(rows, columns, cells, by_theme, by_case, everything.passages)


def rolled_up(tags: Iterable[TagRecord], parent_of: Mapping[Hashable, Hashable]) -> Iterator[TagRecord]:
    """The tags, and each tag of a sub-theme again under its parent: a passage counts once in a theme."""
    for tag in tags:
        yield tag
        parent = parent_of.get(tag.theme)
        if parent is not None:
            yield TagRecord(tag.case, parent, tag.passage, tag.source)
