"""What was done in a review: every change, view, export and refusal."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.forms.audit import AuditFilterForm
from cases.permissions import Permission
from cases.views.access import load_review
from kscmp_review.audit.chain import Break, verify_tail
from kscmp_review.audit.models import AuditEvent

EVENTS_A_PAGE = 50


@require_safe
def audit(request: HttpRequest, review_slug: str) -> HttpResponse:
    review, _ = load_review(request, review_slug, Permission.READ_AUDIT)
    form = AuditFilterForm(request.GET or None, review_id=review.pk)
    events = AuditEvent.objects.of_review(review.pk).filter(**form.filters()).newest_first()
    page = Paginator(events, EVENTS_A_PAGE).get_page(request.GET.get("page"))
    context = {"filter_form": form, "page": page, "broken": chain_break()}
    return render(request, "cases/audit.html", context)


def chain_break() -> Break | None:
    """Where the newest events do not hold together; `verify_audit` looks at all of them."""
    found = verify_tail()
    return found if isinstance(found, Break) else None
