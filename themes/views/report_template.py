"""The template of a review's report: which sections it is laid out with."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cases.models import Review, Stage
from cases.permissions import Permission
from cases.views.access import load_review, person
from cases.views.acting import moved
from themes.actions import report as report_actions
from themes.actions import report_template as actions
from themes.forms.report import TemplateForm, outline_forms, template_theirs
from themes.forms.revised import Theirs
from themes.models import ReportSection
from themes.report.sections import WITH_EVIDENCE, kept, outline_of, template_of
from themes.views.saving import save, status_of


@require_http_methods(["GET", "POST"])
def report_template(request: HttpRequest, review_slug: str) -> HttpResponse:
    """Change the list of sections, their headings, guidance and the text they begin with."""
    review, _ = load_review(request, review_slug, Permission.MANAGE_REVIEW)
    template = template_of(review)
    initial = [
        {**section, "ORDER": place} for place, section in enumerate(kept(outline_of(template)), start=1)
    ]
    posted = request.POST or None
    form = TemplateForm(posted, initial={"revision": template.revision if template else 0})
    sections = outline_forms(posted, initial)
    if request.method == "POST" and form.is_valid() and sections.is_valid():
        saved = save(
            form,
            lambda: actions.change(
                review=review,
                outline=sections.outline(),
                revision=form.cleaned_data["revision"],
                by=person(request),
            ),
            lambda: _theirs(review),
        )
        if saved:
            messages.success(request, "The template has been saved.")
            return redirect("report_template" if request.POST.get("more") else "report", review.slug)
    context = {
        "form": form,
        "formset": sections,
        "fixed": WITH_EVIDENCE,
        "started": ReportSection.objects.filter(review=review).exists(),
        "may_write": review.stage != Stage.CLOSED,
    }
    return render(request, "themes/report/template.html", context, status=status_of(form))


@require_POST
def report_template_add(request: HttpRequest, review_slug: str) -> HttpResponse:
    """Add to the report what its template has and it has not."""
    review, _ = load_review(request, review_slug, Permission.WRITE_REPORT)
    return moved(
        request,
        lambda: report_actions.add_from_template(review=review, by=person(request)),
        "The sections of the template that were missing have been added.",
        ("report", review.slug),
    )


def _theirs(review: Review) -> Theirs:
    template = template_of(review)
    assert template is not None, "somebody saved it since"  # nosec B101
    return template_theirs(template)
