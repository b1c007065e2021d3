"""What the themes rest on: how many cases, which sources, and whether further cases still bring new ones.

Saturation is told twice: in the order of the cases, and over all orders alike, since cases have no order
of their own. The second is the rarefaction of Hurlbert (1971): how many themes to expect in any k cases.
"""

from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from math import comb
from typing import Literal

from themes.coding.matrix import Cell, Matrix

Triangulation = Literal[
    "both", "records only", "interviews only", "contradicted", "looked for, not found", "not looked for"
]


@dataclass(frozen=True, slots=True)
class Strength:
    """One theme: the cases it was found in, and how many cases stand at each kind of triangulation.

    `only_case` is the one case without which the theme would be gone.
    """

    theme: Hashable
    cases: int
    passages: int
    only_case: Hashable | None
    stands: Counter[Triangulation]


@dataclass(frozen=True, slots=True)
class Addition:
    """One case in order: themes it brought first, themes so far, and themes that no other case has."""

    case: Hashable
    new: list[Hashable]
    so_far: int
    only_here: list[Hashable]


def triangulation(cell: Cell) -> Triangulation:
    """Where one case stands on one theme."""
    if cell.contradicted:
        return "contradicted"
    if cell.sources == "none":
        return "looked for, not found" if cell.marked_not_found else "not looked for"
    return cell.sources


def strengths(matrix: Matrix) -> list[Strength]:
    """Every theme in the order of the matrix."""
    return [_strength(matrix, theme) for theme in matrix.themes]


def additions(matrix: Matrix) -> Iterator[Addition]:
    """Every case in the order of the matrix, with the themes it added."""
    found_in = _found_in(matrix)
    seen: set[Hashable] = set()
    for case in matrix.cases:
        here = [theme for theme in matrix.themes if case in found_in[theme]]
        new = [theme for theme in here if theme not in seen]
        seen.update(new)
        only_here = [theme for theme in here if len(found_in[theme]) == 1]
        yield Addition(case, new, len(seen), only_here)


def expected_themes(matrix: Matrix) -> list[float]:
    """How many themes any k of the cases hold on average, for k from 1 to the number of cases."""
    cases = len(matrix.cases)
    found = [len(where) for where in _found_in(matrix).values() if where]
    return [
        sum(1 - comb(cases - number, chosen) / comb(cases, chosen) for number in found)
        for chosen in range(1, cases + 1)
    ]


def _strength(matrix: Matrix, theme: Hashable) -> Strength:
    cells = {case: matrix.cell(case, theme) for case in matrix.cases}
    found = [case for case, cell in cells.items() if cell.passages]
    return Strength(
        theme=theme,
        cases=len(found),
        passages=matrix.by_theme[theme].passages,
        only_case=found[0] if len(found) == 1 else None,
        stands=Counter(triangulation(cell) for cell in cells.values()),
    )


def _found_in(matrix: Matrix) -> dict[Hashable, set[Hashable]]:
    return {
        theme: {case for case in matrix.cases if matrix.cell(case, theme).passages} for theme in matrix.themes
    }
