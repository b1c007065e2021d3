"""The framework matrix: cases × themes, its cells, and the sheet of it."""

from collections.abc import Hashable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from cases.models import Case, Review
from cases.views.access import person
from kscmp_review.replica.pages import may_read_replica
from themes.actions import matrix as actions
from themes.actions import viewing
from themes.coding.strength import additions, expected_themes, strengths
from themes.exports import DOCUMENT, WORKBOOK, matrix_document, matrix_workbook
from themes.forms.matrix import CellForm, ShownForm, theirs_of
from themes.framework import Framework, framework_of
from themes.models import Cell, Passage, Strand, Theme, WritingKind
from themes.permissions import check_user_can_write_about
from themes.second_readings import cases_hidden_from, reading_hidden_from
from themes.views.access import load_desk, load_selected_case, load_theme, may_write_about
from themes.views.drafting import drafted, end_draft
from themes.views.saving import save, status_of

# The kinds of triangulation, in the order they are told.
STANDS = (
    "both",
    "records only",
    "interviews only",
    "contradicted",
    "looked for, not found",
    "not looked for",
)


@may_read_replica
@require_safe
def matrix(request: HttpRequest, review_slug: str) -> HttpResponse:
    desk = load_desk(request, review_slug)
    viewing.matrix_viewed(review=desk.review, by=person(request))
    framework, form = shown(request, desk.review)
    context = {
        "framework": framework,
        "filters": form,
        "query": urlencode({name: value for name, value in form.shown().items() if value}),
        "only": form.in_words(),
    }
    return render(request, "themes/matrix/matrix.html", context)


@may_read_replica
@require_safe
def matrix_export(request: HttpRequest, review_slug: str) -> HttpResponse:
    """What the page shows, as XLSX, or as DOCX where the address asks for it."""
    desk = load_desk(request, review_slug)
    framework, form = shown(request, desk.review)
    ending = "docx" if request.GET.get("format") == "docx" else "xlsx"
    if ending == "docx":
        html = render_to_string(
            "themes/matrix/document.html",
            {"strands": strands_of(framework), "review": desk.review, "only": form.in_words()},
        )
        made, content_type = matrix_document(html), DOCUMENT
    else:
        made, content_type = matrix_workbook(framework), WORKBOOK
    viewing.matrix_exported(
        review=desk.review, by=person(request), strand=form.shown()["strand"], file_format=ending
    )
    response = HttpResponse(made, content_type=content_type)
    name = f"framework-matrix-{slugify(review_slug)}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@may_read_replica
@require_safe
def matrix_strength(request: HttpRequest, review_slug: str) -> HttpResponse:
    """What the themes rest on: cases, sources, and whether cases still bring new ones."""
    desk = load_desk(request, review_slug)
    viewing.matrix_viewed(review=desk.review, by=person(request))
    framework, form = shown(request, desk.review)
    themes: dict[Hashable, Theme] = {theme.pk: theme for theme in framework.themes}
    cases: dict[Hashable, Case] = {case.pk: case for case in framework.cases}
    rows = [
        {"theme": themes[each.theme], "of": each, "only": cases.get(each.only_case)}
        for each in strengths(framework.matrix)
        if each.theme in themes
    ]
    added = [
        {
            "case": cases[each.case],
            "new": [themes[theme] for theme in each.new if theme in themes],
            "only_here": [themes[theme] for theme in each.only_here if theme in themes],
            "so_far": each.so_far,
            "expected": expected,
        }
        for each, expected in zip(additions(framework.matrix), expected_themes(framework.matrix), strict=True)
    ]
    context = {
        "rows": rows,
        "added": added,
        "cases": len(cases),
        "on_one": sum(each.cases == 1 for each in strengths(framework.matrix)),
        "filters": form,
        "stands": STANDS,
    }
    return render(request, "themes/matrix/strength.html", context)


@require_http_methods(["GET", "POST"])
def matrix_cell(request: HttpRequest, review_slug: str, public_id: str, theme_slug: str) -> HttpResponse:
    """One case and one theme: its passages, and the summary a reviewer writes of them."""
    desk = load_desk(request, review_slug)
    case = load_selected_case(request, review_slug, public_id)
    theme = load_theme(desk.review, theme_slug)
    if reading_hidden_from(person(request), case):
        raise Http404("not before both readers have finished")
    cell = Cell.objects.filter(case=case, theme=theme).select_related("changed_by").first()
    form = CellForm.of(cell, request.POST or None)
    draft = drafted(request, case, WritingKind.CELL, theme.slug)
    if request.method == "GET":
        draft.show_in(form)
    if request.method == "POST":
        check_user_can_write_about(person(request), case)
    if request.method == "POST" and form.is_valid():
        saved = save(
            form,
            lambda: actions.summarise(
                case=case,
                theme=theme,
                **form.typed(),
                revision=form.cleaned_data["revision"],
                by=person(request),
            ),
            lambda: theirs_of(Cell.objects.select_related("changed_by").get(case=case, theme=theme)),
        )
        if saved:
            end_draft(request, case, WritingKind.CELL, theme.slug)
            messages.success(request, f"The summary for Case {case.letter} has been saved.")
            return redirect("matrix", review_slug)
    passages = Passage.objects.filter(case=case, tags__theme__in=[theme, *theme.sub_themes.all()])
    context = {
        "case": case,
        "theme": theme,
        "cell": cell,
        "form": form,
        "draft": draft,
        "passages": passages.distinct().with_source().order_by("pk"),
        "may_write": may_write_about(desk.membership, case),
    }
    return render(request, "themes/matrix/cell.html", context, status=status_of(form))


def shown(request: HttpRequest, review: Review) -> tuple[Framework, ShownForm]:
    """What the filters ask for; an unknown choice is read as none."""
    form = ShownForm(request.GET)
    form.is_valid()
    asked = form.shown()
    framework = framework_of(
        review,
        strand=asked["strand"],
        sub_themes=asked["level"] != "themes",
        kind=asked["kind"],
        quality=asked["quality"],
        hidden=cases_hidden_from(person(request), review),
    )
    return framework, form


def strands_of(framework: Framework) -> list[dict[str, Any]]:
    """The themes of each strand, each with its cell of every case."""
    return [
        {
            "label": label,
            "themes": [
                (theme, [framework.cell(case, theme) for case in framework.cases])
                for theme in framework.themes
                if theme.strand == value
            ],
        }
        for value, label in Strand.choices
    ]
