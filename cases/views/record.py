"""Confirming the selection, reopening it, and reading it as it stood."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cases.actions import selections
from cases.erased_selection import is_erased
from cases.errors import Refused, Stale
from cases.flow import flow_of
from cases.forms.selection import ConfirmForm, ReopenForm
from cases.frozen import digest_of, freeze
from cases.models import Outcome, Review, Selection
from cases.permissions import Permission
from cases.public_ids import reference_of
from cases.ranking import Ranking, rank_review
from cases.record_check import problems_of
from cases.views.access import load_review, person
from cases.views.acting import attempt
from cases.views.decisions import progress_of
from kscmp_review.accounts.models import User


@require_http_methods(["GET", "POST"])
def selection_confirm(request: HttpRequest, review_slug: str) -> HttpResponse:
    """What confirming does and what it would put on record; then confirm exactly that."""
    review, _ = load_review(request, review_slug, Permission.SELECT)
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        confirmed = _confirm(form, review, person(request))
        if confirmed:
            messages.success(
                request,
                "The selection is confirmed. Each selected case has its letter, and reviewers can start.",
            )
            return redirect("selection_record", review.slug, confirmed.number)
    ranking = rank_review(review)
    progress = progress_of(review, ranking)
    record = freeze(progress.round, ranking) if progress.round and not progress.confirmed else None
    if record and not form.is_bound:
        form.initial["seen"] = digest_of(record)
    context = {"form": form, "progress": progress, "ranking": ranking, **_outcomes(ranking, record)}
    return render(request, "cases/selection/confirm.html", context)


def _confirm(form: ConfirmForm, review: Review, by: User) -> Selection | None:
    """A change since the page was shown brings the page again as it stands now, to be looked at again."""
    typed = form.cleaned_data
    try:
        return selections.confirm(review=review, by=by, seen=typed["seen"], note=typed["note"])
    except Stale as stale:
        current = review.selections.open().first()
        seen = digest_of(freeze(current, rank_review(review))) if current else ""
        form.data = {"seen": seen, "note": typed["note"]}
        form.add_error(None, str(stale))
    except Refused as refusal:
        form.add_error("note" if "say why" in str(refusal) else None, str(refusal))
    return None


def _outcomes(ranking: Ranking, record: dict[str, Any] | None) -> dict[str, Any]:
    """The record's cases by outcome, what stands in the way, and whether the number differs."""
    cases = with_references(record) if record else []
    decided = Counter(case["decision"]["outcome"] if case["decision"] else "" for case in cases)
    groups = [
        (
            outcome.label,
            [case for case in cases if case["decision"] and case["decision"]["outcome"] == outcome],
        )
        for outcome in Outcome
    ]
    unexplained = [
        case
        for case in cases
        if case["decision"]
        and not case["decision"]["reason"]
        and selections.needs_reason(suggested=case["suggested"], outcome=case["decision"]["outcome"])
    ]
    for case in unexplained:
        case["unexplained"] = True
    selected = decided[Outcome.SELECTED]
    return {
        "groups": groups,
        "undecided": [case for case in cases if not case["decision"]],
        "unexplained": unexplained,
        "selected": selected,
        "differs": selected != ranking.cutoff.suggested,
        "ready": bool(cases) and not decided[""] and not unexplained and selected > 0,
    }


@require_http_methods(["GET", "POST"])
def selection_reopen(request: HttpRequest, review_slug: str) -> HttpResponse:
    """Ask why, then start the next round from the decisions of the confirmed one."""
    review, _ = load_review(request, review_slug, Permission.SELECT)
    form = ReopenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reopened = attempt(
            form,
            lambda: selections.reopen(review=review, reason=form.cleaned_data["reason"], by=person(request)),
        )
        if reopened:
            messages.success(request, "The selection is open again. The confirmed one stays on record.")
            return redirect("selection", review.slug)
    standing = review.selections.standing().first()
    return render(request, "cases/selection/reopen.html", {"form": form, "standing": standing})


@require_safe
def selection_record(request: HttpRequest, review_slug: str, number: int) -> HttpResponse:
    """A confirmed selection as it was frozen, for the business team alone."""
    review, _ = load_review(request, review_slug, Permission.SELECT)
    confirmed = review.selections.confirmed().select_related("confirmed_by", "reopened_by")
    selection = get_object_or_404(confirmed, number=number)
    frozen: dict[str, Any] = selection.frozen or {}
    if is_erased(frozen):
        context = {"selection": selection, "frozen": frozen, "faults": problems_of(selection)}
        return render(request, "cases/selection/record_erased.html", context)
    people = frozen.get("people", {})
    cases = with_references(frozen)
    for case in cases:
        decision = case["decision"]
        case["cells"] = [case["answers"][line["slug"]] for line in frozen["profile"]["characteristics"]]
        case["decision"] = {
            **decision,
            "by": people.get(decision["decided_by"], decision["decided_by"]),
            "at": datetime.fromisoformat(decision["decided_at"]),
        }
    districts, total = flow_of(frozen)
    context = {
        "selection": selection,
        "frozen": frozen,
        "profile": review.profile_versions.select_related("created_by").get(
            number=frozen["profile"]["version"]
        ),
        "cases": cases,
        "districts": districts,
        "total": total,
        "faults": problems_of(selection),
    }
    return render(request, "cases/selection/record.html", context)


def with_references(record: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**case, "reference": reference_of(case["case"])} for case in record["cases"]]
