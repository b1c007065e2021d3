"""Who chose the cases and took part, and how the choice came about: from the records of the selection."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.utils import timezone

from cases.models import Membership, Review, Role, Selection

# One person, and more than one. Board readers only read.
TOOK_PART = {
    Role.BUSINESS_TEAM: ("person of the business team", "people of the business team"),
    Role.DISTRICT_LEAD: ("district lead", "district leads"),
    Role.REVIEWER: ("reviewer", "reviewers"),
}


@dataclass(frozen=True, slots=True)
class Choosing:
    """The confirmed selection. Overrides are decisions that depart from what the ranking suggested."""

    confirmed_on: date | None = None
    reserve: int = 0
    selected_against: int = 0
    left_out_against: int = 0
    ties_decided: int = 0
    ties_selected: int = 0
    reopened: int = 0


def choosing(review: Review) -> Choosing:
    """From the frozen record of the standing selection: what was suggested, and what was decided."""
    confirmed = list(Selection.objects.confirmed().filter(review=review).order_by("number"))
    standing = next((selection for selection in confirmed if selection.reopened_at is None), None)
    reopened = sum(selection.reopened_at is not None for selection in confirmed)
    if standing is None or standing.frozen is None or standing.confirmed_at is None:
        return Choosing(reopened=reopened)
    decided = Counter(
        (case["suggested"], case["decision"]["outcome"] == "selected")
        for case in standing.frozen["cases"]
        if case["decision"]
    )
    outcomes = Counter(case["decision"]["outcome"] for case in standing.frozen["cases"] if case["decision"])
    return Choosing(
        confirmed_on=timezone.localdate(standing.confirmed_at),
        reserve=outcomes["reserve"],
        selected_against=decided["no", True],
        left_out_against=decided["yes", False],
        ties_decided=decided["tie", True] + decided["tie", False],
        ties_selected=decided["tie", True],
        reopened=reopened,
    )


def people(review: Review) -> tuple[str, ...]:
    """How many people have held each role in this review: "2 people of the business team"."""
    counted = (
        Membership.objects.filter(review=review, role__in=TOOK_PART)
        .order_by()
        .values_list("role")
        .annotate(Count("user", distinct=True))
    )
    found = dict(counted)
    return tuple(
        f"{found[role]} {one if found[role] == 1 else many}"
        for role, (one, many) in TOOK_PART.items()
        if role in found
    )
