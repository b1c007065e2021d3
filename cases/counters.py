"""Keeping each case's counters in step with its answers, in one statement whatever the number of cases.

Counting in SQL is the same rule 1 as `cases.matching`: a property test holds the two together.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from cases.models import Answer, Case, Presence, ProfileLine, ProfileVersion, Tier


class CountExpressions(NamedTuple):
    """The four counts of a case as SQL expressions."""

    match_count: Combinable
    key_count: Combinable
    not_known: Combinable
    key_not_known: Combinable


def counts_by(lines: Iterable[ProfileLine]) -> CountExpressions:
    """How a case's answers are counted under these lines (rule 1); a missing answer is not known."""
    tiers = {line.characteristic_id: line.tier for line in lines}
    keys = [pk for pk, tier in tiers.items() if tier == Tier.KEY]
    present = Q(presence=Presence.PRESENT)
    known = ~Q(presence=Presence.NOT_KNOWN)
    return CountExpressions(
        match_count=_answers_in(list(tiers), present),
        key_count=_answers_in(keys, present),
        not_known=Value(len(tiers)) - _answers_in(list(tiers), known),
        key_not_known=Value(len(keys)) - _answers_in(keys, known),
    )


def recount(cases: QuerySet[Case], profile: ProfileVersion) -> int:
    """Set the counters of `cases` for `profile`; returns how many cases were counted."""
    lines = list(profile.lines.all())
    counts = counts_by(lines)
    return cases.update(
        match_count=counts.match_count,
        key_count=counts.key_count,
        not_known_count=counts.not_known,
        key_not_known_count=counts.key_not_known,
        verified_count=_answers_in([line.characteristic_id for line in lines], ~Q(verified=None)),
    )


def _answers_in(characteristics: list[int], condition: Q) -> Coalesce:
    counted = (
        Answer.objects.filter(condition, case=OuterRef("pk"), characteristic__in=characteristics)
        .order_by()
        .values("case")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return Coalesce(Subquery(counted), 0)
