"""Reported and verified (rule 5): how far they agree, where they do not, and which case to verify next."""

from collections.abc import Iterable, Iterator
from itertools import chain, repeat
from typing import NamedTuple

from django.db.models import Count, F

from cases.matching import Agreement, AgreementTable, Comparison, agreement_table
from cases.models import Answer, Case, ProfileLine
from cases.models.case import CaseQuerySet
from cases.ranking import Ranking

LISTED = 50


class Disagreement(NamedTuple):
    """One answer that the business team found to be other than reported."""

    line: ProfileLine
    answer: Answer


class AgreementShown(NamedTuple):
    """Agreement by characteristic and overall, and the first disagreements, in rank order of their cases."""

    lines: list[tuple[ProfileLine, Agreement]]
    overall: Agreement
    disagreements: list[Disagreement]

    @property
    def disagreeing(self) -> int:
        return self.overall.compared - self.overall.agreed

    @property
    def not_listed(self) -> int:
        return self.disagreeing - len(self.disagreements)


def agreement_shown(ranking: Ranking) -> AgreementShown:
    """Over the live cases, by the characteristics of the ranking's profile; two queries."""
    table = _agreement(ranking)
    return AgreementShown(
        lines=[(line, table.by_characteristic[line.characteristic.slug]) for line in ranking.lines],
        overall=table.overall,
        disagreements=_disagreements(ranking),
    )


def to_verify(ranking: Ranking) -> CaseQuerySet:
    """Cases with answers that are only reported, in rank order."""
    return ranking.cases().filter(verified_count__lt=len(ranking.lines))


def next_to_verify(ranking: Ranking, *, after: Case) -> Case | None:
    """The best ranked other case of which no answer has been verified, else one with some left."""
    others = to_verify(ranking).exclude(pk=after.pk)
    found: Case | None = others.filter(verified_count=0).first() or others.first()
    return found


def _agreement(ranking: Ranking) -> AgreementTable:
    slugs = {line.characteristic_id: line.characteristic.slug for line in ranking.lines}
    verified = Answer.objects.filter(
        case__review=ranking.review, case__withdrawn_at=None, characteristic__in=slugs
    ).exclude(verified=None)
    grouped = verified.values_list("characteristic_id", "reported", "verified").annotate(number=Count("pk"))
    return agreement_table(_each(list(grouped.order_by()), slugs), list(slugs.values()))


def _each(grouped: Iterable[tuple[int, str, str, int]], slugs: dict[int, str]) -> Iterator[Comparison]:
    return chain.from_iterable(
        repeat(Comparison(slugs[characteristic], reported, found), number)
        for characteristic, reported, found, number in grouped
    )


def _disagreements(ranking: Ranking) -> list[Disagreement]:
    lines = {line.characteristic_id: line for line in ranking.lines}
    differing = (
        Answer.objects.filter(case__review=ranking.review, case__withdrawn_at=None, characteristic__in=lines)
        .exclude(verified=None)
        .exclude(verified=F("reported"))
        .select_related("case__district", "verified_by")
        .order_by("-case__match_count", "-case__key_count", "case__not_known_count", "case__sequence", "pk")
    )
    return [Disagreement(lines[answer.characteristic_id], answer) for answer in differing[:LISTED]]
