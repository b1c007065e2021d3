"""Merging and splitting themes, and undoing either."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cases.views.access import person
from cases.views.acting import attempt, moved
from themes.actions import reshaping, viewing
from themes.forms.codebook import MergeForm, SplitForm
from themes.models import CodebookStep, Passage
from themes.views.access import WRITE, load_desk, load_theme


@require_http_methods(["GET", "POST"])
def theme_merge(request: HttpRequest, review_slug: str, theme_slug: str) -> HttpResponse:
    """Choose the theme that takes over."""
    desk = load_desk(request, review_slug, WRITE)
    theme = load_theme(desk.review, theme_slug)
    form = MergeForm(request.POST or None, theme=theme)
    if request.method == "POST" and form.is_valid():
        into = form.cleaned_data["into"]
        step = attempt(form, lambda: reshaping.merge(theme=theme, into=into, by=person(request)))
        if step:
            messages.success(
                request, f"“{theme.name}” has been merged into “{into.name}”. You can undo this below."
            )
            return redirect("codebook", review_slug)
    context = {"form": form, "theme": theme, "tagged": theme.tags.count()}
    return render(request, "themes/codebook/merge.html", context)


@require_http_methods(["GET", "POST"])
def theme_split(request: HttpRequest, review_slug: str, theme_slug: str) -> HttpResponse:
    """Name the new theme, and say of every passage where it goes."""
    desk = load_desk(request, review_slug, WRITE)
    theme = load_theme(desk.review, theme_slug)
    carried = Passage.objects.of_selected_cases(desk.review).filter(tags__theme=theme).with_source()
    passages = sorted(carried, key=lambda each: (len(each.case.letter), each.case.letter, each.pk))
    form = SplitForm(request.POST or None, theme=theme, passages=passages)
    if request.method == "POST" and form.is_valid():
        step = attempt(
            form,
            lambda: reshaping.split(theme=theme, entry=form.entry(), goes=form.goes(), by=person(request)),
        )
        if step:
            messages.success(
                request,
                f"“{step.other.name}” has been split off “{theme.name}”. You can undo this in the codebook.",
            )
            return redirect("theme", review_slug, step.other.slug)
    viewing.theme_viewed(theme=theme, by=person(request))
    return render(request, "themes/codebook/split.html", {"form": form, "theme": theme})


@require_POST
def codebook_undo(request: HttpRequest, review_slug: str, pk: int) -> HttpResponse:
    desk = load_desk(request, review_slug, WRITE)
    step = get_object_or_404(CodebookStep.objects.select_related("theme", "other"), review=desk.review, pk=pk)
    return moved(
        request,
        lambda: reshaping.undo(step=step, by=person(request)),
        done=f"Undone: “{step.theme.name}” and “{step.other.name}” are as they were.",
        back=("codebook", review_slug),
    )
