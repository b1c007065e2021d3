"""The few pages that belong to no room of the house."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kscmp_review.audit.record import record


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old or came from elsewhere; what was typed is not lost by going back.

    Of somebody signed in it is an event, so that a site that sends forms in their name is seen.
    """
    if request.user.is_authenticated:
        match = request.resolver_match
        record(
            "form.refused",
            by=request.user,
            object_type="page",
            object_id=(match.url_name or "") if match else "",
            after={"method": request.method or ""},
        )
    return render(request, "403_csrf.html", status=403)
