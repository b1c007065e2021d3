"""The framework matrix: cases × themes, its cells, and the sheet of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from cases.models import Review
from cases.views.access import person
from themes.actions import matrix as actions
from themes.actions import viewing
from themes.exports import WORKBOOK, matrix_workbook
from themes.forms.matrix import CellForm, ShownForm, theirs_of
from themes.framework import Framework, framework_of
from themes.models import Cell, Passage, WritingKind
from themes.permissions import check_user_can_write_about
from themes.views.access import load_desk, load_selected_case, load_theme, may_write_about
from themes.views.drafting import drafted, end_draft
from themes.views.saving import save, status_of


@require_safe
def matrix(request: HttpRequest, review_slug: str) -> HttpResponse:
    desk = load_desk(request, review_slug)
    viewing.matrix_viewed(review=desk.review, by=person(request))
    framework, form = shown(request, desk.review)
    context = {"framework": framework, "filters": form, "query": request.GET.urlencode()}
    return render(request, "themes/matrix/matrix.html", context)


@require_safe
def matrix_export(request: HttpRequest, review_slug: str) -> HttpResponse:
    """What the page shows, as XLSX."""
    desk = load_desk(request, review_slug)
    framework, form = shown(request, desk.review)
    sheet = matrix_workbook(framework)
    viewing.matrix_exported(review=desk.review, by=person(request), strand=form.cleaned_data["strand"])
    response = HttpResponse(sheet, content_type=WORKBOOK)
    response["Content-Disposition"] = f'attachment; filename="framework-matrix-{slugify(review_slug)}.xlsx"'
    return response


@require_http_methods(["GET", "POST"])
def matrix_cell(request: HttpRequest, review_slug: str, public_id: str, theme_slug: str) -> HttpResponse:
    """One case and one theme: its passages, and the summary a reviewer writes of them."""
    desk = load_desk(request, review_slug)
    case = load_selected_case(request, review_slug, public_id)
    theme = load_theme(desk.review, theme_slug)
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
    strand, level = form.cleaned_data.get("strand", ""), form.cleaned_data.get("level", "")
    form.cleaned_data["strand"] = strand
    return framework_of(review, strand=strand, sub_themes=level != "themes"), form
