"""The ranking of a review, read from the database and worked out by `cases.matching`.

Cases with the same counts stand alike, so one grouped query — how many cases have each combination of
counts — is enough for every rank, standing and suggestion, whether a review has 12 cases or a million.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.db.models import Count, F

from cases.counters import counts_for
from cases.matching import (
    Counts,
    Criteria,
    Cutoff,
    Decisive,
    Robustness,
    find_cutoff,
    score_of,
    suggestion_at,
)
from cases.models import Case, Presence, ProfileLine, ProfileVersion, Review, Tier
from cases.models.case import CaseQuerySet

COUNTS = ("matches", "keys", "unknowns", "key_unknowns")
IN_ORDER = ("-matches", "-keys", "unknowns", "sequence")


class RankedRow(NamedTuple):
    """One case as the selection page shows it; `answers` by slug, in the order of the profile."""

    case: Case
    rank: int
    district: str
    counts: Counts
    standing: str
    suggested: str
    answers: dict[str, str]
    decisive: tuple[str, ...]

    @property
    def lowest(self) -> int:
        return self.counts.lowest

    @property
    def highest(self) -> int:
        return self.counts.highest


@dataclass(frozen=True)
class Ranking:
    """All the live cases of a review, ranked by one version of its profile under one set of criteria."""

    review: Review
    profile: ProfileVersion
    lines: Sequence[ProfileLine]
    criteria: Criteria
    tally: Counter[Counts]
    is_current: bool

    @cached_property
    def cutoff(self) -> Cutoff:
        return find_cutoff(self.tally, self.criteria)

    @cached_property
    def robustness(self) -> Robustness:
        return Robustness(self.tally, self.criteria)

    @cached_property
    def ranks(self) -> dict[tuple[int, int, int], int]:
        """Score → rank (rule 2): one more than the cases with a better score."""
        by_score: Counter[tuple[int, int, int]] = Counter()
        for counts, number in self.tally.items():
            by_score[score_of(counts)] += number
        ranks, ahead = {}, 0
        for score in sorted(by_score, reverse=True):
            ranks[score] = ahead + 1
            ahead += by_score[score]
        return ranks

    @cached_property
    def standings(self) -> dict[Counts, str]:
        return {counts: self.robustness.standing(counts) for counts in self.tally}

    @cached_property
    def suggestions(self) -> dict[Counts, str]:
        return {counts: suggestion_at(self.cutoff, counts) for counts in self.tally}

    @cached_property
    def decisive(self) -> dict[Counts, Decisive]:
        return {counts: self.robustness.decisive(counts) for counts in self.tally}

    @property
    def total(self) -> int:
        return self.tally.total()

    def number_suggested(self, word: str) -> int:
        return sum(number for counts, number in self.tally.items() if self.suggestions[counts] == word)

    def number_standing(self, word: str) -> int:
        return sum(number for counts, number in self.tally.items() if self.standings[counts] == word)

    def cases(self) -> CaseQuerySet:
        """Every live case with its counts under this profile, in the order of rule 2."""
        return counted(self.review, self.profile, is_current=self.is_current).order_by(*IN_ORDER)

    def rows(self, cases: Iterable[Case]) -> list[RankedRow]:
        """Ranking rows for cases read through `cases()`, in the order given. Two more queries for any number."""
        return [self.row(case) for case in cases]

    def row(self, case: Case) -> RankedRow:
        counts = counts_of(case)
        given = {answer.characteristic_id: answer.presence for answer in case.answers.all()}
        return RankedRow(
            case=case,
            rank=self.ranks[score_of(counts)],
            district=case.district.name,
            counts=counts,
            standing=self.standings[counts],
            suggested=self.suggestions[counts],
            answers={
                line.characteristic.slug: given.get(line.characteristic_id, Presence.NOT_KNOWN.value)
                for line in self.lines
            },
            decisive=self._decisive_slugs(counts, given),
        )

    def _decisive_slugs(self, counts: Counts, given: dict[int, str]) -> tuple[str, ...]:
        decisive = self.decisive[counts]
        return tuple(
            line.characteristic.slug
            for line in self.lines
            if given.get(line.characteristic_id, Presence.NOT_KNOWN) == Presence.NOT_KNOWN
            and (decisive.key if line.tier == Tier.KEY else decisive.of_interest)
        )


def criteria_of(review: Review) -> Criteria:
    return Criteria(
        wanted=review.cases_to_select,
        minimum=review.minimum_matches,
        minimum_per_district=review.minimum_per_district,
    )


def rank_review(
    review: Review, *, profile: ProfileVersion | None = None, criteria: Criteria | None = None
) -> Ranking:
    """The ranking by the current profile, or by another version or criteria without saving either."""
    current = review.current_profile
    profile = profile or current
    is_current = profile.pk == current.pk
    return Ranking(
        review=review,
        profile=profile,
        lines=list(profile.lines.select_related("characteristic")),
        criteria=criteria or criteria_of(review),
        tally=_tally(review, profile, is_current=is_current),
        is_current=is_current,
    )


def counted(review: Review, profile: ProfileVersion, *, is_current: bool) -> CaseQuerySet:
    """Live cases annotated with their counts: kept counters for the current profile, counted else."""
    cases = Case.objects.of(review).live()
    if is_current:
        return cases.annotate(
            matches=F("match_count"),
            keys=F("key_count"),
            unknowns=F("not_known_count"),
            key_unknowns=F("key_not_known_count"),
        )
    match_count, key_count, not_known, key_not_known = counts_for(profile)
    return cases.annotate(matches=match_count, keys=key_count, unknowns=not_known, key_unknowns=key_not_known)


def counts_of(case: Case) -> Counts:
    return Counts(case.district_id, case.matches, case.keys, case.unknowns, case.key_unknowns)


def _tally(review: Review, profile: ProfileVersion, *, is_current: bool) -> Counter[Counts]:
    cases = counted(review, profile, is_current=is_current).order_by()
    tally: Counter[Counts] = Counter()
    if is_current:
        grouped = cases.values_list("district_id", *COUNTS).annotate(number=Count("pk"))
        for district, matches, keys, unknowns, key_unknowns, number in grouped:
            tally[Counts(district, matches, keys, unknowns, key_unknowns)] += number
        return tally
    for row in cases.values_list("district_id", *COUNTS).iterator(chunk_size=5_000):
        tally[Counts(*row)] += 1
    return tally
