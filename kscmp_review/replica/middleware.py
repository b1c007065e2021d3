"""Whoever changes something is shown it from then on."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from kscmp_review.replica import position

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def stamp_changes(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method not in SAFE and request.user.is_authenticated:
            position.stamp(response)
        return response

    return middleware
