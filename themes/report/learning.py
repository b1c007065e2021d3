"""Learning points as they are told: what each rests on, counted now, and what must be said of that (rule 8).

A point that rests on no theme, on a circular theme (rule 10) or on one case says so wherever it is printed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from cases.models import Review
from themes.coding.counting import in_words
from themes.models import Audience, LearningPoint, Theme, labels_of
from themes.report.annex import Sheet
from themes.report.facts import Facts
from themes.report.found import ThemeFound

NO_THEME = "It rests on no theme: it is a judgement, not a finding."
ONE_CASE = "It rests on one case."
NO_CASE = "Its themes have been found in no selected case."
TO_BE_AGREED = "to be agreed"


@dataclass(frozen=True, slots=True)
class Basis:
    """A theme a point rests on: `words` is the count ("5 of the 6 cases"), `restates` as of a theme."""

    name: str
    slug: str
    words: str
    restates: str


@dataclass(frozen=True, slots=True)
class PointTold:
    """One learning point, numbered in its order. `cautions` are whole sentences."""

    pk: int
    number: int
    text: str
    audiences: tuple[str, ...]
    owner: str
    due_on: date | None
    rests_on: tuple[Basis, ...]
    cautions: tuple[str, ...]

    @property
    def audience_labels(self) -> list[str]:
        return labels_of(self.audiences)


def learning_of(review: Review, facts: Facts) -> tuple[PointTold, ...]:
    """The points that stand, in their order. Three queries, whatever their number."""
    points = list(LearningPoint.objects.of(review).standing().in_order().prefetch_related("themes"))
    if not points:
        return ()
    settled = Resting(facts, Theme.objects.of(review))
    return tuple(settled.told(point, number) for number, point in enumerate(points, start=1))


class Resting:
    """Looks up what points rest on: a merged theme stands for the one it was merged into."""

    def __init__(self, facts: Facts, themes: Iterable[Theme]) -> None:
        self.selected = facts.cohort.selected
        self.found = {theme.pk: theme for theme in facts.every_theme()}
        self.merged_into = {theme.pk: theme.merged_into_id for theme in themes}
        self.cases: dict[int, set[int]] = {}
        for tag in facts.tags:
            self.cases.setdefault(tag.theme, set()).add(tag.case)

    def told(self, point: LearningPoint, number: int) -> PointTold:
        themes = [(theme, self._now(theme.pk)) for theme in point.themes.all()]
        standing = list({found.pk: found for _, found in themes if found}.values())
        gone = [theme.name for theme, found in themes if found is None]
        in_order = [theme for theme in self.found.values() if theme in standing]
        return PointTold(
            pk=point.pk,
            number=number,
            text=point.text,
            audiences=tuple(point.audiences),
            owner=point.owner,
            due_on=point.due_on,
            rests_on=tuple(self._basis(theme) for theme in in_order),
            cautions=tuple(self._cautions(in_order, gone)),
        )

    def _now(self, pk: int | None) -> ThemeFound | None:
        """The theme, or what it was merged into; None where it has been retired."""
        while pk is not None and pk not in self.found:
            pk = self.merged_into.get(pk)
        return self.found[pk] if pk is not None else None

    def _basis(self, theme: ThemeFound) -> Basis:
        words = in_words(theme.cases, self.selected, "case")
        return Basis(theme.name, theme.slug, words, theme.restates)

    def _cautions(self, themes: Sequence[ThemeFound], gone: Sequence[str]) -> Iterable[str]:
        yield from (f"It rested on “{name}”, which has been retired since." for name in gone)
        yield from (
            f"“{theme.name}” is circular: it restates “{theme.restates}”, for which the cases were chosen."
            for theme in themes
            if theme.restates
        )
        if not themes:
            yield NO_THEME
            return
        # What is circular shows nothing, unless there is nothing else.
        telling = [theme for theme in themes if not theme.restates] or themes
        shown_in = set[int]().union(*map(self._cases_of, telling))
        if len(shown_in) < 2:
            yield ONE_CASE if shown_in else NO_CASE

    def _cases_of(self, theme: ThemeFound) -> set[int]:
        family = (theme.pk, *(sub.pk for sub in theme.sub_themes))
        return set[int]().union(*(self.cases.get(pk, set()) for pk in family))


def by_audience(points: Iterable[PointTold]) -> list[tuple[str, list[PointTold]]]:
    """(what the audience is called, its points), in the order of audiences; without those nobody wrote to."""
    told = list(points)
    listed = {label: [each for each in told if value in each.audiences] for value, label in Audience.choices}
    return [(label, own) for label, own in listed.items() if own]


def sheet_of(points: Sequence[PointTold]) -> Sheet:
    """The points as a table of the annex."""
    return Sheet(
        "Learning",
        "Learning for agencies, with the themes each point rests on and the cases they were found in",
        ["Number", "Learning point", "For", "Owner", "By", "Rests on", "To bear in mind"],
        [
            [
                point.number,
                point.text,
                "; ".join(point.audience_labels),
                point.owner or None,
                point.due_on.isoformat() if point.due_on else None,
                "; ".join(f"{basis.name}: {basis.words}" for basis in point.rests_on) or None,
                " ".join(point.cautions) or None,
            ]
            for point in points
        ],
    )
