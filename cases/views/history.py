"""The history of a case: what its district said at each change, for that district and the business team."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.actions.viewing import record_view_of_case
from cases.history import changes_of, names_of
from cases.views.access import load_case, person
from cases.views.submissions import SUBMITTERS


@require_safe
def case_history(request: HttpRequest, review_slug: str, public_id: str) -> HttpResponse:
    """Newest first; a withdrawn case keeps its history."""
    case, _ = load_case(request, review_slug, public_id, *SUBMITTERS)
    versions = list(case.versions.select_related("saved_by"))
    record_view_of_case(case, person(request), page="history", liberi_id=True)
    changes = changes_of(versions, names_of(case.review))
    context = {"case": case, "history": list(zip(versions, changes, strict=True))[::-1]}
    return render(request, "cases/submissions/history.html", context)
