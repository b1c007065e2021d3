"""Who is asking, and that it is an administrator."""

from django.http import Http404, HttpRequest

from kscmp_review.accounts.models import User


def person(request: HttpRequest) -> User:
    """Who is signed in. Every page asks for that by default, so there always is somebody."""
    assert isinstance(request.user, User), "a page without sign-in asked who is signed in"  # nosec B101
    return request.user


def administrator(request: HttpRequest) -> User:
    """To everybody else the pages of accounts are not there."""
    user = person(request)
    if not user.is_administrator:
        raise Http404
    return user
