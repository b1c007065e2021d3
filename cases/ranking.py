"""The ranking of a review, read from the database and worked out by `cases.matching`.

Cases with the same counts stand alike, so the tally — how many cases have each combination of counts — is
enough for every rank, standing and suggestion, whether a review has 12 cases or a million.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from django.db.models import F

from cases.counters import counts_by
from cases.matching import (
    TIE,
    YES,
    Counts,
    Criteria,
    Cutoff,
    Decisive,
    Robustness,
    find_cutoff,
    score_of,
    suggestion_at,
)
from cases.models import Answer, Case, Presence, ProfileLine, ProfileVersion, Review, Tally, Tier
from cases.models.case import CaseQuerySet

COUNTS = ("matches", "keys", "unknowns", "key_unknowns")
READ_COUNTS = attrgetter("district_id", *COUNTS)
KEPT = ("district_id", "match_count", "key_count", "not_known_count", "key_not_known_count")
IN_ORDER = ("-matches", "-keys", "unknowns", "sequence")
READ_ORDER = attrgetter("matches", "keys", "unknowns", "sequence")
NOT_KNOWN = Presence.NOT_KNOWN.value


class Given(NamedTuple):
    """An answer as far as a ranking shows it."""

    presence: str
    is_verified: bool


class Column(NamedTuple):
    """A characteristic of the profile, as each row meets it."""

    characteristic_id: int
    slug: str
    is_key: bool


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
    verified: frozenset[str]

    @property
    def lowest(self) -> int:
        return self.counts.lowest

    @property
    def highest(self) -> int:
        return self.counts.highest


class Tie(NamedTuple):
    """Tied cases that cross the cut-off, as the counts they have: more of them than `places` (rule 3).

    `district_id` is set where they compete for places under the minimum of that district alone.
    """

    rank: int
    district_id: int | None
    places: int
    number: int
    counts: tuple[Counts, ...]


@dataclass(frozen=True)
class Ranking:
    """All the live cases of a review, ranked by one version of its profile under one set of criteria."""

    review: Review
    profile: ProfileVersion
    lines: Sequence[ProfileLine]
    criteria: Criteria
    tally: Counter[Counts]
    is_current: bool
    # Verified answers to the characteristics of the profile; known for the current one alone.
    verified: int | None = None

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

    @cached_property
    def ties(self) -> list[Tie]:
        """The groups of `cases.matching.suggest`, worked out from the tally: the same, without the cases."""
        groups = self._tied_groups()
        fixed = {key: self._places_in_district(*key) for key in groups if key[1] is not None}
        left = self.cutoff.suggested - self.number_suggested(YES) - sum(fixed.values())
        return [
            Tie(
                rank=rank,
                district_id=district,
                places=fixed.get((rank, district), left),
                number=sum(self.tally[counts] for counts in tied),
                counts=tuple(tied),
            )
            for (rank, district), tied in groups.items()
        ]

    def _tied_groups(self) -> dict[tuple[int, int | None], list[Counts]]:
        groups: dict[tuple[int, int | None], list[Counts]] = {}
        for counts in sorted(self.tally, key=lambda each: self.ranks[score_of(each)]):
            if self.suggestions[counts] == TIE:
                score = score_of(counts)
                in_district_alone = self.cutoff.taken.above(score) >= self.criteria.wanted
                district = district_of(counts) if in_district_alone else None
                groups.setdefault((self.ranks[score], district), []).append(counts)
        return groups

    def _places_in_district(self, rank: int, district: int | None) -> int:
        (score,) = (score for score, shared in self.ranks.items() if shared == rank)
        return self.criteria.minimum_per_district - self.cutoff.ahead(district).above(score)

    @property
    def total(self) -> int:
        return self.tally.total()

    def number_suggested(self, word: str) -> int:
        return sum(number for counts, number in self.tally.items() if self.suggestions[counts] == word)

    def cases(self) -> CaseQuerySet:
        """Every live case with its counts under this profile, in the order of rule 2."""
        return counted(self.review, self.lines, is_current=self.is_current).order_by(*IN_ORDER)

    def rows(self, cases: Iterable[Case]) -> list[RankedRow]:
        """Ranking rows for cases read through `cases()`, in the order given."""
        return [self.row(case) for case in cases]

    @cached_property
    def columns(self) -> list[Column]:
        return [
            Column(line.characteristic_id, line.characteristic.slug, line.tier == Tier.KEY)
            for line in self.lines
        ]

    def row(self, case: Case, given: Mapping[int, Given] | None = None) -> RankedRow:
        """With its answers by characteristic, where they are not fetched with the case."""
        if given is None:
            given = {
                answer.characteristic_id: Given(answer.presence, answer.verified is not None)
                for answer in case.answers.all()
            }
        counts = counts_of(case)
        answers = {
            slug: given[characteristic].presence if characteristic in given else NOT_KNOWN
            for characteristic, slug, _ in self.columns
        }
        return RankedRow(
            case=case,
            rank=self.ranks[score_of(counts)],
            district=case.district.name,
            counts=counts,
            standing=self.standings[counts],
            suggested=self.suggestions[counts],
            answers=answers,
            decisive=self._decisive_slugs(counts, answers),
            verified=frozenset(
                slug
                for characteristic, slug, _ in self.columns
                if characteristic in given and given[characteristic].is_verified
            ),
        )

    def _decisive_slugs(self, counts: Counts, answers: Mapping[str, str]) -> tuple[str, ...]:
        decisive = self.decisive[counts]
        if not any(decisive):
            return ()
        return tuple(
            slug
            for _, slug, is_key in self.columns
            if answers[slug] == NOT_KNOWN and (decisive.key if is_key else decisive.of_interest)
        )


def given_answers(cases: Iterable[Case]) -> dict[int, dict[int, Given]]:
    """The answers of these cases by case and characteristic: one query, and no objects are made of them."""
    found: dict[int, dict[int, Given]] = {case.pk: {} for case in cases}
    rows = Answer.objects.filter(case__in=found)
    for case, characteristic, presence, verified in rows.values_list(
        "case_id", "characteristic_id", "presence", "verified"
    ):
        found[case][characteristic] = Given(presence, verified is not None)
    return found


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
    lines = list(profile.lines.select_related("characteristic"))
    return rank_by(review, profile, lines, criteria=criteria, is_current=profile.pk == current.pk)


def rank_by(
    review: Review,
    profile: ProfileVersion,
    lines: Sequence[ProfileLine],
    *,
    is_current: bool,
    criteria: Criteria | None = None,
) -> Ranking:
    """The same for a version whose lines have been read already: one query."""
    tally, verified = _tally(review, lines, is_current=is_current)
    return Ranking(
        review=review,
        profile=profile,
        lines=lines,
        criteria=criteria or criteria_of(review),
        tally=tally,
        is_current=is_current,
        verified=verified,
    )


def counted(review: Review, lines: Sequence[ProfileLine], *, is_current: bool) -> CaseQuerySet:
    """Live cases annotated with their counts: kept counters for the current profile, counted else."""
    cases = Case.objects.of(review).live()
    if is_current:
        return cases.annotate(
            matches=F("match_count"),
            keys=F("key_count"),
            unknowns=F("not_known_count"),
            key_unknowns=F("key_not_known_count"),
        )
    return cases.annotate(**dict(zip(COUNTS, counts_by(lines), strict=True)))


def counts_of(case: Case) -> Counts:
    """The counts of a case read through `Ranking.cases()`, which annotates them."""
    return Counts(*READ_COUNTS(case))


def in_rank_order(case: Case) -> tuple[int, int, int, int]:
    """By what IN_ORDER sorts such cases in Python."""
    matches, keys, unknowns, sequence = READ_ORDER(case)
    return -matches, -keys, unknowns, sequence


def district_of(counts: Counts) -> int:
    """The district's primary key: what rankings read from the database know a district by."""
    assert isinstance(counts.district, int)  # nosec B101
    return counts.district


def _tally(
    review: Review, lines: Sequence[ProfileLine], *, is_current: bool
) -> tuple[Counter[Counts], int | None]:
    """How many cases have each set of counts, and how many answers are verified where that is kept.

    For the current profile a few hundred counters however many cases there are; for another every case.
    """
    tally: Counter[Counts] = Counter()
    if not is_current:
        cases = counted(review, lines, is_current=False).order_by()
        for row in cases.values_list("district_id", *COUNTS).iterator(chunk_size=5_000):
            tally[Counts(*row)] += 1
        return tally, None
    verified = 0
    for *counts, number, of_these in Tally.objects.of(review).values_list(*KEPT, "number", "verified"):
        tally[Counts(*counts)] = number
        verified += of_these
    return tally, verified
