"""What a person has filled in and not sent, sealed like a Liberi ID: nothing of it is readable at rest.

A case being filled in is kept in the database, beyond the session; a sheet between its check and its import
in the session, which lasts as long as that needs.
"""

import base64
import json
import secrets
import zlib
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from cases import liberi
from cases.models import Case, Draft, Review
from cases.models.draft import DraftQuerySet
from kscmp_review.accounts.models import User


class Typed(NamedTuple):
    """A draft as its form needs it; a form not typed into yet has revision 0 and nothing typed."""

    token: str
    revision: int
    fields: QueryDict | None
    draft: Draft | None


def sealed(typed: str) -> bytes:
    """The fields of a form, as they are sent (`a=1&b=2`), sealed."""
    return liberi.seal(zlib.compress(typed.encode()))


def unfinished_draft(user: User, review: Review, case: Case | None = None) -> Draft | None:
    found: Draft | None = Draft.objects.about(review, case).unfinished().filter(user=user).first()
    return found


def typed_of(draft: Draft | None) -> Typed:
    """What the draft holds; as good as nothing where its key is gone."""
    if draft is not None:
        try:
            fields = QueryDict(zlib.decompress(liberi.unseal(draft.sealed)).decode())
            return Typed(draft.token, draft.revision, fields, draft)
        except liberi.UnreadableLiberiId:
            return Typed(draft.token, draft.revision, None, draft)
    return Typed(secrets.token_hex(8), 0, None, None)


def end(drafts: DraftQuerySet) -> int:
    """Empty drafts that have been sent or discarded, or whose case is gone; returns how many."""
    return drafts.unfinished().update(sealed=b"", ended_at=timezone.now())


def sheet_key(review: Review) -> str:
    return f"sheet:{review.pk}"


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
