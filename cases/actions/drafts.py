"""Keeping what a person has typed about a case and not sent yet (docs/adr/0021)."""

from django.db import transaction
from django.utils import timezone

from cases import drafts
from cases.actions.submissions import check_may_submit_in
from cases.errors import Refused, Stale
from cases.models import Case, Draft, Review
from cases.permissions import check_user_can_submit_for
from kscmp_review.accounts.models import User
from kscmp_review.audit.record import record

# Nine evidence notes of the longest, written in letters that take nine signs each on their way here.
LONGEST = 256_000
SENT = "This has been submitted or discarded already, in another tab."
BEHIND = "You have filled this in further in another tab, and that is what is saved."
TOO_LONG = "There is too much in the form to save it as a draft."


@transaction.atomic
def keep(
    *, review: Review, case: Case | None = None, token: str, revision: int | None, typed: str, by: User
) -> Draft:
    """Save what was typed into the form of `token`, as sent (`a=1&b=2`); the first save begins the draft.

    Raises Stale where that form has been sent or discarded, or where the draft has moved on since
    `revision`; without a `revision` the person has pressed a button, and what they see wins.
    Recorded once, when a draft is begun: not at every pause in typing.
    """
    review = _locked(review)
    check_may_submit_in(review, by)
    if case is not None:
        check_user_can_submit_for(by, review, case.district)
        if not Case.objects.live().filter(pk=case.pk).exists():
            raise Refused("This case has been withdrawn.")
    if len(typed) > LONGEST:
        raise Refused(TOO_LONG)
    draft = Draft.objects.about(review, case).filter(user=by).first()
    if draft is not None and revision is not None:
        _check_not_behind(draft, token, revision)
    begun = draft is None or draft.ended_at is not None
    if draft is None:
        draft = Draft(user=by, review=review, case=case)
    draft.revision = 1 if begun else draft.revision + 1
    draft.token, draft.sealed, draft.saved_at, draft.ended_at = (
        token,
        drafts.sealed(typed),
        timezone.now(),
        None,
    )
    draft.save()
    if begun:
        _record("draft.begun", draft, by)
    return draft


@transaction.atomic
def discard(*, review: Review, case: Case | None = None, by: User) -> None:
    """Throw one's own draft away; where there is none, nothing happens."""
    review = _locked(review)
    draft = drafts.unfinished_draft(by, review, case)
    if draft is not None:
        drafts.end(Draft.objects.filter(pk=draft.pk))
        _record("draft.discarded", draft, by)


def _check_not_behind(draft: Draft, token: str, revision: int) -> None:
    if draft.ended_at is not None:
        if draft.token == token:
            raise Stale(SENT)
    elif draft.token != token or draft.revision != revision:
        raise Stale(BEHIND)


def _locked(review: Review) -> Review:
    return Review.objects.select_for_update().get(pk=review.pk)


def _record(action: str, draft: Draft, by: User) -> None:
    record(
        action,
        by=by,
        review_id=draft.review_id,
        object_type="draft",
        object_id=str(draft.pk),
        after={"case": draft.case.public_id if draft.case else None},
    )
