"""How firm the suggested selection is: in what share of outcomes a case is in, and other countings.

Everything is worked out from how many cases have which counts; single cases are read only to be named.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, F, FilteredRelation, Q, Value
from django.db.models.functions import Coalesce

from cases.matching import KEY, NO, TIE, Counts, Criteria, score_of
from cases.matching.shares import Share, Shares, selection_shares
from cases.matching.variants import (
    WEIGHINGS,
    Placed,
    counted_once,
    suggestions_of,
    weighed,
    without,
)
from cases.models import Case, Presence, ProfileLine
from cases.models.case import CaseQuerySet
from cases.paging import first_at_counts
from cases.ranking import COUNTS, IN_ORDER, Ranking, counts_of
from cases.words import joined, plural

NAMED = 20
LISTED = 50


class CaseShare(NamedTuple):
    """One case that depends on answers not known, and in what share of outcomes it is in."""

    case: Case
    counts: Counts
    share: Share


@dataclass(frozen=True)
class Firmness:
    """Cases by standing, and of the open ones the first in rank order with their shares."""

    secure: int
    open: int
    out: int
    listed: list[CaseShare]
    shares: Shares

    @property
    def not_listed(self) -> int:
        return self.open - len(self.listed)


@dataclass(frozen=True, kw_only=True)
class Change:
    """What another way of counting does to the suggestion: who enters and leaves, the first of them named."""

    name: str
    assumed: str
    entering: list[Case]
    leaving: list[Case]
    numbers: tuple[int, int]
    tied: int

    @property
    def words(self) -> str:
        entering, leaving = self.numbers
        if not entering and not leaving:
            return "The same cases are suggested."
        parts = [
            f"{_named(self.entering, entering)} {'enters' if entering == 1 else 'enter'}" if entering else "",
            f"{_named(self.leaving, leaving)} {'leaves' if leaving == 1 else 'leave'}" if leaving else "",
        ]
        return f"{'; '.join(part for part in parts if part)}."


def _named(cases: Sequence[Case], number: int) -> str:
    references = [case.reference for case in cases]
    more = number - len(references)
    return joined([*references, plural(more, "more case")] if more else references)


def firmness(ranking: Ranking) -> Firmness:
    """Two queries for any number of cases: the tally of the ranking, and the cases named."""
    numbers = dict.fromkeys(("secure", "open", "out"), 0)
    for counts, number in ranking.tally.items():
        numbers[ranking.standings[counts]] += number
    shares = selection_shares(ranking.tally, ranking.criteria)
    undecided = [counts for counts, standing in ranking.standings.items() if standing == "open"]
    cases = first_at_counts(ranking.cases().select_related("district"), ranking, undecided, LISTED)
    listed = [CaseShare(case, counts_of(case), shares.by_counts[counts_of(case)]) for case in cases]
    return Firmness(numbers["secure"], numbers["open"], numbers["out"], listed, shares)


def changes(ranking: Ranking) -> list[Change]:
    """Each characteristic left out, each problem counted once, each other weighing: three queries each."""
    left_out = [_left_out(ranking, line) for line in ranking.lines] if len(ranking.lines) > 1 else []
    once = [_counted_once(ranking, name, lines) for name, lines in problems(ranking.lines).items()]
    weighings = [_weighed(ranking, name) for name in WEIGHINGS]
    return [*left_out, *once, *weighings]


def problems(lines: Sequence[ProfileLine]) -> dict[str, list[ProfileLine]]:
    """Problems of which several characteristics speak, by name: each counts more than once."""
    found: dict[str, list[ProfileLine]] = {}
    for line in lines:
        if line.problem:
            found.setdefault(line.problem, []).append(line)
    return {name: speaking for name, speaking in found.items() if len(speaking) > 1}


# Cases alike: their counts, and what they answer to the characteristics a variant is about.
Alike = tuple[Counts, tuple[str, ...]]


def _left_out(ranking: Ranking, line: ProfileLine) -> Change:
    groups = _alike(ranking, [line])
    is_key = line.tier == KEY
    fewer = {
        alike: (without(alike[0], alike[1][0], is_key=is_key), number) for alike, number in groups.items()
    }
    criteria, assumed = _fitting(ranking.criteria, len(ranking.lines) - 1)
    return _change(ranking, f"Without {line.name}", assumed, fewer, criteria, [line])


def _counted_once(ranking: Ranking, name: str, lines: list[ProfileLine]) -> Change:
    keys = [line.tier == KEY for line in lines]
    fewer = {
        alike: (counted_once(alike[0], zip(alike[1], keys, strict=True)), number)
        for alike, number in _alike(ranking, lines).items()
    }
    criteria, assumed = _fitting(ranking.criteria, len(ranking.lines) - len(lines) + 1)
    return _change(ranking, f"{name[:1].upper()}{name[1:]} counted once", assumed, fewer, criteria, lines)


def _weighed(ranking: Ranking, name: str) -> Change:
    found = weighed(ranking.tally, ranking.criteria, WEIGHINGS[name])
    same: dict[Alike, str] = {(counts, ()): found[counts] for counts in ranking.tally}
    numbers: dict[Alike, int] = {(counts, ()): number for counts, number in ranking.tally.items()}
    return _named_change(ranking, name, "", same, numbers, [])


def _fitting(criteria: Criteria, lines: int) -> tuple[Criteria, str]:
    """The criteria with a minimum that so many characteristics can reach."""
    if criteria.minimum <= lines:
        return criteria, ""
    lower = Criteria(criteria.wanted, lines, criteria.minimum_per_district)
    return lower, f"with a minimum of {lines} in place of {criteria.minimum}"


def _change(
    ranking: Ranking,
    name: str,
    assumed: str,
    groups: Mapping[Alike, tuple[Counts, int]],
    criteria: Criteria,
    lines: list[ProfileLine],
) -> Change:
    placed: dict[Hashable, Placed] = {
        alike: Placed(counts.district, counts.match_count, score_of(counts), number)
        for alike, (counts, number) in groups.items()
    }
    found = suggestions_of(placed, criteria)
    numbers = {alike: number for alike, (_, number) in groups.items()}
    return _named_change(ranking, name, assumed, {alike: found[alike] for alike in groups}, numbers, lines)


def _named_change(
    ranking: Ranking,
    name: str,
    assumed: str,
    found: Mapping[Alike, str],
    numbers: Mapping[Alike, int],
    lines: list[ProfileLine],
) -> Change:
    entering = [alike for alike in found if found[alike] != NO and ranking.suggestions[alike[0]] == NO]
    leaving = [alike for alike in found if found[alike] == NO and ranking.suggestions[alike[0]] != NO]
    return Change(
        name=name,
        assumed=assumed,
        entering=_cases_of(ranking, entering, lines),
        leaving=_cases_of(ranking, leaving, lines),
        numbers=(sum(numbers[alike] for alike in entering), sum(numbers[alike] for alike in leaving)),
        tied=sum(number for alike, number in numbers.items() if found[alike] == TIE),
    )


def _answered(ranking: Ranking, lines: Sequence[ProfileLine]) -> CaseQuerySet:
    """Cases with their answers to these lines as `answer_0`, `answer_1` …; a missing one is not known."""
    cases = ranking.cases()
    for place, line in enumerate(lines):
        cases = cases.annotate(
            **{
                f"given_{place}": FilteredRelation(
                    "answers", condition=Q(answers__characteristic=line.characteristic_id)
                )
            }
        ).annotate(
            **{f"answer_{place}": Coalesce(F(f"given_{place}__presence"), Value(Presence.NOT_KNOWN.value))}
        )
    return cases


def _alike(ranking: Ranking, lines: Sequence[ProfileLine]) -> dict[Alike, int]:
    """How many cases have each set of counts with each set of answers to these lines: one query."""
    names = [f"answer_{place}" for place in range(len(lines))]
    grouped = (
        _answered(ranking, lines)
        .order_by()
        .values_list("district_id", *COUNTS, *names)
        .annotate(number=Count("pk"))
    )
    return {(Counts(*row[: len(COUNTS) + 1]), tuple(row[len(COUNTS) + 1 : -1])): row[-1] for row in grouped}


def _cases_of(ranking: Ranking, wanted: Sequence[Alike], lines: Sequence[ProfileLine]) -> list[Case]:
    """The first of the cases alike to any of those wanted, in rank order: one query."""
    chosen = Q(pk__in=[])
    for counts, answers in wanted:
        one = Q(district=counts.district, **dict(zip(COUNTS, counts[1:], strict=True)))
        chosen |= one & Q(**{f"answer_{place}": answer for place, answer in enumerate(answers)})
    return list(_answered(ranking, lines).filter(chosen).order_by(*IN_ORDER)[:NAMED])
