"""Keeping each case's counters in step with its answers, in one statement whatever the number of cases.

Counting in SQL is the same rule 1 as `cases.matching`: a property test holds the two together.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection
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


def _answers_in(characteristics: list[int], condition: Q) -> Coalesce:
    counted = (
        Answer.objects.filter(condition, case=OuterRef("pk"), characteristic__in=characteristics)
        .order_by()
        .values("case")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return Coalesce(Subquery(counted), 0)


# The answers are read once, case by case, and only rows whose counters differ are written.
RECOUNT = """
UPDATE cases_case SET match_count = counted.present, key_count = counted.key_present,
    not_known_count = %s - counted.known, key_not_known_count = %s - counted.key_known,
    verified_count = counted.verified
FROM (
    SELECT one.id,
        count(CASE WHEN answer.presence = 'present' THEN 1 END) AS present,
        count(CASE WHEN answer.presence = 'present' AND {is_key} THEN 1 END) AS key_present,
        count(CASE WHEN answer.presence <> 'not known' THEN 1 END) AS known,
        count(CASE WHEN answer.presence <> 'not known' AND {is_key} THEN 1 END) AS key_known,
        count(answer.verified) AS verified
    FROM cases_case AS one
    LEFT JOIN cases_answer AS answer ON answer.case_id = one.id AND answer.characteristic_id IN ({lines})
    WHERE one.id IN ({cases})
    GROUP BY one.id
) AS counted
WHERE cases_case.id = counted.id AND (
    cases_case.match_count <> counted.present
    OR cases_case.key_count <> counted.key_present
    OR cases_case.not_known_count <> %s - counted.known
    OR cases_case.key_not_known_count <> %s - counted.key_known
    OR cases_case.verified_count <> counted.verified
)"""


def recount(cases: QuerySet[Case], lines: Iterable[ProfileLine]) -> int:
    """Set the counters of `cases` for a version with these lines; returns how many cases changed."""
    tiers = {line.characteristic_id: line.tier for line in lines}
    keys = [pk for pk, tier in tiers.items() if tier == Tier.KEY]
    chosen, values = cases.order_by().values("pk").query.sql_with_params()
    statement = RECOUNT.format(
        is_key=f"answer.characteristic_id IN ({_listed(keys)})", lines=_listed(tiers), cases=chosen
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [len(tiers), len(keys), *values, len(tiers), len(keys)])
        return int(cursor.rowcount)


def recount_by(cases: QuerySet[Case], profile: ProfileVersion) -> int:
    """The same for a version whose lines have not been read yet."""
    return recount(cases, profile.lines.all())


def _listed(keys: Iterable[int]) -> str:
    """Primary keys, of which there may be none, as they stand in a list of SQL."""
    return ", ".join(map(str, map(int, keys))) or "NULL"
