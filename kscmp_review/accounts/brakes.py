"""When a brake on guessing first holds somebody back, that is an event: one for as long as the brake lasts.

What is held back makes no event by itself, so that a flood does not fill the audit (docs/adr/0051).
"""

from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from kscmp_review.accounts.models import User
from kscmp_review.audit.record import record

LASTS_SECONDS = 300
"""The longest of ACCOUNT_RATE_LIMITS."""
ACCOUNT, CLIENT_ADDRESS = "account", "client address"


def held_back(
    request: HttpRequest, *, action: str = "", email: str = "", account: User | None = None
) -> None:
    """A try was refused by a brake of ACCOUNT_RATE_LIMITS: that of `action`, where it has one.

    About the client address where that has tried too often, or nobody else is known; else about the account
    that was tried, of which the event says no more than a failed sign-in does.
    """
    if isinstance(request.user, User):
        account = request.user
    if address_rests(request, action) or not (email or account):
        kind, whose = CLIENT_ADDRESS, ratelimit.get_ip(request)
    else:
        kind, whose = ACCOUNT, str(account.pk) if account else email.lower()
    page = request.resolver_match.url_name if request.resolver_match else ""
    first = f"held-back:{page}:{digest_of(f'{kind} {whose}')}"
    if not cache.add(first, True, LASTS_SECONDS):
        return
    known = account or User.objects.with_email(email).first()
    record(
        "tries.held back",
        by=request.user if isinstance(request.user, User) else None,
        object_type=kind,
        object_id=digest_of(whose) if kind == CLIENT_ADDRESS else str(known.pk) if known else "unknown",
        after={"page": page or ""},
    )


def address_rests(request: HttpRequest, action: str) -> bool:
    """Whether the client address by itself has used up its tries."""
    rates = settings.ACCOUNT_RATE_LIMITS.get(action, "").split(",")
    of_addresses = ",".join(rate for rate in rates if rate.endswith("/ip"))
    tries = ratelimit.consume(
        request, app="allauth.account", action=action, config={action: of_addresses}, dry_run=True
    )
    return tries is None


def digest_of(whose: str) -> str:
    """The same for the same, and read by nobody without the secret: 64 bits of HMAC-SHA-256."""
    return salted_hmac("held back", whose, algorithm="sha256").hexdigest()[:16]
