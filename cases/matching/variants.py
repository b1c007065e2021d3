"""The selection under other ways of counting: less one characteristic, tiers weighed anew, a problem once.

A variant gives each case a place of its own making; who is in is then rule 3 over those places. The minimum
is asked of the variant's own match count.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Final, NamedTuple

from cases.matching.answers import ABSENT, NOT_KNOWN, PRESENT, Counts
from cases.matching.cutoff import Criteria, Cutoff
from cases.matching.ranking import Score, score_of
from cases.matching.suggestion import NO, TIE, YES


class Placed(NamedTuple):
    """Cases alike: how many, where, with which match count and in which order."""

    district: Hashable
    match_count: int
    score: Score
    number: int


def suggestions_of(groups: Mapping[Hashable, Placed], criteria: Criteria) -> dict[Hashable, str]:
    """ "yes", "tie" or "no" for each group of cases alike (rule 3, by the groups' own scores).

    The first part of a score need not be the match count; so only those that qualify are ranked.
    """
    tally: dict[tuple[Hashable, Score], int] = {}
    for group in groups.values():
        if group.match_count >= criteria.minimum:
            place = group.district, group.score
            tally[place] = tally.get(place, 0) + group.number
    cutoff = Cutoff(tally, Criteria(criteria.wanted, 0, criteria.minimum_per_district))
    found: dict[Hashable, str] = {}
    for key, group in groups.items():
        if group.match_count < criteria.minimum:
            found[key] = NO
        elif cutoff.in_for_all(group.district, group.score):
            found[key] = YES
        else:
            found[key] = TIE if cutoff.in_for_some(group.district, group.score) else NO
    return found


def without(counts: Counts, presence: str, *, is_key: bool) -> Counts:
    """The counts of a case with one characteristic left out, which it answered with `presence`."""
    present, unknown = presence == PRESENT, presence == NOT_KNOWN
    return Counts(
        counts.district,
        counts.match_count - present,
        counts.key_count - (present and is_key),
        counts.not_known - unknown,
        (counts.key_not_known or 0) - (unknown and is_key),
    )


def with_one(counts: Counts, presence: str, *, is_key: bool) -> Counts:
    """The counts of a case with one more characteristic."""
    present, unknown = presence == PRESENT, presence == NOT_KNOWN
    return Counts(
        counts.district,
        counts.match_count + present,
        counts.key_count + (present and is_key),
        counts.not_known + unknown,
        (counts.key_not_known or 0) + (unknown and is_key),
    )


def counted_once(counts: Counts, members: Iterable[tuple[str, bool]]) -> Counts:
    """The counts with several characteristics, as (presence, is key), taken as one.

    Present where any is, absent where all are, else not known; key where any is.
    """
    listed = list(members)
    for presence, is_key in listed:
        counts = without(counts, presence, is_key=is_key)
    given = {presence for presence, _ in listed}
    together = PRESENT if PRESENT in given else ABSENT if given == {ABSENT} else NOT_KNOWN
    return with_one(counts, together, is_key=any(is_key for _, is_key in listed))


def _tiers_ignored(counts: Counts) -> Score:
    return counts.match_count, 0, -counts.not_known


def _key_twice(counts: Counts) -> Score:
    return counts.match_count + counts.key_count, counts.key_count, -counts.not_known


def _key_first(counts: Counts) -> Score:
    return counts.key_count, counts.match_count, -counts.not_known


# Other ways to weigh the tiers: in words, and the order they make.
WEIGHINGS: Final[dict[str, Callable[[Counts], Score]]] = {
    "The tiers do not matter": _tiers_ignored,
    "A key characteristic counts twice": _key_twice,
    "Key characteristics come first": _key_first,
}


def weighed(
    tally: Mapping[Counts, int], criteria: Criteria, order: Callable[[Counts], Score] = score_of
) -> dict[Hashable, str]:
    """What is suggested for each set of counts when cases stand in this order; qualifying is as ever."""
    groups: dict[Hashable, Placed] = {
        counts: Placed(counts.district, counts.match_count, order(counts), number)
        for counts, number in tally.items()
    }
    return suggestions_of(groups, criteria)
