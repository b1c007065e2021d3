"""How common each characteristic is in the index cases, the submissions and the selection (rule 9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet

from cases.models import Answer, Case, IndexAnswer, IndexCase, Outcome, Presence, ProfileLine
from cases.models.case import CaseQuerySet
from cases.ranking import Ranking
from cases.shown import Shown, cases_to_show


class Share(NamedTuple):
    """How many cases have a characteristic, of those of which it is known; of the rest it is not."""

    present: int
    known: int
    cases: int

    @property
    def share(self) -> float:
        return self.present / self.known if self.known else 0.0

    @property
    def not_known(self) -> int:
        return self.cases - self.known


class Prevalence(NamedTuple):
    """One characteristic in the index cases, the submissions and the selection."""

    line: ProfileLine
    in_index: Share
    submitted: Share
    selected: Share


@dataclass(frozen=True)
class Comparison:
    rows: list[Prevalence]
    selection_is: str


def comparison(ranking: Ranking) -> Comparison:
    """How common each characteristic is in the three groups; a constant number of queries."""
    review = ranking.review
    chosen, words = _selection(ranking)
    pks = list(chosen.values_list("pk", flat=True))
    lines = ranking.lines
    entered = IndexCase.objects.filter(review=review).count()
    live = Answer.objects.filter(case__review=review, case__withdrawn_at=None)
    groups = (
        _shares(IndexAnswer.objects.filter(index_case__review=review), lines, entered),
        _shares(live, lines, ranking.total),
        _shares(live.filter(case__in=pks), lines, len(pks)),
    )
    rows = [Prevalence(line, *(group[line.characteristic_id] for group in groups)) for line in lines]
    return Comparison(rows, words)


def _shares(answers: "QuerySet[Any]", lines: Sequence[ProfileLine], cases: int) -> dict[int, Share]:
    asked = [line.characteristic_id for line in lines]
    counted = (
        answers.filter(characteristic__in=asked)
        .exclude(presence=Presence.NOT_KNOWN)
        .order_by()
        .values_list("characteristic_id", "presence")
        .annotate(number=Count("pk"))
    )
    numbers = {(characteristic, presence): number for characteristic, presence, number in counted}
    return {
        pk: Share(
            present=numbers.get((pk, Presence.PRESENT), 0),
            known=sum(numbers.get((pk, word), 0) for word in (Presence.PRESENT, Presence.ABSENT)),
            cases=cases,
        )
        for pk in asked
    }


def _selection(ranking: Ranking) -> tuple[CaseQuerySet, str]:
    """The cases a selection holds now, by the best that is known, and which that is in words."""
    review = ranking.review
    standing = review.selections.standing().first()
    if standing is not None:
        return Case.objects.of(review).selected(), f"selection {standing.number}, as confirmed"
    decided = (
        Case.objects.of(review)
        .live()
        .filter(decisions__selection__confirmed_at=None, decisions__outcome=Outcome.SELECTED)
    )
    if decided.exists():
        return decided, "the cases decided as selected so far"
    return cases_to_show(ranking, Shown(suggestion="yes"), None), "the cases suggested now, ties left out"
