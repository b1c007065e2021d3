"""What a person has filled in and not sent, sealed like a Liberi ID: nothing of it is readable at rest.

A case being filled in is kept in the database, beyond the session; a sheet between its check and its import
in the session, which lasts as long as that needs.
"""

import base64
import json
import secrets
import zlib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from cases import liberi
from cases.errors import Refused, Stale
from cases.models import Case, Draft, Review, TypedForm
from kscmp_review.accounts.models import Session, User

# The longest text there is, of 250,000 letters that take up to twelve signs each on their way here.
LONGEST = 3_200_000
SENT = "This has been submitted or discarded already, in another tab."
BEHIND = "You have filled this in further in another tab, and that is what is saved."
TOO_LONG = "There is too much in the form to save it as a draft."
# What a form sends along that nobody typed.
NOT_TYPED = ("csrfmiddlewaretoken", "draft_token", "draft_revision", "later")


def _own(review: Review) -> "QuerySet[Any]":
    found: QuerySet[Any] = Draft.objects.filter(review=review)
    return found


belonging: list[Callable[[Review], "QuerySet[Any]"]] = [_own]
"""Review → its drafts of one kind, each with its `user`; the rooms above add theirs."""


class Typed(NamedTuple):
    """A draft as its form needs it; a form not typed into yet has revision 0 and nothing typed."""

    token: str
    revision: int
    fields: QueryDict | None
    draft: TypedForm | None


def sealed(typed: str) -> bytes:
    """The fields of a form, as they are sent (`a=1&b=2`), sealed."""
    return liberi.seal(zlib.compress(typed.encode()))


def unfinished_draft(user: User, review: Review, case: Case | None = None) -> Draft | None:
    found: Draft | None = Draft.objects.about(review, case).unfinished().filter(user=user).first()
    return found


def typed_in(request: HttpRequest) -> tuple[str, str]:
    """The token of the form that was sent, and what was typed into it, as sent (`a=1&b=2`)."""
    fields = request.POST.copy()
    for name in NOT_TYPED:
        fields.pop(name, None)
    return token_in(request) or secrets.token_hex(8), fields.urlencode()


def revision_in(request: HttpRequest) -> int:
    revision = request.POST.get("draft_revision", "")
    return int(revision) if revision.isdecimal() else 0


def write(draft: TypedForm, *, token: str, revision: int | None, typed: str) -> bool:
    """Save what was typed into the form of `token`; returns whether that begins the draft.

    Raises Stale where that form has been sent or discarded, or where the draft has moved on since
    `revision`; without a `revision` the person has pressed a button, and what they see wins.
    """
    if len(typed) > LONGEST:
        raise Refused(TOO_LONG)
    new = draft.pk is None
    if not new and revision is not None:
        if draft.ended_at is not None and draft.token == token:
            raise Stale(SENT)
        if draft.ended_at is None and (draft.token, draft.revision) != (token, revision):
            raise Stale(BEHIND)
    begun = new or draft.ended_at is not None
    draft.revision = 1 if begun else draft.revision + 1
    draft.token, draft.sealed = token, sealed(typed)
    draft.saved_at, draft.ended_at = timezone.now(), None
    draft.save()
    return begun


def typed_of(draft: TypedForm | None, *, token: str = "") -> Typed:
    """What the draft holds; as good as nothing where its key is gone.

    A form that was sent and comes back stays the form of its `token`, beside a draft of another.
    """
    if token and (draft is None or draft.token != token):
        return Typed(token, 0, None, None)
    if draft is not None:
        try:
            fields = QueryDict(zlib.decompress(liberi.unseal(draft.sealed)).decode())
            return Typed(draft.token, draft.revision, fields, draft)
        except liberi.UnreadableLiberiId:
            return Typed(draft.token, draft.revision, None, draft)
    return Typed(secrets.token_hex(8), 0, None, None)


def token_in(request: HttpRequest) -> str:
    """The token of the form that was sent; empty where it brings none."""
    return request.POST.get("draft_token", "")[:32]


def sent(model: type[TypedForm], token: str, **text: Any) -> None:
    """What the form of `token` held has been saved: no save of it still on its way may bring it back.

    `text` says whose draft of what it is. What is being typed into another form, in another tab, stays. A
    form that brings no token ends whatever there is.
    """
    drafts: QuerySet[Any] = model._default_manager.all()
    if not token:
        end(drafts.filter(**text))
        return
    draft, is_new = drafts.get_or_create(
        **text, defaults={"token": token, "sealed": b"", "ended_at": timezone.now()}
    )
    if not is_new and (draft.ended_at is not None or draft.token == token):
        draft.token, draft.sealed, draft.ended_at = token, b"", timezone.now()
        draft.save()


def end(drafts: "QuerySet[Any]") -> int:
    """Empty drafts that have been sent or discarded, or whose case is gone; returns how many."""
    return drafts.filter(ended_at=None).update(sealed=b"", ended_at=timezone.now())


def end_in(review: Review, user: User | None = None) -> None:
    """Empty every draft of a review that is closed, or of one person who has left it."""
    for drafts in (of_review(review) for of_review in belonging):
        end(drafts if user is None else drafts.filter(user=user))


def sheet_key(review: Review) -> str:
    return _sheet_key(review.pk)


def _sheet_key(review_id: int) -> str:
    return f"sheet:{review_id}"


def forget_sheets(review_id: int) -> int:
    """Take a review's sheets out of every session, and ended sessions away; returns how many."""
    forgotten: int = Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]
    for session in Session.objects.all().iterator():
        held = session.get_decoded()
        if held.pop(_sheet_key(review_id), None) is not None:
            session.session_data = Session.objects.encode(held)
            session.save(update_fields=["session_data"])
            forgotten += 1
    return forgotten


def keep(request: HttpRequest, key: str, content: Mapping[str, Any]) -> None:
    """Keep a sheet in the session."""
    packed = liberi.seal(zlib.compress(json.dumps(content).encode()))
    request.session[key] = base64.b64encode(packed).decode()


def kept(request: HttpRequest, key: str) -> dict[str, Any] | None:
    """What was kept, or None where there is nothing or its key is gone."""
    packed = request.session.get(key)
    if packed is None:
        return None
    try:
        content: dict[str, Any] = json.loads(zlib.decompress(liberi.unseal(base64.b64decode(packed))))
    except liberi.UnreadableLiberiId:
        return None
    return content


def drop(request: HttpRequest, key: str) -> None:
    request.session.pop(key, None)
