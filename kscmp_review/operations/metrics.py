"""Figures for a monitoring system, in the text format of Prometheus: counts and times by page, of no person.

Counted only where KSCMP_METRICS_TOKEN is set. Several workers count into files of one folder, which
`kscmp_review.operations.serving` makes anew at each start.
"""

import secrets
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

if TYPE_CHECKING:
    from prometheus_client import Counter, Histogram

SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Meters(NamedTuple):
    requests: "Counter"
    seconds: "Histogram"


@cache
def meters() -> Meters:
    """Made at the first request that is counted: the library opens its files on being imported."""
    from prometheus_client import Counter, Histogram

    return Meters(
        Counter("kscmp_requests", "Requests answered.", ["method", "page", "status"]),
        Histogram("kscmp_request_seconds", "Seconds until the answer.", ["page"], buckets=SECONDS),
    )


def count_request(*, method: str, page: str, status: int, seconds: float) -> None:
    if not settings.METRICS_TOKEN:
        return
    counted = meters()
    counted.requests.labels(method, page, str(status)).inc()
    counted.seconds.labels(page).observe(seconds)


@require_safe
@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """All figures, to whoever brings the token; to everyone else there is no such page."""
    if not _brings_the_token(request):
        raise Http404("not for everyone")
    from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = REGISTRY
    if settings.METRICS_FOLDER:
        registry = CollectorRegistry()
        MultiProcessCollector(registry, path=settings.METRICS_FOLDER)  # type: ignore[no-untyped-call]
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _brings_the_token(request: HttpRequest) -> bool:
    token: str = settings.METRICS_TOKEN
    brought = request.headers.get("Authorization", "")
    return bool(token) and secrets.compare_digest(brought.encode(), f"Bearer {token}".encode())
