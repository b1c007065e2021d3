"""The index cases: entering and importing them, and how common each characteristic is beside them."""

import io
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cases.actions import index_cases as actions
from cases.closeness import index_cases_of
from cases.errors import Refused, Stale
from cases.exports import CONTENT_TYPES
from cases.forms.index_cases import IndexCaseForm
from cases.forms.submissions import SheetForm, lines_of
from cases.imports import Faulty
from cases.index_sheets import read_index_cases
from cases.lifecycle import Activity, stage_allows
from cases.models import IndexCase, ProfileLine, Review
from cases.permissions import Permission
from cases.prevalence import comparison
from cases.prevalence_chart import prevalence_chart
from cases.ranking import rank_review
from cases.sheet_template import write_index_template
from cases.sheets import ON_A_PAGE, read_sheet
from cases.views.access import load_review, person
from cases.views.acting import attempt, moved
from cases.words import plural


@require_safe
def index_cases(request: HttpRequest, review_slug: str) -> HttpResponse:
    review, _ = load_review(request, review_slug, Permission.MANAGE_REVIEW)
    ranking = rank_review(review)
    kept = index_cases_of(review, ranking.lines)
    compared = comparison(ranking)
    context = {
        "lines": ranking.lines,
        "rows": [
            (number, [answers.get(line.characteristic.slug, "not known") for line in ranking.lines])
            for number, answers in kept.answers.items()
        ],
        "comparison": compared,
        "chart": prevalence_chart(compared.rows),
        "may_change": stage_allows(review, Activity.KEEP_INDEX_CASES),
    }
    return render(request, "cases/index_cases/list.html", context)


@require_http_methods(["GET", "POST"])
def index_case_new(request: HttpRequest, review_slug: str) -> HttpResponse:
    review, _ = load_review(request, review_slug, Permission.MANAGE_REVIEW)
    form = IndexCaseForm(request.POST or None, lines=lines_of(review))
    if request.method == "POST" and form.is_valid():
        added = attempt(form, lambda: actions.add(review=review, cases=[form.answers()], by=person(request)))
        if added:
            messages.success(request, f"Index case {added[0].number} has been added.")
            return redirect("index_cases", review.slug)
    return render(request, "cases/index_cases/form.html", {"form": form})


@require_http_methods(["GET", "POST"])
def index_case_change(request: HttpRequest, review_slug: str, number: int) -> HttpResponse:
    review, index_case = load_index_case(request, review_slug, number)
    form = _form_of(index_case, lines_of(review), request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["revision"] or 0
        try:
            actions.change(index_case=index_case, answers=form.answers(), revision=typed, by=person(request))
        except Stale as stale:
            index_case.refresh_from_db()
            form = _form_of(index_case, lines_of(review))
            messages.warning(request, f"{stale} These are the answers as they are now.")
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Index case {number} has been changed.")
            return redirect("index_cases", review.slug)
    return render(request, "cases/index_cases/form.html", {"form": form, "index_case": index_case})


@require_http_methods(["GET", "POST"])
def index_case_remove(request: HttpRequest, review_slug: str, number: int) -> HttpResponse:
    """Ask, then take it out."""
    review, index_case = load_index_case(request, review_slug, number)
    if request.method == "POST":
        return moved(
            request,
            lambda: actions.remove(index_case=index_case, by=person(request)),
            done=f"Index case {number} has been removed.",
            back=("index_cases", review.slug),
        )
    return render(request, "cases/index_cases/remove.html", {"index_case": index_case})


@require_http_methods(["GET", "POST"])
def index_cases_upload(request: HttpRequest, review_slug: str) -> HttpResponse:
    """Choose a sheet: all of it is added, or none of it and every fault is listed."""
    review, _ = load_review(request, review_slug, Permission.MANAGE_REVIEW)
    form = SheetForm(request.POST or None, request.FILES or None)
    lines = lines_of(review)
    faults: list[Any] = []
    if request.method == "POST" and form.is_valid():
        try:
            sheet = read_sheet(form.cleaned_data["sheet"].read(), ON_A_PAGE)
            cases = read_index_cases(sheet, [line.slug for line in lines])
            actions.add(review=review, cases=cases, by=person(request))
        except Faulty as faulty:
            form.add_error("sheet", f"{faulty} Nothing has been stored")
            faults = faulty.faults
        except Refused as refusal:
            form.add_error("sheet", str(refusal))
        else:
            messages.success(request, f"{plural(len(cases), 'index case')} added.")
            return redirect("index_cases", review.slug)
    context = {"form": form, "lines": lines, "faults": faults}
    return render(request, "cases/index_cases/upload.html", context)


@require_safe
def index_cases_template(request: HttpRequest, review_slug: str) -> HttpResponse:
    """An empty sheet with a column a characteristic and lists to choose from."""
    review, _ = load_review(request, review_slug, Permission.MANAGE_REVIEW)
    sheet = io.BytesIO()
    write_index_template(lines_of(review), sheet)
    return HttpResponse(
        sheet.getvalue(),
        content_type=CONTENT_TYPES["xlsx"],
        headers={"Content-Disposition": f'attachment; filename="index-cases-{review.slug}.xlsx"'},
    )


def load_index_case(request: HttpRequest, review_slug: str, number: int) -> tuple[Review, IndexCase]:
    review, _ = load_review(request, review_slug, Permission.MANAGE_REVIEW)
    return review, get_object_or_404(IndexCase, review=review, number=number)


def _form_of(index_case: IndexCase, lines: Sequence[ProfileLine], typed: Any = None) -> IndexCaseForm:
    answers = dict(index_case.answers.values_list("characteristic__slug", "presence"))
    return IndexCaseForm(typed, lines=lines, answers=answers, revision=index_case.revision)
