"""Sections of the report: written beside their evidence, added, moved, removed and put back in."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cases import drafts
from cases.errors import Refused
from cases.lifecycle import Activity, stage_allows
from cases.models import Review
from cases.permissions import Permission
from cases.views.access import load_review, person
from cases.views.acting import attempt, moved
from themes.actions import report as actions
from themes.actions import report_drafts, viewing
from themes.forms.report import NewSectionForm, RemovalForm, SectionForm, theirs_of
from themes.models import ReportSection, SectionDraft
from themes.report.checks import problems_of
from themes.report.document import material_of
from themes.report.evidence import STRANDS, evidence_beside
from themes.report.sections import WITH_EVIDENCE, outline_of, template_of
from themes.report.vocabulary import grouped, vocabulary
from themes.second_readings import cases_hidden_from
from themes.versions import removed_sections
from themes.views.report_drafting import end_section_draft, section_drafted
from themes.views.saving import save, status_of
from themes.views.section_in_place import changed_in_place, preview_of, together

WRITE = Permission.WRITE_REPORT


@require_http_methods(["GET", "POST"])
def report_section(request: HttpRequest, review_slug: str, key: str) -> HttpResponse:
    """Write a section; a colleague's save in between is shown beside one's own text."""
    review, _ = load_review(request, review_slug, WRITE)
    if not ReportSection.objects.filter(review=review, key=key).exists():
        return gone(request, review, key)
    section = load_section(review, key)
    form = SectionForm.of(section, request.POST or None)
    draft = section_drafted(request, review, key)
    if request.method == "GET":
        draft.show_in(form)
    elif (told := changed_in_place(request, form, section)) is not None:
        if told:
            messages.info(request, told)
    elif form.is_valid():
        changed = save(
            form,
            lambda: actions.change_section(
                section=section, **form.typed(), revision=form.cleaned_data["revision"], by=person(request)
            ),
            lambda: theirs_of(load_section(review, key)),
        )
        if changed:
            end_section_draft(request, review, key)
            messages.success(request, f"“{changed.heading}” has been saved.")
            return redirect("report_section", review.slug, key)
    if form.theirs:
        section = load_section(review, key)
    context = {"section": section, "form": form, "draft": draft, **beside(request, review, section, form)}
    return render(request, "themes/report/section.html", context, status=status_of(form))


def gone(request: HttpRequest, review: Review, key: str) -> HttpResponse:
    """A colleague has removed the section: what was typed into it is kept for when it is put back in."""
    if not ReportSection.history.filter(review=review, key=key).exists():
        raise Http404("no such section")
    said = "A colleague has removed this section."
    if request.method == "POST":
        token, typed = drafts.typed_in(request)
        try:
            report_drafts.keep(
                kind=SectionDraft,
                review=review,
                key=key,
                token=token,
                revision=None,
                typed=typed,
                by=person(request),
            )
            said += " What you typed is kept, and is there again once the section is put back in."
        except Refused as refusal:
            said += f" What you typed could not be kept: {refusal}"
    messages.warning(request, said)
    return redirect("report_sections_removed", review.slug)


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
    if section.key in WITH_EVIDENCE:
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


@require_http_methods(["GET", "POST"])
def report_sections_removed(request: HttpRequest, review_slug: str) -> HttpResponse:
    """Sections that were removed, as they last stood; posted with the key of one, it is put back in."""
    review, _ = load_review(request, review_slug, WRITE)
    removed = removed_sections(review)
    if request.method == "POST":
        key = request.POST.get("key", "")
        if key not in {row.key for row in removed}:
            raise Http404("no such section was removed")
        return moved(
            request,
            lambda: actions.restore_section(review=review, key=key, by=person(request)),
            "The section is in the report again, after the others.",
            ("report", review.slug),
        )
    may_write = stage_allows(review, Activity.DRAFT_REPORT)
    return render(request, "themes/report/removed.html", {"removed": removed, "may_write": may_write})


def load_section(review: Review, key: str) -> ReportSection:
    section = get_object_or_404(ReportSection.objects.select_related("changed_by"), review=review, key=key)
    section.review = review
    return section


def beside(request: HttpRequest, review: Review, section: ReportSection, form: SectionForm) -> dict[str, Any]:
    """What stands beside a section: live counts, evidence, what the checks say of it, and what to write."""
    material = material_of(review)
    hidden = cases_hidden_from(person(request), review)
    viewing.evidence_viewed(review=review, section=section.key, by=person(request))
    outline = {each.key: each for each in outline_of(template_of(review))}
    return {
        "counts": grouped(vocabulary(material.facts)),
        "evidence": evidence_beside(material, section.key, hidden=hidden),
        "evidence_first": section.key in STRANDS,
        "selected": material.facts.cohort.selected,
        "problems_found": [problem for problem in problems_of(material) if problem.at.section == section.key],
        "guidance": outline[section.key].guidance if section.key in outline else "",
        "preview": preview_of(form.text_now, material.words) if request.POST.get("do") == "preview" else None,
        "together": together(form, section) if form.theirs else None,
        "may_write": stage_allows(review, Activity.DRAFT_REPORT),
        "removable": section.key not in WITH_EVIDENCE,
    }
