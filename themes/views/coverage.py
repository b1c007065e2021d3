"""Where am I: what has been read, by whom, and what is left."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cases.errors import Refused
from cases.views.access import person
from kscmp_review.replica.pages import may_read_replica
from themes.actions import records_read, viewing
from themes.coverage import coverage_of
from themes.views.access import WRITE, load_desk, load_selected_case


@may_read_replica
@require_safe
def coverage(request: HttpRequest, review_slug: str) -> HttpResponse:
    """Every selected case by kind of record and interview; of one reviewer where the address names one."""
    desk = load_desk(request, review_slug)
    found = coverage_of(desk.review)
    viewing.coverage_viewed(review=desk.review, by=person(request))
    wanted = request.GET.get("reviewer", "")
    only = next((each.person.pk for each in found.readers if str(each.person.pk) == wanted), None)
    mine = person(request).pk
    rows = [
        {
            "case": case,
            "places": [
                {"place": place, "lines": found.told(place, only), "mine": place.marks.get(mine)}
                for place in places
            ],
            "heard": heard,
            "lines": found.heard(heard, only),
        }
        for case, places, heard in found.rows
    ]
    context = {"coverage": found, "rows": rows, "only": only, "may_write": desk.may_write}
    return render(request, "themes/coverage.html", context)


@require_POST
def record_read(request: HttpRequest, review_slug: str, public_id: str) -> HttpResponse:
    """Mark a kind of record as read with nothing to note, or as not there; or take one's mark off."""
    case = load_selected_case(request, review_slug, public_id, WRITE)
    kind, outcome = request.POST.get("record_kind", ""), request.POST.get("outcome", "")
    try:
        if outcome == "not read":
            records_read.unmark(case=case, record_kind=kind, by=person(request))
        else:
            records_read.mark(case=case, record_kind=kind, outcome=outcome, by=person(request))
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("coverage", review_slug)
