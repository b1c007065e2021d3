"""Where a review's selection stands: its rounds, how far deciding has come, and what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Count, Q

from cases import words
from cases.lifecycle import Activity, stage_allows
from cases.models import (
    Case,
    Outcome,
    ProfileLine,
    ProfileVersion,
    Question,
    Review,
    Selection,
    Stage,
)
from cases.ranking import RankedRow, Ranking, Tie, counts_of
from cases.shown import at_counts, read_decision, with_decisions

LISTED = 50
NAMED = 6


class Version(NamedTuple):
    """A version of the profile with its lines, key characteristics first."""

    profile: ProfileVersion
    lines: list[ProfileLine]


@dataclass(frozen=True)
class Progress:
    """How many cases were asked for, submitted, qualify, are suggested and are decided."""

    review: Review
    ranking: Ranking
    asked: int
    rounds: Sequence[Selection]

    @property
    def round(self) -> Selection | None:
        """The selection being decided or, confirmed, the one that stands."""
        return self.rounds[0] if self.rounds else None

    @property
    def confirmed(self) -> bool:
        return self.round is not None and self.round.confirmed_at is not None

    @property
    def on_record(self) -> list[Selection]:
        return [each for each in self.rounds if each.confirmed_at is not None]

    def decided(self, outcome: str) -> int:
        return getattr(self.round, f"number_{outcome.replace(' ', '_')}") if self.round else 0

    @property
    def all_decided(self) -> int:
        return sum(self.decided(outcome) for outcome in Outcome.values)

    @property
    def undecided(self) -> int:
        return self.ranking.total - self.all_decided

    def left_to_accept(self, attention: "Attention") -> int:
        """Undecided cases that the suggestion settles."""
        return max(0, self.undecided - len(attention.tied_undecided))

    @property
    def selected(self) -> int:
        return self.decided(Outcome.SELECTED)

    @property
    def tied(self) -> int:
        return self.ranking.number_suggested("tie")

    @property
    def may_decide(self) -> bool:
        return stage_allows(self.review, Activity.DECIDE)

    @property
    def may_correct(self) -> bool:
        return stage_allows(self.review, Activity.CORRECT)

    @property
    def may_reopen(self) -> bool:
        return self.review.stage == Stage.REVIEWING

    @property
    def fewer(self) -> str:
        return words.fewer_in_words(
            qualifying=self.ranking.cutoff.qualifying,
            wanted=self.ranking.criteria.wanted,
            minimum=self.ranking.criteria.minimum,
        )

    @property
    def figures(self) -> list[tuple[str, str, str]]:
        """(label, figure, note) for the head of the page."""
        ranking, criteria = self.ranking, self.ranking.criteria
        return [
            ("Submitted", f"{ranking.total:,} of {self.asked:,}", "cases asked for"),
            (
                "Qualify",
                f"{ranking.cutoff.qualifying:,}",
                f"at least {criteria.minimum} of the {len(ranking.lines)} present",
            ),
            ("Suggested", self._suggested(), f"{criteria.wanted:,} wanted{self._of_each_district()}"),
            ("Decided", f"{self.all_decided:,} of {ranking.total:,}", self._outcomes()),
        ]

    def _suggested(self) -> str:
        places = sum(tie.places for tie in self.ranking.ties)
        sure = f"{self.ranking.number_suggested('yes'):,}"
        if not self.tied:
            return sure
        return f"{sure}, and {self.tied:,} tied for {words.plural(places, 'place')}"

    def _of_each_district(self) -> str:
        least = self.ranking.criteria.minimum_per_district
        return f", at least {least} of each district" if least else ""

    def _outcomes(self) -> str:
        decided = [
            f"{self.decided(outcome):,} {outcome.label.lower()}"
            for outcome in Outcome
            if self.decided(outcome)
        ]
        return ", ".join(decided) or "none yet"


def versions_of(review: Review) -> list[Version]:
    """Every version of the profile, newest first, in one query."""
    lines = ProfileLine.objects.filter(version__review=review).select_related("version", "characteristic")
    found: dict[int, Version] = {}
    for line in lines.order_by("-version__number", "tier", "order"):
        found.setdefault(line.version_id, Version(line.version, [])).lines.append(line)
    return list(found.values())


def rounds_of(review: Review) -> list[Selection]:
    """Every selection, newest first, with how many cases it decided each way."""
    live = Q(decisions__case__withdrawn_at=None)
    numbers = {
        f"number_{outcome.replace(' ', '_')}": Count("decisions", filter=live & Q(decisions__outcome=outcome))
        for outcome in Outcome.values
    }
    return list(review.selections.newest_first().defer("frozen").annotate(**numbers))


@dataclass(frozen=True)
class TieShown:
    tie: Tie
    rows: list[RankedRow]
    district: str

    @property
    def sentence(self) -> str:
        return words.tie_in_words(
            number=self.tie.number,
            rank=self.tie.rank,
            places=self.tie.places,
            names=[row.case.reference for row in self.rows[:NAMED]],
            district=self.district,
        )


class Unknown(NamedTuple):
    """One decisive answer, and the open question about it if the district has been asked."""

    line: ProfileLine
    question: Question | None


class DecisiveCase(NamedTuple):
    row: RankedRow
    unknowns: list[Unknown]


@dataclass(frozen=True)
class Attention:
    """What needs a person before the selection is firm: ties to decide, answers to find out."""

    ties: list[TieShown] = field(default_factory=list)
    decisive: list[DecisiveCase] = field(default_factory=list)
    decisive_cases: int = 0

    @property
    def tied_undecided(self) -> list[Case]:
        """Cases at the cut-off that still wait for a decision, among those listed."""
        cases = [row.case for shown in self.ties for row in shown.rows]
        return [case for case in cases if read_decision(case)[0] is None]

    @property
    def not_listed(self) -> int:
        return self.decisive_cases - len(self.decisive)


def cases_needing_attention(ranking: Ranking, selection: Selection | None) -> list[Case]:
    """The first cases, in rank order, that are tied at the cut-off or have a decisive answer."""
    wanted = {counts for tie in ranking.ties for counts in tie.counts}
    wanted |= {counts for counts, decisive in ranking.decisive.items() if any(decisive)}
    if not wanted:
        return []
    cases = with_decisions(at_counts(ranking.cases(), ranking, wanted), selection)
    return list(cases.select_related("district")[:LISTED])


def attention(ranking: Ranking, cases: Sequence[Case]) -> Attention:
    """`cases` as found by `cases_needing_attention`, with answers and open questions fetched."""
    rows = [(counts_of(case), ranking.row(case)) for case in cases]
    return Attention(
        ties=[_tie_shown(tie, [row for counts, row in rows if counts in tie.counts]) for tie in ranking.ties],
        decisive=[_decisive_case(ranking, row) for _, row in rows if row.decisive],
        decisive_cases=sum(
            number for counts, number in ranking.tally.items() if any(ranking.decisive[counts])
        ),
    )


def _tie_shown(tie: Tie, rows: list[RankedRow]) -> TieShown:
    district = rows[0].district if rows and tie.district_id is not None else ""
    return TieShown(tie, rows, district)


def _decisive_case(ranking: Ranking, row: RankedRow) -> DecisiveCase:
    asked = {question.characteristic_id: question for question in open_questions(row.case)}
    unknowns = [
        Unknown(line, asked.get(line.characteristic_id))
        for line in ranking.lines
        if line.characteristic.slug in row.decisive
    ]
    return DecisiveCase(row, unknowns)


def open_questions(case: Case) -> list[Question]:
    """The open questions fetched with a case."""
    return [question for question in case.questions.all() if question.answered_at is None]
