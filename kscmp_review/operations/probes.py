"""Whether the service lives and whether it may be sent people, told to machines in a word."""

import sys

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

TRY_AGAIN_SECONDS = 10
# What a database that is away, restarting, full or locked raises; a fault of ours raises others.
UNAVAILABLE = (OperationalError, InterfaceError)


@require_safe
@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers, 503 when it does not; no detail either way."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return _told("unavailable", 503)
    return _told("ok", 200)


@require_safe
@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when people may be sent here: the tables are of this release, the shared store takes a value."""
    try:
        ready = _tables_are_of_this_release() and _shared_store_answers()
    except DatabaseError:
        ready = False
    return _told("ready", 200) if ready else _told("not ready", 503)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """The page of a request that failed: 503 where the database is away for now, 500 for all else.

    Both give the request's number, by which its line is found in the log.
    """
    away = isinstance(sys.exc_info()[1], UNAVAILABLE)
    status = 503 if away else 500
    context = {"number": getattr(request, "number", "")}
    response = render(None, f"{status}.html", context, status=status)
    if away:
        response["Retry-After"] = str(TRY_AGAIN_SECONDS)
    return response


def _tables_are_of_this_release() -> bool:
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _shared_store_answers() -> bool:
    cache.set("readyz", "1", timeout=60)
    return bool(cache.get("readyz") == "1")


def _told(word: str, status: int) -> HttpResponse:
    return HttpResponse(word, content_type="text/plain", status=status)
