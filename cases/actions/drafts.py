"""Keeping what a person has typed about a case and not sent yet (docs/adr/0021)."""

from django.db import transaction

from cases import drafts
from cases.actions.submissions import check_may_submit_in
from cases.errors import Refused
from cases.models import Case, Draft, Review
from cases.permissions import check_user_can_submit_for
from kscmp_review.accounts.models import User
from kscmp_review.audit.record import record


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
    draft = Draft.objects.about(review, case).filter(user=by).first()
    draft = draft or Draft(user=by, review=review, case=case)
    begun = drafts.write(draft, token=token, revision=revision, typed=typed)
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
