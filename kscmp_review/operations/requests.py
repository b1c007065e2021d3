"""Each request gets a number of its own, and once answered a line in the log and a place in the metrics."""

import logging
import secrets
import time
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from kscmp_review.operations import metrics

logger = logging.getLogger(__name__)
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
HEADER: Final = "X-Request-ID"


def follow(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Number, time and count every request; a number that comes with it is not believed."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.number = secrets.token_hex(8)  # type: ignore[attr-defined]
        began = time.perf_counter()
        response = get_response(request)
        seconds = time.perf_counter() - began
        response[HEADER] = request.number  # type: ignore[attr-defined]
        method = request.method if request.method in METHODS else "other"
        page = page_of(request)
        logger.info(
            "request answered",
            extra={
                "request": response[HEADER],
                "method": method,
                "page": page,
                "status": response.status_code,
                "milliseconds": round(seconds * 1000, 1),
            },
        )
        metrics.count_request(method=method or "", page=page, status=response.status_code, seconds=seconds)
        return response

    return middleware


def page_of(request: HttpRequest) -> str:
    """The name of the page that was asked for, without what its address names; empty where there is none."""
    match = request.resolver_match
    return (match.url_name or "") if match else ""
