"""What needs a person before the selection is firm: ties to decide, answers to find out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple

from cases import words
from cases.models import Case, ProfileLine, Question, Selection
from cases.paging import first_at_counts
from cases.ranking import Given, RankedRow, Ranking, Tie, counts_of, given_answers, in_rank_order
from cases.shown import read_decision, with_decisions

LISTED = 50
NAMED = 6
NEWEST = 5


class Particulars(NamedTuple):
    """What has been read of cases, by primary key: their answers, and what was asked about them."""

    given: Mapping[int, Mapping[int, Given]]
    questions: Mapping[int, Sequence[Question]]

    def open(self, case: Case) -> list[Question]:
        return [question for question in self.questions[case.pk] if question.answered_at is None]

    def answered(self, case: Case) -> list[Question]:
        """Those that its district has answered."""
        return [question for question in self.questions[case.pk] if question.answered_at is not None]


def particulars_of(cases: Sequence[Case]) -> Particulars:
    """In two queries."""
    questions: dict[int, list[Question]] = {case.pk: [] for case in cases}
    for question in Question.objects.filter(case__in=questions).order_by("pk"):
        questions[question.case_id].append(question)
    return Particulars(given_answers(cases), questions)


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
            decided=self.tie.number == len(self.rows) and not self.undecided,
        )

    @property
    def undecided(self) -> list[Case]:
        """Those of the cases listed that still wait for a decision."""
        return [row.case for row in self.rows if read_decision(row.case)[0] is None]


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
        return [case for shown in self.ties for case in shown.undecided]

    @property
    def ties_listed_whole(self) -> bool:
        return all(shown.tie.number == len(shown.rows) for shown in self.ties)

    @property
    def not_listed(self) -> int:
        return self.decisive_cases - len(self.decisive)


def cases_needing_attention(
    ranking: Ranking, selection: Selection | None, read: Iterable[Case] = ()
) -> list[Case]:
    """The first cases, in rank order, that are tied at the cut-off or have a decisive answer.

    Where all of them are among those `read` for the page already, they are not read again.
    """
    wanted = {counts for tie in ranking.ties for counts in tie.counts}
    wanted |= {counts for counts, decisive in ranking.decisive.items() if any(decisive)}
    found = [case for case in read if counts_of(case) in wanted]
    if len(found) == sum(ranking.tally[counts] for counts in wanted):
        return sorted(found, key=in_rank_order)[:LISTED]
    return first_at_counts(with_decisions(ranking.cases(), selection), ranking, wanted, LISTED)


def attention(ranking: Ranking, cases: Sequence[Case], read: Particulars) -> Attention:
    """`cases` as found by `cases_needing_attention`."""
    rows = [(counts_of(case), ranking.row(case, read.given[case.pk])) for case in cases]
    return Attention(
        ties=[_tie_shown(tie, [row for counts, row in rows if counts in tie.counts]) for tie in ranking.ties],
        decisive=[_decisive_case(ranking, row, read.open(row.case)) for _, row in rows if row.decisive],
        decisive_cases=sum(
            number for counts, number in ranking.tally.items() if any(ranking.decisive[counts])
        ),
    )


def _tie_shown(tie: Tie, rows: list[RankedRow]) -> TieShown:
    district = rows[0].district if rows and tie.district_id is not None else ""
    return TieShown(tie, rows, district)


def _decisive_case(ranking: Ranking, row: RankedRow, questions: Iterable[Question]) -> DecisiveCase:
    asked = {question.characteristic_id: question for question in questions}
    unknowns = [
        Unknown(line, asked.get(line.characteristic_id))
        for line in ranking.lines
        if line.characteristic.slug in row.decisive
    ]
    return DecisiveCase(row, unknowns)


class Arrived(NamedTuple):
    """An answer that came back to a question: what was said of which line of which case, and when."""

    case: Case
    line: ProfileLine
    presence: str
    at: datetime


def arrived(ranking: Ranking, cases: Iterable[Case], read: Particulars) -> list[Arrived]:
    """The newest answers to questions about `cases`, the last first."""
    lines = {line.characteristic_id: line for line in ranking.lines}
    found = []
    for case in {case.pk: case for case in cases}.values():
        answers = read.given[case.pk]
        for question in read.answered(case):
            about, at = question.characteristic_id, question.answered_at
            if about in lines and about in answers and at is not None:
                found.append(Arrived(case, lines[about], answers[about].presence, at))
    return sorted(found, key=attrgetter("at"), reverse=True)[:NEWEST]
