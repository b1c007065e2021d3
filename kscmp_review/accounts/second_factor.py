"""Who must show a second factor, and whether this session has.

Every account must, save those of which a rule says that they may go without. The rooms above hang theirs
here (`cases`: who is board reader and nothing else); an administrator or whoever opens reviews never may.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from kscmp_review.accounts.models import User

may_go_without: list[Callable[[User], bool]] = []
SHOWN = "second_factor_of"
_told_together = ContextVar("told_together", default=False)


def is_demanded_of(user: User) -> bool:
    if not settings.SECOND_FACTOR_DEMANDED:
        return False
    if user.is_administrator or user.opens_reviews:
        return True
    return not any(rule(user) for rule in may_go_without)


def is_set_up(user: User) -> bool:
    """Whether the account has an authenticator app or a passkey; recovery codes alone are none."""
    own = Authenticator.objects.filter(user=user)
    return bool(own.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())


def mark_shown(request: HttpRequest, user: User) -> None:
    request.session[SHOWN] = user.pk


def was_shown(request: HttpRequest) -> bool:
    """By whoever is signed in now: a session passes to another account without it."""
    return bool(request.session.get(SHOWN) == request.user.pk)


@contextmanager
def told_together() -> Iterator[None]:
    """Inside, no second factor that comes or goes is an event: whoever opens this records what was done."""
    before = _told_together.set(True)
    try:
        yield
    finally:
        _told_together.reset(before)


def is_told_by_itself() -> bool:
    return not _told_together.get()
