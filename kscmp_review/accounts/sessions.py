"""Ending sessions, and what a browser is called in the list of them."""

from django.db import transaction
from django.http import HttpRequest

from kscmp_review.accounts.models import Session, User
from kscmp_review.accounts.recording import record_about_account

# In this order: Edge says that it is Chrome, and Chrome that it is Safari.
BROWSERS = (("Edg/", "Edge"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Mac OS X", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def browser_of(request: HttpRequest) -> str:
    """ "Firefox on Windows": of fixed words only, whatever the browser says of itself."""
    told = request.META.get("HTTP_USER_AGENT", "")
    browser = next((name for mark, name in BROWSERS if mark in told), "A browser")
    system = next((name for mark, name in SYSTEMS if mark in told), "")
    return f"{browser} on {system}" if system else browser


def end_all(user: User) -> int:
    """Sign the account out everywhere; how many sessions that ended."""
    return int(Session.objects.filter(user=user).delete()[0])


def end_others(request: HttpRequest, user: User) -> int:
    """Sign the account out everywhere but here."""
    return int(Session.objects.of(user).but(request.session.session_key).delete()[0])


@transaction.atomic
def sign_out_elsewhere(*, request: HttpRequest, by: User) -> int:
    """End all of one's other sessions; how many there were."""
    ended = end_others(request, by)
    record_about_account("account.signed out elsewhere", by, by=by, after={"sessions": ended})
    return ended
