"""Reported and verified: how far they agree, disagreements first, and the cases still to go through."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.lifecycle import Activity, stage_allows
from cases.permissions import Permission
from cases.ranking import rank_review
from cases.verifying import agreement_shown, to_verify
from cases.views.access import load_review
from kscmp_review.replica.pages import may_read_replica

CASES_A_PAGE = 50


@may_read_replica
@require_safe
def agreement(request: HttpRequest, review_slug: str) -> HttpResponse:
    review, _ = load_review(request, review_slug, Permission.SELECT)
    ranking = rank_review(review)
    cases = to_verify(ranking).select_related("district")
    context = {
        "ranking": ranking,
        "agreement": agreement_shown(ranking),
        "verified": ranking.verified or 0,
        "answers": ranking.total * len(ranking.lines),
        "page": Paginator(cases, CASES_A_PAGE).get_page(request.GET.get("page")),
        "may_correct": stage_allows(review, Activity.CORRECT),
    }
    return render(request, "cases/selection/agreement.html", context)
