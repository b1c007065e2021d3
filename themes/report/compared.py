"""The selected cases beside the index cases the review sets out from, characteristic by characteristic."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count

from cases.matching.proportions import (
    LEVEL,
    Interval,
    chance_of_difference,
    exact_interval,
    most_told_apart,
)
from cases.models import IndexAnswer, Presence, Review
from cases.prevalence import Share


@dataclass(frozen=True, slots=True)
class Compared:
    """One characteristic in both groups: how many of those of which it is known have it."""

    slug: str
    name: str
    index: Share
    selected: Share

    @property
    def index_interval(self) -> Interval:
        return exact_interval(self.index.present, self.index.known)

    @property
    def selected_interval(self) -> Interval:
        return exact_interval(self.selected.present, self.selected.known)

    @property
    def chance(self) -> float:
        """Fisher's exact test, two-sided."""
        return chance_of_difference(
            self.index.present, self.index.known, self.selected.present, self.selected.known
        )

    @property
    def told_apart(self) -> bool:
        return self.chance < LEVEL


class Comparison(NamedTuple):
    """`rows` is empty where there are no index cases or nothing is selected."""

    index_cases: int
    selected: int
    rows: tuple[Compared, ...]

    @property
    def told_apart(self) -> list[Compared]:
        return [row for row in self.rows if row.told_apart]

    @property
    def most_told_apart(self) -> int | None:
        """How many of the selected cases may have what all index cases have, for the two to be told apart."""
        return most_told_apart(self.index_cases, self.selected)

    @property
    def least_not_told_apart(self) -> int:
        """How few of the selected cases may have it, and chance would still readily bring that about."""
        most = self.most_told_apart
        return 0 if most is None else most + 1


def index_counts(review: Review) -> tuple[int, dict[tuple[str, str], int]]:
    """How many index cases there are, and how many of them gave which answer to which characteristic."""
    counted = (
        IndexAnswer.objects.filter(index_case__review=review)
        .order_by()
        .values_list("characteristic__slug", "presence")
        .annotate(Count("pk"))
    )
    return review.index_cases.count(), {(slug, presence): number for slug, presence, number in counted}


def compared(review: Review, lines: Sequence[tuple[str, str, int, int]], selected: int) -> Comparison:
    """The two groups by the lines (slug, name, present, absent) of the profile; two queries."""
    cases, counts = index_counts(review)
    rows = [
        Compared(slug, name, _share(counts, slug, cases), Share(present, present + absent, selected))
        for slug, name, present, absent in lines
    ]
    return Comparison(cases, selected, tuple(rows) if cases and selected else ())


def _share(counts: dict[tuple[str, str], int], slug: str, cases: int) -> Share:
    present = counts.get((slug, Presence.PRESENT), 0)
    return Share(present, present + counts.get((slug, Presence.ABSENT), 0), cases)
