"""What a page answers that takes no more tries for a while."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kscmp_review.accounts import brakes


def too_many_tries(request: HttpRequest) -> HttpResponse:
    asks_for_a_link = request.resolver_match is not None and (
        request.resolver_match.url_name == "account_reset_password"
    )
    email = request.POST.get("email", "") if asks_for_a_link else ""
    brakes.held_back(request, action="reset_password" if asks_for_a_link else "", email=email)
    return render(request, "429.html", status=429)
