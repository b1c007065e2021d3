"""How long the case data of a review is kept, and the legal hold that keeps it longer."""

from django.db import transaction
from django.utils import timezone

from cases.actions.about_reviews import locked_to_manage, record_about_review
from cases.errors import Refused
from cases.models import LegalHold, Review
from cases.retention import NOTICE, months_after, term_of
from kscmp_review.accounts.models import User

CHANGED = ("retention_months", "lawful_basis", "asked_after_months")


@transaction.atomic
def change_term(
    *, review: Review, months: int, lawful_basis: str, asked_after_months: int | None = None, by: User
) -> Review:
    """Keep case data for so many months after closing, on this basis; what was warned of starts anew.

    `asked_after_months`: after how many without a change the business team is asked why it is not closed.
    """
    review = _kept(review, by)
    closed_on = term_of(review).closed_on
    if not 1 <= months <= 120:
        raise Refused("Case data is kept for 1 to 120 months.")
    asked_after = review.asked_after_months if asked_after_months is None else asked_after_months
    if not 1 <= asked_after <= 120:
        raise Refused("The business team is asked after 1 to 120 months.")
    shorter = months < review.retention_months
    if closed_on and shorter and months_after(closed_on, months) < timezone.localdate() + NOTICE:
        raise Refused("The new day must be at least 30 days away, so that there is time to object.")
    before: dict[str, object] = {
        "months": review.retention_months,
        "asked_after_months": review.asked_after_months,
    }
    if months != review.retention_months:
        review.retention_months, review.erasure_warned_on = months, None
    review.lawful_basis, review.asked_after_months = lawful_basis.strip(), asked_after
    review.full_clean()
    review.save(update_fields=[*CHANGED, "erasure_warned_on"])
    after: dict[str, object] = {"months": months, "asked_after_months": asked_after}
    record_about_review("retention.changed", review, by, before=before, after=after)
    return review


@transaction.atomic
def place_hold(*, review: Review, reason: str, by: User) -> LegalHold:
    """Keep the case data until the hold is lifted."""
    review = _kept(review, by)
    if not reason.strip():
        raise Refused("Say why the case data must be kept.")
    if review.legal_holds.live().exists():
        raise Refused("There is a legal hold already.")
    hold: LegalHold = review.legal_holds.create(reason=reason.strip(), placed_by=by)
    _start_warning_anew(review)
    record_about_review("legal hold.placed", review, by, after={"hold": hold.pk})
    return hold


@transaction.atomic
def lift_hold(*, review: Review, reason: str, by: User) -> LegalHold:
    """Let the term run again: where it has ended meanwhile, case data goes 30 days after the next warning."""
    review = _kept(review, by)
    hold: LegalHold | None = review.legal_holds.live().first()
    if hold is None:
        raise Refused("There is no legal hold to lift.")
    if not reason.strip():
        raise Refused("Say why the case data need not be kept any longer.")
    hold.lifted_at, hold.lifted_by, hold.lifted_because = timezone.now(), by, reason.strip()
    hold.save(update_fields=["lifted_at", "lifted_by", "lifted_because"])
    _start_warning_anew(review)
    record_about_review("legal hold.lifted", review, by, after={"hold": hold.pk})
    return hold


def _kept(review: Review, by: User) -> Review:
    """The review, locked; raises Refused where there is nothing left to keep."""
    review = locked_to_manage(review, by)
    if review.erased_at is not None:
        raise Refused("The case data of this review has been erased.")
    return review


def _start_warning_anew(review: Review) -> None:
    review.erasure_warned_on = None
    review.save(update_fields=["erasure_warned_on"])
