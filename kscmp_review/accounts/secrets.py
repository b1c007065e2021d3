"""The secrets of second factors, sealed inside what allauth keeps, brought under another record key."""

import base64
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from kscmp_review.sealing import is_current, seal, unseal

PURPOSE = b"second factor"
# Of an authenticator app, and of recovery codes.
SEALED = ("secret", "seed")


@transaction.atomic
def seal_secrets_anew() -> int:
    """Returns how many were not under the newest key yet."""
    anew = 0
    for authenticator in Authenticator.objects.select_for_update():
        held: dict[str, Any] = authenticator.data
        for name in SEALED:
            sealed = base64.b64decode(held[name]) if name in held else b""
            if sealed and not is_current(sealed):
                content = unseal(sealed, purpose=PURPOSE)
                held[name] = base64.b64encode(seal(content, purpose=PURPOSE)).decode()
                authenticator.save(update_fields=["data"])
                anew += 1
    return anew
