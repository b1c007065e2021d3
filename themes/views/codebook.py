"""The codebook: themes in two strands, and every passage of a theme across cases."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.errors import Refused
from cases.views.access import person
from cases.views.acting import attempt, moved
from themes.actions import codebook as actions
from themes.actions import viewing
from themes.forms.codebook import ThemeForm, theirs_of
from themes.framework import framework_of
from themes.models import CodebookStep, Passage, Strand, Theme
from themes.second_readings import cases_hidden_from
from themes.views.access import WRITE, load_desk, load_theme
from themes.views.saving import save, status_of

# Steps that can be undone; earlier ones have mostly been built upon.
STEPS_SHOWN = 20


@require_safe
def codebook(request: HttpRequest, review_slug: str) -> HttpResponse:
    """Both strands with definitions and counts; retired themes below."""
    desk = load_desk(request, review_slug)
    framework = framework_of(desk.review, hidden=cases_hidden_from(person(request), desk.review))
    rows = framework.counted_themes()
    retired = Theme.objects.of(desk.review).exclude(retired_at=None).select_related("merged_into")
    steps = CodebookStep.objects.filter(review=desk.review, undone_at=None)
    strands = [
        {
            "value": value,
            "label": label,
            "rows": [row for row in rows if row.theme.strand == value and row.theme.retired_at is None],
        }
        for value, label in Strand.choices
    ]
    context = {
        "strands": strands,
        "retired": retired.in_codebook_order(),
        "steps": steps.select_related("theme", "other", "done_by").order_by("-pk")[:STEPS_SHOWN],
        "cases": len(framework.cases),
        "may_write": desk.may_write,
        "to_look_at": Passage.objects.of_selected_cases(desk.review).filter(needs_look=True).count(),
    }
    return render(request, "themes/codebook/codebook.html", context)


@require_safe
def theme(request: HttpRequest, review_slug: str, theme_slug: str) -> HttpResponse:
    """A theme with every passage that carries it or one of its sub-themes, by case."""
    desk = load_desk(request, review_slug)
    found = load_theme(desk.review, theme_slug)
    viewing.theme_viewed(theme=found, by=person(request))
    sub_themes = list(found.sub_themes.order_by("order", "pk"))
    carried = Passage.objects.of_selected_cases(desk.review).filter(tags__theme__in=[found, *sub_themes])
    carried = carried.exclude(case__in=cases_hidden_from(person(request), desk.review))
    context = {
        "theme": found,
        "sub_themes": sub_themes,
        "cases": passages_by_case(carried.distinct().with_source()),
        "characteristic": circular_name(found),
        "worded_before": found.history.count() > 1,
        "may_write": desk.may_write,
    }
    return render(request, "themes/codebook/theme.html", context)


@require_http_methods(["GET", "POST"])
def theme_new(request: HttpRequest, review_slug: str) -> HttpResponse:
    desk = load_desk(request, review_slug, WRITE)
    form = ThemeForm.of(None, desk.review, request.POST or None, strand=request.GET.get("strand"))
    if request.method == "POST" and form.is_valid():
        added = attempt(
            form,
            lambda: actions.add(
                review=desk.review, strand=form.cleaned_data["strand"], entry=form.entry(), by=person(request)
            ),
        )
        if added:
            messages.success(request, f"“{added.name}” has been added to the codebook.")
            return redirect("codebook", review_slug)
    return render(request, "themes/codebook/form.html", {"form": form})


@require_http_methods(["GET", "POST"])
def theme_change(request: HttpRequest, review_slug: str, theme_slug: str) -> HttpResponse:
    desk = load_desk(request, review_slug, WRITE)
    found = load_theme(desk.review, theme_slug)
    form = ThemeForm.of(found, desk.review, request.POST or None)
    if request.method == "POST" and form.is_valid():
        changed = save(
            form,
            lambda: actions.change(
                theme=found, entry=form.entry(), revision=form.cleaned_data["revision"], by=person(request)
            ),
            lambda: theirs_of(load_theme(desk.review, theme_slug)),
        )
        if changed:
            messages.success(request, f"“{changed.name}” has been saved.")
            return redirect("theme", review_slug, theme_slug)
    context = {"form": form, "theme": found}
    return render(request, "themes/codebook/form.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def theme_retire(request: HttpRequest, review_slug: str, theme_slug: str) -> HttpResponse:
    """Ask, then retire; a retired theme is restored from its page."""
    desk = load_desk(request, review_slug, WRITE)
    found = load_theme(desk.review, theme_slug)
    if request.method == "POST":
        return moved(
            request,
            lambda: actions.retire(theme=found, by=person(request)),
            done=f"“{found.name}” has been retired. What is tagged with it stays tagged.",
            back=("codebook", review_slug),
        )
    return render(request, "themes/codebook/retire.html", {"theme": found})


@require_POST
def theme_restore(request: HttpRequest, review_slug: str, theme_slug: str) -> HttpResponse:
    desk = load_desk(request, review_slug, WRITE)
    found = load_theme(desk.review, theme_slug)
    return moved(
        request,
        lambda: actions.restore(theme=found, by=person(request)),
        done=f"“{found.name}” is in use again.",
        back=("codebook", review_slug),
    )


@require_POST
def theme_move(request: HttpRequest, review_slug: str, theme_slug: str) -> HttpResponse:
    """Up unless "down" is asked for."""
    desk = load_desk(request, review_slug, WRITE)
    found = load_theme(desk.review, theme_slug)
    try:
        down = request.POST.get("direction") == "down"
        actions.move(theme=found, direction="down" if down else "up", by=person(request))
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("codebook", review_slug)


def passages_by_case(passages: Any) -> list[dict[str, Any]]:
    """Passages under their case, by letter."""
    cases: dict[int, dict[str, Any]] = {}
    for passage in sorted(passages, key=lambda each: (len(each.case.letter), each.case.letter, each.pk)):
        entry = cases.setdefault(passage.case_id, {"case": passage.case, "passages": []})
        entry["passages"].append(passage)
    return list(cases.values())


def circular_name(theme: Theme) -> str:
    """How the current profile words the characteristic that this theme restates; empty where none."""
    if theme.restates is None:
        return ""
    line = theme.restates.lines.filter(version=theme.review.current_profile).first()
    return line.name if line else theme.restates.slug
