"""Where a review's selection stands: its rounds, how far deciding has come, and what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, Q

from cases import words
from cases.attention import Attention
from cases.lifecycle import Activity, stage_allows
from cases.models import (
    Outcome,
    ProfileLine,
    ProfileVersion,
    Review,
    Selection,
    Stage,
)
from cases.ranking import Ranking


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

    def left_to_accept(self, attention: Attention) -> int | None:
        """Undecided cases that the suggestion settles; None where more are tied than are listed."""
        if not attention.ties_listed_whole:
            return None
        return max(0, self.undecided - len(attention.tied_undecided))

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
