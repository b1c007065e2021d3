"""Who was told what by e-mail and when, and what could not be sent yet."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cases.extensions import Panel
from cases.models import Message, Review
from cases.permissions import Permission
from cases.views.access import load_review

MESSAGES_A_PAGE = 50


@require_safe
def messages(request: HttpRequest, review_slug: str) -> HttpResponse:
    review, _ = load_review(request, review_slug, Permission.MANAGE_REVIEW)
    owed = Message.objects.of(review)
    listed = owed.unsent_first().select_related("recipient", "district")
    context = {
        "page": Paginator(listed, MESSAGES_A_PAGE).get_page(request.GET.get("page")),
        "unsent": owed.unsent().count(),
        "mail_server_configured": settings.MAIL_SERVER_CONFIGURED,
    }
    return render(request, "cases/messages/messages.html", context)


def messages_panel(review: Review) -> Panel:
    """The line of the overview that leads here."""
    counts = Message.objects.of(review).numbers()
    words = f"{counts['sent']} sent" + (f", {counts['unsent']} not sent yet" if counts["unsent"] else "")
    return Panel(85, "Messages", words, reverse("messages", args=[review.slug]), "See the messages")
