"""Sections of the report: written beside their live counts, added, moved and removed."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cases.lifecycle import Activity, stage_allows
from cases.models import Review
from cases.permissions import Permission
from cases.views.access import load_review, person
from cases.views.acting import attempt, moved
from themes.actions import report as actions
from themes.forms.report import NewSectionForm, RemovalForm, SectionForm, theirs_of
from themes.models import ReportSection, Strand
from themes.report.checks import problems_of
from themes.report.document import Material, material_of
from themes.report.found import ThemeFound
from themes.report.quotations import Quotation
from themes.report.sections import STANDARD
from themes.views.saving import save, status_of

WRITE = Permission.WRITE_REPORT
STRANDS = {"desk-top-review": Strand.DESK_TOP, "feedback-from-professionals": Strand.FEEDBACK}
GROUPS = {
    "selected_in": "Districts",
    "cases_with_theme": "Themes",
    "cases_with_characteristic": "Characteristics",
}


@require_http_methods(["GET", "POST"])
def report_section(request: HttpRequest, review_slug: str, key: str) -> HttpResponse:
    """Write a section; a colleague's save in between is shown beside one's own text."""
    review, _ = load_review(request, review_slug, WRITE)
    section = load_section(review, key)
    form = SectionForm.of(section, request.POST or None)
    if request.method == "POST" and form.is_valid():
        changed = save(
            form,
            lambda: actions.change_section(
                section=section, **form.typed(), revision=form.cleaned_data["revision"], by=person(request)
            ),
            lambda: theirs_of(load_section(review, key)),
        )
        if changed:
            messages.success(request, f"“{changed.heading}” has been saved.")
            return redirect("report_section", review.slug, key)
    context = {"section": section, "form": form, **beside(review, section)}
    return render(request, "themes/report/section.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def report_section_new(request: HttpRequest, review_slug: str) -> HttpResponse:
    review, _ = load_review(request, review_slug, WRITE)
    form = NewSectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        heading = form.cleaned_data["heading"]
        added = attempt(form, lambda: actions.add_section(review=review, heading=heading, by=person(request)))
        if added:
            return redirect("report_section", review.slug, added.key)
    return render(request, "themes/report/new_section.html", {"form": form})


@require_POST
def report_section_move(request: HttpRequest, review_slug: str, key: str) -> HttpResponse:
    review, _ = load_review(request, review_slug, WRITE)
    section = load_section(review, key)
    to = "up" if request.POST.get("to") == "up" else "down"
    return moved(
        request,
        lambda: actions.move_section(section=section, to="up" if to == "up" else "down", by=person(request)),
        f"“{section.heading}” has been moved {to}.",
        ("report", review.slug),
    )


@require_http_methods(["GET", "POST"])
def report_section_remove(request: HttpRequest, review_slug: str, key: str) -> HttpResponse:
    """Ask, then take the section out."""
    review, _ = load_review(request, review_slug, WRITE)
    section = load_section(review, key)
    if section.key in STANDARD:
        raise Http404("a section that every report has is not removed")
    form = RemovalForm(request.POST or None, initial={"revision": section.revision})
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["revision"]

        def remove() -> bool:
            actions.remove_section(section=section, revision=seen, by=person(request))
            return True

        if save(form, remove, lambda: theirs_of(load_section(review, key))):
            messages.success(request, f"“{section.heading}” has been removed.")
            return redirect("report", review.slug)
    context = {"section": section, "form": form}
    return render(request, "themes/report/remove_section.html", context, status=status_of(form))


def load_section(review: Review, key: str) -> ReportSection:
    section = get_object_or_404(ReportSection.objects.select_related("changed_by"), review=review, key=key)
    section.review = review
    return section


def beside(review: Review, section: ReportSection) -> dict[str, Any]:
    """What stands beside a section: its live counts, what the checks say of it, and its earlier saves."""
    material = material_of(review)
    saves = section.history.select_related("changed_by").order_by("-history_date", "-history_id")
    return {
        "counts": counts_by_group(material),
        "evidence": evidence_of(material, section.key),
        "selected": material.facts.cohort.selected,
        "problems_found": [problem for problem in problems_of(material) if problem.at.section == section.key],
        "saves": saves,
        "may_write": stage_allows(review, Activity.DRAFT_REPORT),
        "removable": section.key not in STANDARD,
    }


def evidence_of(material: Material, key: str) -> list[tuple[ThemeFound, list[Quotation]]]:
    """Themes of the strand that this section is about, each with what may be quoted of it."""
    strand = STRANDS.get(key)
    themes = material.facts.in_strand(strand) if strand else []
    return [(theme, material.quoted.get(theme.pk, [])) for theme in themes]


def counts_by_group(material: Material) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """(group, [(what it counts, the token to write, how it reads now)])."""
    facts = material.facts
    names = {f"selected_in:{district.name}": f"Selected in {district.name}" for district in facts.districts}
    names |= {f"cases_with_theme:{theme.slug}": theme.name for theme in facts.every_theme()}
    for version in facts.versions:
        names |= {f"cases_with_characteristic:{line.slug}": line.name for line in version.lines}
    groups: dict[str, list[tuple[str, str, str]]] = {}
    for token, words in material.words.items():
        kind = GROUPS.get(token.partition(":")[0], "The review")
        name = names.get(token, token.replace("_", " ").capitalize())
        groups.setdefault(kind, []).append((name, "{{ " + token + " }}", words))
    return list(groups.items())
