"""Keeping what is typed into a section of the report or a learning point (docs/adr/0021)."""

from django.db import transaction

from cases import drafts
from cases.lifecycle import Activity, check_stage_allows
from cases.models import Review
from cases.permissions import Permission, check_user_can
from kscmp_review.accounts.models import User
from kscmp_review.audit.record import record
from themes.models import PointDraft, SectionDraft

ReportDraft = SectionDraft | PointDraft
OF = {SectionDraft: "report section", PointDraft: "learning point"}


@transaction.atomic
def keep(
    *,
    kind: type[ReportDraft],
    review: Review,
    key: str,
    token: str,
    revision: int | None,
    typed: str,
    by: User,
) -> ReportDraft:
    """Save what was typed into the form of `token`, as sent (`a=1&b=2`); see `cases.drafts.write`.

    Recorded once, when a draft is begun.
    """
    review = _open(review, by)
    about = {"user": by, "review": review, "key": key}
    draft = kind.objects.filter(**about).first() or kind(**about)
    if drafts.write(draft, token=token, revision=revision, typed=typed):
        _record("draft.begun", draft, by)
    return draft


@transaction.atomic
def discard(*, kind: type[ReportDraft], review: Review, key: str, by: User) -> None:
    """Throw one's own draft away; where there is none, nothing happens."""
    review = _open(review, by)
    own = kind.objects.filter(user=by, review=review, key=key, ended_at=None)
    draft = own.first()
    if draft is not None:
        drafts.end(own)
        _record("draft.discarded", draft, by)


def _open(review: Review, by: User) -> Review:
    check_user_can(by, review, Permission.WRITE_REPORT)
    review = Review.objects.select_for_update().get(pk=review.pk)
    check_stage_allows(review, Activity.DRAFT_REPORT)
    return review


def _record(action: str, draft: ReportDraft, by: User) -> None:
    record(
        action,
        by=by,
        review_id=draft.review_id,
        object_type="draft",
        object_id=str(draft.pk),
        after={"of": OF[type(draft)]},
    )
