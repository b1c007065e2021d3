"""What waits for me."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases import extensions
from cases.extensions import Waiting
from cases.models import Membership, Offer
from cases.permissions import user_can_create_reviews
from cases.views.access import person


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The reviews I belong to, newest first, each with what waits for me and one button to it."""
    memberships = list(
        Membership.objects.of(person(request)).select_related("review", "district").order_by("-review_id")
    )
    waiting: dict[int, Waiting] = {}
    for provider in extensions.waiting:
        waiting = provider(memberships) | waiting
    entries = [(membership, waiting.get(membership.pk)) for membership in memberships]
    may_create = user_can_create_reviews(person(request))
    offers = Offer.objects.open_to(person(request)).select_related("review", "district", "invitation")
    context = {"entries": entries, "may_create": may_create, "offers": offers}
    return render(request, "cases/home.html", context)
