"""Which cases of a ranking a page shows, and in what order: over the whole set, in one query.

Standing and suggestion are no columns: they follow from a case's counts. Each set of counts is written as one
whole number, so that "open" becomes a list of numbers to look for, however many cases have them.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from operator import attrgetter

from django.db.models import (
    BigIntegerField,
    Case,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    Value,
    When,
)
from django.db.models.expressions import Combinable, ExpressionWrapper
from django.db.models.functions import Cast

from cases.matching import Counts
from cases.models import Answer, Presence, Selection
from cases.models.case import CaseQuerySet
from cases.ranking import COUNTS, IN_ORDER, Ranking

NOT_DECIDED = "not decided"
# The outcome and the reason of a case read through `with_decisions`, None where it is not decided.
read_decision = attrgetter("outcome", "decided_reason")


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the page was asked for; an empty word asks for nothing."""

    district: int | None = None
    standing: str = ""
    suggestion: str = ""
    decision: str = ""
    characteristic: int | None = None
    answer: str = ""
    sort: str = ""

    @property
    def narrows(self) -> bool:
        return bool(self.district or self.standing or self.suggestion or self.decision or self.characteristic)


# The orders a page offers: the word in its address, and the columns after which ties stand in rank order.
SORTS: dict[str, tuple[str, ...]] = {
    "rank": (),
    "district": ("district__order",),
    "submitted": ("sequence",),
    "matches": ("-matches",),
    "highest": ("-most", "-matches"),
    "not-known": ("-unknowns",),
    "standing": ("standing_place",),
    "suggestion": ("suggestion_place",),
}
PLACES = {
    "standing": ("secure", "open", "out"),
    "suggestion": ("yes", "tie", "no"),
}


def cases_to_show(ranking: Ranking, shown: Shown, selection: Selection | None) -> CaseQuerySet:
    """Cases with their counts, and the `outcome`, `decided_reason` and `decided_when` of `selection`."""
    cases = with_decisions(ranking.cases(), selection)
    if shown.district:
        cases = cases.filter(district=shown.district)
    if shown.standing or shown.suggestion:
        cases = at_counts(cases, ranking, counts_that_stand(ranking, shown))
    if shown.decision == NOT_DECIDED:
        cases = cases.filter(Q(outcome=None))
    elif shown.decision:
        cases = cases.filter(Q(outcome=shown.decision))
    if shown.characteristic and shown.answer:
        cases = _answered(cases, shown.characteristic, shown.answer)
    return _sorted(cases, ranking, shown.sort)


def with_decisions(cases: CaseQuerySet, selection: Selection | None) -> CaseQuerySet:
    """Each case with what was decided in one round; nothing where there is no round yet."""
    return cases.annotate(
        decided=FilteredRelation(
            "decisions", condition=Q(decisions__selection=selection.pk if selection else 0)
        ),
        outcome=F("decided__outcome"),
        decided_when=F("decided__suggested"),
        decided_reason=F("decided__reason"),
    )


def counts_that_stand(ranking: Ranking, shown: Shown) -> list[Counts]:
    """The counts whose cases have the standing and suggestion asked for."""
    return [
        counts
        for counts in ranking.tally
        if shown.standing in ("", ranking.standings[counts])
        and shown.suggestion in ("", ranking.suggestions[counts])
    ]


def at_counts(cases: CaseQuerySet, ranking: Ranking, wanted: Collection[Counts]) -> CaseQuerySet:
    """Only cases of the ranking that have one of these counts."""
    base = _base(ranking)
    return cases.annotate(signature=_signature(base)).filter(
        signature__in=[_number(counts, base) for counts in wanted]
    )


def _base(ranking: Ranking) -> int:
    return len(ranking.lines) + 1


def _number(counts: Counts, base: int) -> int:
    number = 0
    for part in counts:
        assert isinstance(part, int)  # nosec B101
        number = number * base + part
    return number


def _signature(base: int) -> Combinable:
    number: Combinable = Cast("district_id", BigIntegerField())
    for name in COUNTS:
        number = ExpressionWrapper(number * Value(base) + F(name), output_field=BigIntegerField())
    return number


def _answered(cases: CaseQuerySet, characteristic: int, answer: str) -> CaseQuerySet:
    """A missing answer is not known (rule 1).

    Asked case by case: PostgreSQL reads a list that "not in" holds against each case again and again once it
    outgrows its memory, which was minutes at 10⁶ cases.
    """
    given = Answer.objects.filter(characteristic=characteristic, case=OuterRef("pk"))
    if answer == Presence.NOT_KNOWN:
        return cases.filter(~Exists(given.exclude(presence=Presence.NOT_KNOWN)))
    return cases.filter(Exists(given.filter(presence=answer)))


def _sorted(cases: CaseQuerySet, ranking: Ranking, sort: str) -> CaseQuerySet:
    if sort == "highest":
        cases = cases.annotate(most=F("matches") + F("unknowns"))
    if sort in PLACES:
        found = ranking.standings if sort == "standing" else ranking.suggestions
        base = _base(ranking)
        whens = [
            When(signature__in=[_number(counts, base) for counts in _having(found.items(), word)], then=place)
            for place, word in enumerate(PLACES[sort])
        ]
        cases = cases.annotate(signature=_signature(base))
        cases = cases.annotate(
            **{f"{sort}_place": Case(*whens, default=len(whens), output_field=IntegerField())}
        )
    if sort == "decision":
        return cases.order_by(F("outcome").asc(nulls_first=True), *IN_ORDER)
    return cases.order_by(*SORTS.get(sort, ()), *IN_ORDER)


def _having(found: Iterable[tuple[Counts, str]], word: str) -> list[Counts]:
    return [counts for counts, given in found if given == word]
