"""Rule 3: which cases are suggested for selection, and which ties are left for a person to decide."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from cases.matching.answers import CountedCase, Counts
from cases.matching.cutoff import Criteria, Cutoff
from cases.matching.ranking import RankedCase, Score, rank, score_of

YES: Final = "yes"
TIE: Final = "tie"
NO: Final = "no"


@dataclass(frozen=True, slots=True)
class TiedGroup:
    """Tied cases that cross the cut-off: more of them than `places`, and a person decides.

    `district` is set where they compete for places under the minimum of that district alone. `keys` are in
    order of submission.
    """

    rank: int
    district: Hashable | None
    places: int
    keys: tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The suggested selection: `by_key` maps each case's key to "yes", "tie" or "no", in order.

    `suggested` is the number of places filled: the cases suggested "yes" and the places of the tied groups.
    """

    wanted: int
    qualifying: int
    suggested: int
    by_key: Mapping[Hashable, str]
    tied: tuple[TiedGroup, ...]

    @property
    def fewer_than_wanted(self) -> bool:
        return self.suggested < self.wanted


def tally_scores(tally: Mapping[Counts, int]) -> Counter[tuple[Hashable, Score]]:
    """How many cases stand at each score of each district."""
    scores: Counter[tuple[Hashable, Score]] = Counter()
    for counts, number in tally.items():
        scores[counts.district, score_of(counts)] += number
    return scores


def find_cutoff(tally: Mapping[Counts, int], criteria: Criteria) -> Cutoff:
    """The cut-off over a tally of counts (how many cases have each), such as one grouped query gives."""
    return Cutoff(tally_scores(tally), criteria)


def suggestion_at(cutoff: Cutoff, counts: Counts) -> str:
    """ "yes", "tie" or "no" for a case of the cut-off's tally (rule 3)."""
    score = score_of(counts)
    if cutoff.in_for_all(counts.district, score):
        return YES
    return TIE if cutoff.in_for_some(counts.district, score) else NO


def suggest(cases: Iterable[CountedCase], criteria: Criteria) -> Suggestion:
    """The suggested selection, exact over every way of breaking ties. O(n log n), for the sort."""
    return suggest_ranked(rank(cases), criteria)


def suggest_ranked(ranked: list[RankedCase], criteria: Criteria) -> Suggestion:
    """The same for cases already in rank order."""
    tally = Counter(entry.case.counts for entry in ranked)
    cutoff = find_cutoff(tally, criteria)
    at = {counts: suggestion_at(cutoff, counts) for counts in tally}
    return Suggestion(
        wanted=criteria.wanted,
        qualifying=cutoff.qualifying,
        suggested=cutoff.suggested,
        by_key={entry.case.key: at[entry.case.counts] for entry in ranked},
        tied=_tied_groups([entry for entry in ranked if at[entry.case.counts] == TIE], cutoff, ranked, at),
    )


def _tied_groups(
    tied: list[RankedCase], cutoff: Cutoff, ranked: list[RankedCase], at: Mapping[Counts, str]
) -> tuple[TiedGroup, ...]:
    """Tied cases grouped by what they compete for.

    A tied case that has no chance among the rest competes in its district alone; its district offers d less
    those ahead. All others stand at the one score where the places run out and compete for what is left.
    """
    groups: dict[tuple[int, Hashable | None], list[CountedCase]] = {}
    for entry in tied:
        counts = entry.case.counts
        in_district_alone = cutoff.taken.above(score_of(counts)) >= cutoff.criteria.wanted
        competes_in = counts.district if in_district_alone else None
        groups.setdefault((entry.rank, competes_in), []).append(entry.case)
    left = cutoff.suggested - sum(at[entry.case.counts] == YES for entry in ranked)
    places: dict[tuple[int, Hashable | None], int] = {}
    for (shared, district), members in groups.items():
        if district is not None:
            score = score_of(members[0].counts)
            in_district = cutoff.criteria.minimum_per_district - cutoff.ahead(district).above(score)
            places[shared, district] = in_district
            left -= in_district
    return tuple(
        TiedGroup(shared, district, places.get((shared, district), left), tuple(case.key for case in members))
        for (shared, district), members in groups.items()
    )
