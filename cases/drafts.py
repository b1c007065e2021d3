"""What a person has filled in and not yet confirmed: kept in their session, sealed like a Liberi ID.

It goes with the session. Nothing of it is readable in the database without the record key.
"""

import base64
import json
import zlib
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from cases import liberi
from cases.models import Case, Review


def submission_key(review: Review, case: Case | None = None) -> str:
    """Where the draft of a new case, or of a change of `case`, is kept."""
    return f"submission:{review.pk}:{case.public_id if case else 'new'}"


def sheet_key(review: Review) -> str:
    return f"sheet:{review.pk}"


def keep(request: HttpRequest, key: str, content: Mapping[str, Any]) -> None:
    sealed = liberi.seal(zlib.compress(json.dumps(content).encode()))
    request.session[key] = base64.b64encode(sealed).decode()


def kept(request: HttpRequest, key: str) -> dict[str, Any] | None:
    """What was kept, or None where there is nothing or its key is gone."""
    sealed = request.session.get(key)
    if sealed is None:
        return None
    try:
        content: dict[str, Any] = json.loads(zlib.decompress(liberi.unseal(base64.b64decode(sealed))))
    except liberi.UnreadableLiberiId:
        return None
    return content


def drop(request: HttpRequest, key: str) -> None:
    request.session.pop(key, None)
