"""In what share of the ways the not-known answers may turn out a case is selected (rules 3 and 4).

Each not-known answer is taken as present or absent with equal chances, independent of the others. Two figures
bound the share, as in `cutoff`: with every tie broken against the case, and with every tie broken for it.

Exact, without trying each way. Given its own outcome, a case is in by how many others stand ahead of it and
how many qualify, district by district; the cases being independent, these numbers have the distribution of
a sum of independent indicators (Poisson binomial), worked out case by case (the recursion of Barlow and
Heidtmann 1984). Only as much is kept as the tests of `cutoff` ask: the number ahead up to the number wanted,
the number that qualifies up to the minimum per district. So the work grows with the cases and not with two
to the power of the answers.

Where even that is too much, outcomes are drawn: the same two tests on each of a number of random outcomes,
from a fixed seed, with the half-width of the 95 % interval of a proportion at its widest as the error.
"""

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import comb, sqrt
from random import Random
from typing import Final, NamedTuple

from cases.matching.answers import Counts
from cases.matching.cutoff import Criteria, Cutoff
from cases.matching.ranking import Score
from cases.matching.robustness import OPEN, OUT, SECURE, Robustness

# Steps of the recursion, each some tenths of a microsecond: about two seconds of work.
MOST_STEPS: Final = 4_000_000
DRAWN: Final = 400
SEED: Final = 1849


class Share(NamedTuple):
    """0 to 1: in what share of outcomes a case is in with ties counted against it, and with ties for it."""

    ties_against: float
    ties_for: float


@dataclass(frozen=True, slots=True)
class Shares:
    """The share of each set of counts; of `drawn` outcomes, or exact where it is 0."""

    by_counts: Mapping[Counts, Share]
    drawn: int = 0

    @property
    def error(self) -> float:
        """1.96 standard errors of a proportion of one half; 0 where the shares are exact."""
        return 1.96 * sqrt(0.25 / self.drawn) if self.drawn else 0.0


def selection_shares(
    tally: Mapping[Counts, int], criteria: Criteria, *, most_steps: int = MOST_STEPS, seed: int = SEED
) -> Shares:
    """The share of every set of counts of the tally; exact unless that takes over `most_steps`."""
    robustness = Robustness(tally, criteria)
    standings = {counts: robustness.standing(counts) for counts in tally}
    known = {SECURE: Share(1.0, 1.0), OUT: Share(0.0, 0.0)}
    shares = {counts: known[standing] for counts, standing in standings.items() if standing != OPEN}
    undecided = [counts for counts, standing in standings.items() if standing == OPEN]
    if _steps(tally, undecided, criteria) <= most_steps:
        return Shares(shares | {counts: _exact(counts, tally, criteria) for counts in undecided})
    seeded = Random(seed)  # a drawing that can be repeated, no secret  # nosec B311
    return Shares(shares | _drawn(undecided, tally, criteria, seeded), drawn=DRAWN)


def outcomes_of(counts: Counts) -> Iterator[tuple[Score, float]]:
    """Every score a case may end at, with its probability."""
    key = counts.key_not_known or 0
    other = counts.not_known - key
    ways = 2.0**counts.not_known
    for keys in range(key + 1):
        for others in range(other + 1):
            score = (counts.match_count + keys + others, counts.key_count + keys, 0)
            yield score, comb(key, keys) * comb(other, others) / ways


def _steps(tally: Mapping[Counts, int], undecided: Sequence[Counts], criteria: Criteria) -> int:
    uncertain = sum(number for counts, number in tally.items() if counts.not_known)
    states = (criteria.wanted + 1) * (criteria.minimum_per_district + 1)
    outcomes = sum(len(list(outcomes_of(counts))) for counts in undecided)
    return 2 * outcomes * (uncertain + len(tally)) * states


def _exact(counts: Counts, tally: Mapping[Counts, int], criteria: Criteria) -> Share:
    others = Counter(tally)
    others[counts] -= 1
    against = in_favour = 0.0
    for score, probability in outcomes_of(counts):
        if score[0] >= criteria.minimum:
            against += probability * _chance(counts.district, score, others, criteria, level_is_ahead=True)
            in_favour += probability * _chance(counts.district, score, others, criteria, level_is_ahead=False)
    return Share(against, in_favour)


# How many stand ahead and how many qualify in a district → how likely that is.
Spread = dict[tuple[int, int], float]


def _chance(
    district: Hashable,
    score: Score,
    others: Mapping[Counts, int],
    criteria: Criteria,
    *,
    level_is_ahead: bool,
) -> float:
    """How likely a case that qualifies with this score is in, over the outcomes of all other cases."""
    wanted, least = criteria.wanted, criteria.minimum_per_district
    spreads: dict[Hashable, Spread] = {district: {(0, 0): 1.0}}
    for counts, number in others.items():
        if number:
            ahead, qualifies = _odds(counts, score, criteria, level_is_ahead=level_is_ahead)
            spread = spreads.get(counts.district, {(0, 0): 1.0})
            spreads[counts.district] = _joined(spread, number, ahead, qualifies, wanted, least)
    own = spreads.pop(district)
    taken = {0: 1.0}
    for spread in spreads.values():
        taken = _taken_with(taken, spread, wanted, least)
    chance = 0.0
    for (ahead_here, qualifying), likely in own.items():
        if ahead_here < least:
            chance += likely
            continue
        places = max(ahead_here, min(least, qualifying + 1))
        chance += likely * sum(odds for elsewhere, odds in taken.items() if elsewhere + places < wanted)
    return chance


def _odds(counts: Counts, score: Score, criteria: Criteria, *, level_is_ahead: bool) -> tuple[float, float]:
    """How likely a case ends ahead of the score, and how likely it qualifies without that."""
    ahead = qualifies = 0.0
    for reached, likely in outcomes_of(counts):
        if reached > score or (level_is_ahead and reached == score):
            ahead += likely
        elif reached[0] >= criteria.minimum:
            qualifies += likely
    return ahead, qualifies


def _joined(spread: Spread, number: int, ahead: float, qualifies: float, wanted: int, least: int) -> Spread:
    """The spread with `number` more cases alike, each ahead or qualifying with these odds; capped."""
    if ahead in (0.0, 1.0) and qualifies in (0.0, 1.0):
        return _added(spread, int(ahead) * number, int(qualifies or ahead) * number, 1.0, wanted, least)
    for _ in range(number):
        grown: Spread = {}
        for more_ahead, more, odds in (
            (1, 1, ahead),
            (0, 1, qualifies),
            (0, 0, max(0.0, 1 - ahead - qualifies)),
        ):
            if odds:
                for key, likely in _added(spread, more_ahead, more, odds, wanted, least).items():
                    grown[key] = grown.get(key, 0.0) + likely
        spread = grown
    return spread


def _added(spread: Spread, ahead: int, qualifying: int, odds: float, wanted: int, least: int) -> Spread:
    found: Spread = {}
    for (ahead_here, qualifying_here), likely in spread.items():
        key = min(ahead_here + ahead, wanted + least), min(qualifying_here + qualifying, least)
        found[key] = found.get(key, 0.0) + likely * odds
    return found


def _taken_with(taken: dict[int, float], spread: Spread, wanted: int, least: int) -> dict[int, float]:
    """Places taken with one district more: max(g, min(d, q)) of it, capped at what is wanted."""
    found: dict[int, float] = {}
    for (ahead, qualifying), likely in spread.items():
        places = max(ahead, min(least, qualifying))
        for before, odds in taken.items():
            total = min(before + places, wanted)
            found[total] = found.get(total, 0.0) + likely * odds
    return found


def _drawn(
    undecided: Sequence[Counts], tally: Mapping[Counts, int], criteria: Criteria, random: Random
) -> dict[Counts, Share]:
    """Shares over random outcomes; cases with equal counts are told by their mean."""
    against: Counter[Counts] = Counter()
    in_favour: Counter[Counts] = Counter()
    for _ in range(DRAWN):
        ended = {counts: _ended(counts, number, random) for counts, number in tally.items()}
        scores: Counter[tuple[Hashable, Score]] = Counter()
        for counts, reached in ended.items():
            for score, number in reached.items():
                scores[counts.district, score] += number
        cutoff = Cutoff(scores, criteria)
        for counts in undecided:
            for score, number in ended[counts].items():
                against[counts] += number * cutoff.in_for_all(counts.district, score)
                in_favour[counts] += number * cutoff.in_for_some(counts.district, score)
    return {
        counts: Share(against[counts] / (DRAWN * tally[counts]), in_favour[counts] / (DRAWN * tally[counts]))
        for counts in undecided
    }


def _ended(counts: Counts, number: int, random: Random) -> Counter[Score]:
    """Where `number` cases with these counts end in one outcome."""
    if not counts.not_known:
        return Counter({(counts.match_count, counts.key_count, 0): number})
    scores, odds = zip(*outcomes_of(counts), strict=True)
    return Counter(random.choices(scores, weights=odds, k=number))  # nosec B311
