"""Erasing the case data of a review once its term is over. Nobody presses a button for it: a command does it
daily, and a restore does it again to what a backup brings back.
"""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cases.actions.about_reviews import record_about_review
from cases.errors import Refused
from cases.messages import outbox
from cases.models import Review, Stage
from cases.retention import term_of, terms_of
from kscmp_review.privacy import ledger
from kscmp_review.privacy.holdings import elsewhere, erasable, touched
from kscmp_review.privacy.replaying import ERASED, told_by_audit
from kscmp_review.privacy.rewriting import rewrite


@transaction.atomic
def erase(*, review: Review, today: date) -> int:
    """Erase what is held about its cases; returns how many rows went.

    Raises Refused where it is not to be erased now, and UnreadableLedger where that cannot be written
    down: then nothing is erased. The line comes last before the commit; one that stands without its erasure,
    since the machine stopped in between, is made true by the next run.
    """
    review = Review.objects.select_for_update().get(pk=review.pk)
    if not term_of(review).is_over(today):
        raise Refused("The case data of this review is not to be erased now.")
    now = timezone.now()
    rows = _erase(review, now, again=False)
    ledger.add(Path(settings.ERASURE_LEDGER), name_of(review), now)
    return rows


def erase_again(known: Mapping[str, datetime]) -> int:
    """After a restore, in its transaction: erase each review of the backup that was erased since."""
    if not known:
        return 0
    back = [review for review in Review.objects.filter(erased_at=None) if name_of(review) in known]
    for review in back:
        # Closed it was when it was erased; the backup may be from before that.
        review.stage = Stage.CLOSED
        _erase(review, known[name_of(review)], again=True)
    return len(back)


def rewrite_what_was_erased() -> int:
    """Leave nothing of erased reviews in the database's files; returns of how many. Raises CannotRewrite.

    Not inside a transaction. Where it stops half-way, the next run does it whole.
    """
    waiting = list(Review.objects.erased().filter(rewritten_at=None).values_list("pk", flat=True))
    if waiting:
        rewrite(touched())
        Review.objects.filter(pk__in=waiting).update(rewritten_at=timezone.now())
    return len(waiting)


def warn(*, today: date) -> int:
    """Tell the business team of each review whose case data goes in thirty days; returns how many are new."""
    kept = list(Review.objects.kept_after_closing().filter(erasure_warned_on=None))
    due = [pk for pk, term in terms_of(kept).items() if term.is_to_be_warned_of(today)]
    return sum(_warn(pk, today) for pk in due)


@transaction.atomic
def _warn(review_id: int, today: date) -> bool:
    """Looked at again under the lock: another run may have warned, or a hold been placed."""
    review = Review.objects.select_for_update().get(pk=review_id)
    if review.erasure_warned_on is not None or not term_of(review).is_to_be_warned_of(today):
        return False
    review.erasure_warned_on = today
    review.save(update_fields=["erasure_warned_on"])
    outbox.warn_of_erasure(review)
    record_about_review(
        "erasure.warned of",
        review,
        None,
        after={"goes_on": term_of(review).goes_on(today)},
    )
    return True


def complete_ledger() -> int:
    """Add the erasures that are on record here and in no ledger: its file may have been lost."""
    path = Path(settings.ERASURE_LEDGER)
    missing = ledger.missing_from(path, told_by_audit())
    for name, when in missing.items():
        ledger.add(path, name, when)
    return len(missing)


def name_of(review: Review) -> str:
    return ledger.name_of(review.slug, review.created_at)


def _erase(review: Review, when: datetime, *, again: bool) -> int:
    rows = 0
    for holding in erasable():
        assert holding.erase is not None  # nosec B101
        rows += holding.erase(holding.rows(review.pk))
    for forget in elsewhere.values():
        forget(review.pk)
    review.erased_at, review.rewritten_at = when, None
    review.save(update_fields=["stage", "erased_at", "rewritten_at"])
    record_about_review(
        ERASED,
        review,
        None,
        after={"review": name_of(review), "rows": rows, "again": again},
    )
    return rows
