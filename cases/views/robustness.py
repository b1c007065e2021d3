"""How firm the selection is: shares of outcomes, and what other ways of counting would do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.permissions import Permission
from cases.ranking import rank_review
from cases.robust import changes, firmness, problems
from cases.views.access import load_review
from kscmp_review.replica.pages import may_read_replica


@may_read_replica
@require_safe
def robustness(request: HttpRequest, review_slug: str) -> HttpResponse:
    """By the current profile and the review's own numbers; nothing is saved."""
    review, _ = load_review(request, review_slug, Permission.SELECT)
    ranking = rank_review(review)
    context = {
        "ranking": ranking,
        "firmness": firmness(ranking),
        "changes": changes(ranking),
        "nested": [(name, [line.name for line in lines]) for name, lines in problems(ranking.lines).items()],
    }
    return render(request, "cases/selection/robustness.html", context)
