"""A refusal is an event: who tried what they may not do."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from kscmp_review.audit.record import record


class RecordDenials:
    """Record each PermissionDenied that a signed-in person meets, with the page's name and no more."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        if not isinstance(exception, PermissionDenied) or not request.user.is_authenticated:
            return
        match = request.resolver_match
        review = getattr(request, "review", None)
        record(
            "permission.denied",
            by=request.user,
            review_id=review.pk if review else None,
            object_type="page",
            object_id=(match.url_name or "") if match else "",
            after={"method": request.method or ""},
        )
