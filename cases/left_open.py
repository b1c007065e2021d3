"""Reviews neither closed nor worked on: how long since anybody changed anything, and whether to ask.

Their case data has no day on which it goes, since the term runs from closing (docs/adr/0047). They are asked
about until somebody closes them, works on them or says why they stay open; nothing erases them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from cases.models import Review, Stage
from cases.retention import months_after
from kscmp_review.audit.models import AuditEvent
from kscmp_review.privacy.holdings import sightings

ASKED_AGAIN_AFTER = 3
"""Months."""

# Whoever only looks does not work on it, and what a command did was nobody.
A_LOOK = Q(action__endswith=".viewed") | Q(action__endswith=".exported") | Q(action__endswith=".downloaded")
NO_WORK = A_LOOK | Q(actor_id=None) | Q(action="permission.denied")


@dataclass(frozen=True, kw_only=True)
class LeftOpen:
    """Since when nobody has changed anything in one review that is not closed."""

    months: int
    untouched_since: date
    asked_on: date | None

    def is_long(self, today: date) -> bool:
        return today >= months_after(self.untouched_since, self.months)

    def is_to_be_asked_about(self, today: date) -> bool:
        """It is long, and nobody was asked since, or not for three months."""
        if not self.is_long(today):
            return False
        if self.asked_on is None or self.asked_on < self.untouched_since:
            return True
        return today >= months_after(self.asked_on, ASKED_AGAIN_AFTER)

    def months_until(self, today: date) -> int:
        """Whole months that nothing was changed."""
        since = self.untouched_since
        months = (today.year - since.year) * 12 + today.month - since.month
        return months - (months_after(since, months) > today)


def left_open(reviews: Iterable[Review]) -> dict[int, LeftOpen]:
    """By primary key, those of the reviews that are not closed; one query however many."""
    open_ones = [review for review in reviews if review.stage != Stage.CLOSED]
    if not open_ones:
        return {}
    worked = AuditEvent.objects.exclude(NO_WORK).exclude(action__in=sightings)
    # The newest by number, which an index finds however many events a review has.
    newest = Subquery(worked.filter(review_id=OuterRef("pk")).order_by("-id").values("at")[:1])
    those = Review.objects.filter(pk__in=[review.pk for review in open_ones])
    last = dict(those.values_list("pk", newest))
    return {
        review.pk: LeftOpen(
            months=review.asked_after_months,
            untouched_since=timezone.localdate(last.get(review.pk) or review.created_at),
            asked_on=review.asked_why_open_on,
        )
        for review in open_ones
    }


def to_be_asked_about(today: date) -> list[tuple[Review, LeftOpen]]:
    """Every review whose business team is to be asked now, and since when it was left open."""
    reviews = {review.pk: review for review in Review.objects.exclude(stage=Stage.CLOSED)}
    return [
        (reviews[pk], found)
        for pk, found in left_open(reviews.values()).items()
        if found.is_to_be_asked_about(today)
    ]


def long_left_open(review: Review) -> LeftOpen | None:
    """The review, where it has been left open for long."""
    found = left_open([review]).get(review.pk)
    return found if found and found.is_long(timezone.localdate()) else None
