"""Keeping what a reviewer types while they type it (docs/adr/0021): findings, notes and summaries."""

from django.db import transaction

from cases import drafts
from cases.models import Case
from kscmp_review.accounts.models import User
from themes.actions.opening import open_case, record_about_case
from themes.models import WritingDraft


@transaction.atomic
def keep(
    *, case: Case, kind: str, target: str, token: str, revision: int | None, typed: str, by: User
) -> WritingDraft:
    """Save what was typed into the form of `token`, as sent (`a=1&b=2`); see `cases.drafts.write`.

    Recorded once, when a draft is begun: not at every pause in typing.
    """
    case = open_case(case, by=by)
    about = {"user": by, "case": case, "kind": kind, "target": target}
    draft = WritingDraft.objects.filter(**about).first() or WritingDraft(**about)
    if drafts.write(draft, token=token, revision=revision, typed=typed):
        _record("draft.begun", draft, by)
    return draft


@transaction.atomic
def discard(*, case: Case, kind: str, target: str, by: User) -> None:
    """Throw one's own draft away; where there is none, nothing happens."""
    case = open_case(case, by=by)
    of_text = WritingDraft.objects.filter(user=by, case=case, kind=kind, target=target, ended_at=None)
    draft = of_text.first()
    if draft is not None:
        drafts.end(of_text)
        _record("draft.discarded", draft, by)


def _record(action: str, draft: WritingDraft, by: User) -> None:
    record_about_case(
        action,
        draft.case,
        by,
        object_type="draft",
        object_id=str(draft.pk),
        after={"of": draft.kind},
    )
