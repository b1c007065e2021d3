"""Deciding case by case, and accepting the suggestions for the rest."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cases import words
from cases.actions import selections
from cases.actions.viewing import record_view_of_case
from cases.errors import Refused
from cases.forms.selection import DecideForm
from cases.models import Case, Review
from cases.permissions import Permission
from cases.ranking import RankedRow, Ranking, rank_review
from cases.selecting import Progress, rounds_of
from cases.shown import with_decisions
from cases.views.access import load_review, person


def progress_of(review: Review, ranking: Ranking) -> Progress:
    asked = review.districts.count() * review.cases_per_district
    return Progress(review, ranking, asked, rounds_of(review))


@require_http_methods(["GET", "POST"])
def selection_decide(request: HttpRequest, review_slug: str, public_id: str) -> HttpResponse:
    """One case: its answers with evidence, why it stands where it stands, and the decision."""
    review, _ = load_review(request, review_slug, Permission.SELECT)
    ranking = rank_review(review)
    progress = progress_of(review, ranking)
    cases = ranking.cases().select_related("district").prefetch_related("answers")
    case = get_object_or_404(cases, public_id=public_id)
    row = ranking.row(case)
    decision = case.decisions.filter(selection=progress.round).select_related("decided_by").first()
    initial = {"outcome": decision.outcome, "reason": decision.reason} if decision else {}
    form = DecideForm(request.POST or None, initial=initial, suggested=row.suggested)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        decided = attempt_with_reason(form, case, typed, request)
        if decided:
            messages.success(request, f"{case.reference}: {decided.get_outcome_display().lower()}.")
            return redirect(*_after_deciding(request, review, ranking))
    record_view_of_case(case, person(request), page="decide", liberi_id=False)
    context = {
        "form": form,
        "row": row,
        "ranking": ranking,
        "progress": progress,
        "decision": decision,
        "why": why_here(ranking, row),
        "answers": answers_shown(ranking, row),
    }
    return render(request, "cases/selection/decide.html", context)


def attempt_with_reason(form: DecideForm, case: Case, typed: dict[str, Any], request: HttpRequest) -> Any:
    """Decide; where a reason is owed, the error stands at the reason."""
    try:
        return selections.decide(
            case=case, outcome=typed["outcome"], reason=typed["reason"], by=person(request)
        )
    except Refused as refusal:
        form.add_error(None if typed["reason"].strip() else "reason", str(refusal))
        return None


def why_here(ranking: Ranking, row: RankedRow) -> list[str]:
    place = words.Place(row.rank, row.counts, ranking.tally, len(ranking.lines))
    return [
        *words.explain_place(place),
        *words.explain_suggestion(row.suggested, row.standing, row.counts, ranking.criteria),
    ]


def answers_shown(ranking: Ranking, row: RankedRow) -> list[dict[str, Any]]:
    """A characteristic each, key first: the answer that counts, who gave it, and the evidence."""
    given = {answer.characteristic_id: answer for answer in row.case.answers.all()}
    return [
        {
            "line": line,
            "slug": line.characteristic.slug,
            "presence": row.answers[line.characteristic.slug],
            "decisive": line.characteristic.slug in row.decisive,
            "answer": given.get(line.characteristic_id),
        }
        for line in sorted(ranking.lines, key=lambda line: (line.tier, line.order))
    ]


def _after_deciding(request: HttpRequest, review: Review, ranking: Ranking) -> tuple[str, ...]:
    """The next undecided case where that was asked for and there is one, else the table."""
    if "next" in request.POST:
        chosen = review.selections.open().first()
        undecided = with_decisions(ranking.cases(), chosen).filter(Q(outcome=None)).first()
        if undecided is not None:
            return "selection_decide", review.slug, undecided.public_id
    return "selection", review.slug


@require_POST
def selection_accept(request: HttpRequest, review_slug: str) -> HttpResponse:
    """Decide every undecided case as suggested; ties stay."""
    review, _ = load_review(request, review_slug, Permission.SELECT)
    try:
        decided = selections.accept_suggestions(review=review, by=person(request))
        messages.success(request, f"{words.plural(decided, 'case')} decided as suggested.")
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("selection", review.slug)
