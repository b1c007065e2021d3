"""`may_read_replica`: a page that only reads, answered from the replica while that is good enough."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.db import Error, connections
from django.http import HttpRequest, HttpResponse

from kscmp_review.replica import position
from kscmp_review.replica.health import health
from kscmp_review.replica.router import REPLICA, reading_from_replica

View = Callable[..., HttpResponse]
# The attribute by which a test finds the pages so marked.
MARK: Final = "may_read_replica"


def may_read_replica(view: View) -> View:
    """Outermost on a view that refuses unsafe methods and writes nothing but that something was shown.

    Where anything goes wrong, the primary is asked instead, so that an error, a refusal or "not found" is
    always the primary's word.
    """

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if REPLICA not in settings.DATABASES or not health.may_answer(position.of_last_change(request)):
            return view(request, *args, **kwargs)
        try:
            with reading_from_replica():
                return view(request, *args, **kwargs)
        except Exception as error:  # noqa: BLE001  # raised again by the primary if it is not the replica's
            if isinstance(error, Error):
                connections[REPLICA].close()
        return view(request, *args, **kwargs)

    setattr(page, MARK, True)
    return page
