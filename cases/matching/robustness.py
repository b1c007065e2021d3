"""Rule 4: what the not-known answers could change. Exact, without trying each way they could turn out.

Standing. By the two tests in `cutoff`, a case only gains when its own score rises and only loses when
another's does, in its own district or elsewhere. Of all the ways the not-known answers can turn out, the
worst for a case is therefore its own all absent and every other case's all present, and the best is the
reverse. One cut-off is built with every case at its highest and one with every case at its lowest, and each
case is held against them at its other end.

Decisive answers. Turning one not-known answer raises the score of its case: to present by a match, to absent
by one not-known answer fewer. Take any one way of breaking ties. If the case is in before and after, the
selection is the same: where it rises into its district's minimum, the case it displaces takes its place among
the rest, ahead of where it stood. If the case is out before and after, the selection is the one without it.
So no answer changes other cases' suggestions alone, and it is enough to look at its own case. From "yes"
a case cannot rise; from "tie" any rise takes it clear of the tie, to "yes"; from "no" it changes when its
new score is in for some way of breaking ties, a question that is also true of every "tie". Present raises it
further than absent, so present is the one to try. (`in_for_some` looks strictly above the new score, so that
the old one, still in the tally, is never counted against the case.)

With s distinct counts, O(s log s) after one pass over the cases.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from functools import partial
from typing import Final, NamedTuple

from cases.matching.answers import KEY, NOT_KNOWN, CaseAnswers, CountedCase, Counts, Profile, ProfileReader
from cases.matching.cutoff import Criteria, Cutoff
from cases.matching.ranking import Score, order
from cases.matching.suggestion import YES, find_cutoff, suggestion_at

SECURE: Final = "secure"
OPEN: Final = "open"
OUT: Final = "out"


class Decisive(NamedTuple):
    """Whether a not-known answer of a case is decisive, by the tier of its characteristic."""

    key: bool
    of_interest: bool


def _key_not_known(counts: Counts) -> int:
    if counts.key_not_known is None:
        if counts.not_known:
            raise ValueError("a standing needs the not-known answers among the key characteristics")
        return 0
    return counts.key_not_known


def lowest_score(counts: Counts) -> Score:
    """The score of a case whose not-known answers all turned out absent."""
    return counts.match_count, counts.key_count, 0


def highest_score(counts: Counts) -> Score:
    """The score of a case whose not-known answers all turned out present."""
    return counts.highest, counts.key_count + _key_not_known(counts), 0


class Robustness:
    """Standing and decisive answers over a tally of counts (how many cases have each).

    Every `Counts` with not-known answers must say `key_not_known`; else ValueError.
    """

    def __init__(self, tally: Mapping[Counts, int], criteria: Criteria) -> None:
        at_highest: Counter[tuple[Hashable, Score]] = Counter()
        at_lowest: Counter[tuple[Hashable, Score]] = Counter()
        for counts, number in tally.items():
            at_highest[counts.district, highest_score(counts)] += number
            at_lowest[counts.district, lowest_score(counts)] += number
        self._all_highest = Cutoff(at_highest, criteria)
        self._all_lowest = Cutoff(at_lowest, criteria)
        self._now = find_cutoff(tally, criteria)

    def standing(self, counts: Counts) -> str:
        """ "secure", "open" or "out" for a case of the tally (rule 4)."""
        if self._all_highest.in_for_all(counts.district, lowest_score(counts)):
            return SECURE
        if self._all_lowest.in_for_some(counts.district, highest_score(counts)):
            return OPEN
        return OUT

    def decisive(self, counts: Counts) -> Decisive:
        """Which not-known answers of a case of the tally are decisive (rule 4)."""
        key_not_known = _key_not_known(counts)
        if suggestion_at(self._now, counts) == YES:
            return Decisive(key=False, of_interest=False)
        match, key, fewer = counts.match_count, counts.key_count, 1 - counts.not_known
        changes_at = partial(self._now.in_for_some, counts.district)
        return Decisive(
            key=key_not_known > 0 and changes_at((match + 1, key + 1, fewer)),
            of_interest=counts.not_known > key_not_known and changes_at((match + 1, key, fewer)),
        )


def tally_counts(cases: Iterable[CountedCase]) -> Counter[Counts]:
    """How many cases have each set of counts."""
    return Counter(case.counts for case in cases)


def standings(cases: Iterable[CountedCase], criteria: Criteria) -> dict[Hashable, str]:
    """The standing of each case by its key (rule 4)."""
    listed = list(cases)
    tally = tally_counts(listed)
    robustness = Robustness(tally, criteria)
    at = {counts: robustness.standing(counts) for counts in tally}
    return {case.key: at[case.counts] for case in listed}


def decisive_slugs(answers: Mapping[str, str], profile: Profile, decisive: Decisive) -> tuple[str, ...]:
    """The characteristics whose not-known answer is decisive for a case with these answers, in order."""
    if not any(decisive):
        return ()
    return tuple(
        line.slug
        for line in profile.characteristics
        if answers.get(line.slug, NOT_KNOWN) == NOT_KNOWN
        and (decisive.key if line.tier == KEY else decisive.of_interest)
    )


def decisive_answers(
    cases: Iterable[CaseAnswers], profile: Profile, criteria: Criteria
) -> dict[Hashable, tuple[str, ...]]:
    """The decisive not-known answers, as slugs by the key of their case; only cases that have any (rule 4).

    Cases come in rank order, slugs in the profile's.
    """
    by_key = {case.key: case for case in cases}
    reader = ProfileReader(profile)
    counted = [CountedCase(case.key, case.sequence, reader.counts(case)) for case in by_key.values()]
    tally = tally_counts(counted)
    robustness = Robustness(tally, criteria)
    at = {counts: robustness.decisive(counts) for counts in tally}
    found = (
        (case.key, decisive_slugs(by_key[case.key].answers, profile, at[case.counts]))
        for case in order(counted)
    )
    return {key: slugs for key, slugs in found if slugs}
