"""How long case data is kept: the term of each review, counted from its closing.

Closed is the last stage and no way leads back, so that the day of closing never moves. What the term allows
is asked of `Term` alone: pages, warnings and the erasing itself all read the same day.
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Max
from django.utils import timezone

from cases.models import LegalHold, Review, Stage, StageChange

WARNED_DAYS_BEFORE = 30
NOTICE = timedelta(days=WARNED_DAYS_BEFORE)


def months_after(day: date, months: int) -> date:
    """The same day that many months later, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True, kw_only=True)
class Term:
    """When the case data of one review goes. `closed_on` is None until it is closed."""

    months: int
    closed_on: date | None
    warned_on: date | None
    hold: LegalHold | None
    erased_at: datetime | None

    @property
    def due_on(self) -> date | None:
        """The day on which the term ends."""
        return months_after(self.closed_on, self.months) if self.closed_on else None

    @property
    def is_running(self) -> bool:
        """Closed, neither held nor erased."""
        return self.closed_on is not None and self.hold is None and self.erased_at is None

    def goes_on(self, today: date) -> date | None:
        """The day of erasing: the end of the term, but never without the notice that the team is owed."""
        if not self.is_running or self.due_on is None:
            return None
        return max(self.due_on, (self.warned_on or max(today, self.due_on - NOTICE)) + NOTICE)

    def is_to_be_warned_of(self, today: date) -> bool:
        """Within the last thirty days of the term, or past it."""
        return self.is_running and self.due_on is not None and today >= self.due_on - NOTICE

    def is_over(self, today: date) -> bool:
        """Whether the case data is to be erased now."""
        goes_on = self.goes_on(today)
        return self.warned_on is not None and goes_on is not None and today >= goes_on


def term_of(review: Review) -> Term:
    return terms_of([review])[review.pk]


def terms_of(reviews: Iterable[Review]) -> dict[int, Term]:
    """By primary key, in two queries however many."""
    reviews = list(reviews)
    if not reviews:
        return {}
    closed = [review.pk for review in reviews if review.stage == Stage.CLOSED]
    changes = StageChange.objects.filter(review__in=closed, to_stage=Stage.CLOSED).order_by()
    closings = dict(changes.values_list("review").annotate(at=Max("changed_at")))
    holds = {hold.review_id: hold for hold in LegalHold.objects.live().filter(review__in=reviews)}
    return {
        review.pk: Term(
            months=review.retention_months,
            closed_on=timezone.localdate(closings[review.pk]) if review.pk in closings else None,
            warned_on=review.erasure_warned_on,
            hold=holds.get(review.pk),
            erased_at=review.erased_at,
        )
        for review in reviews
    }


def goes_soon(review: Review) -> date | None:
    """The day of erasing, where it is close enough to warn of."""
    today, term = timezone.localdate(), term_of(review)
    return term.goes_on(today) if term.is_to_be_warned_of(today) else None
