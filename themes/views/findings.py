"""Writing, changing and deleting a finding."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cases.models import Case
from cases.views.access import person
from cases.views.acting import attempt
from themes.actions import findings
from themes.forms.findings import DeletionForm, FindingForm, theirs_of
from themes.forms.revised import with_value
from themes.models import Finding, RecordKind, WritingKind
from themes.views.access import WRITE, address_of, load_finding, load_selected_case
from themes.views.drafting import drafted, end_draft
from themes.views.saving import save, status_of

DELETED = "A colleague has deleted this finding since you opened it. Save to write it again as a new one."


@require_http_methods(["GET", "POST"])
def finding_new(request: HttpRequest, review_slug: str, public_id: str) -> HttpResponse:
    case = load_selected_case(request, review_slug, public_id, WRITE)
    form = FindingForm.of(None, request.POST or None)
    draft = drafted(request, case, WritingKind.FINDING, "new")
    if request.GET.get("kind") in RecordKind.values:
        form.initial["record_kind"] = request.GET["kind"]
    if request.method == "GET":
        draft.show_in(form)
    if request.method == "POST" and form.is_valid():
        written = attempt(form, lambda: findings.write(case=case, **form.typed(), by=person(request)))
        if written:
            end_draft(request, case, WritingKind.FINDING, "new")
            messages.info(request, "The finding has been saved.")
            return redirect(address_of(case, written))
    return render(request, "themes/findings/form.html", {"case": case, "form": form, "draft": draft})


@require_http_methods(["GET", "POST"])
def finding_change(request: HttpRequest, review_slug: str, public_id: str, finding_id: str) -> HttpResponse:
    case = load_selected_case(request, review_slug, public_id, WRITE)
    draft = drafted(request, case, WritingKind.FINDING, finding_id)
    if (request.method == "POST" or draft.fields is not None) and was_deleted(case, finding_id):
        typed = request.POST if request.method == "POST" else draft.fields
        form = FindingForm.of(None, with_value(typed, "revision", "0"))
        form.add_error(None, DELETED)
        back = reverse("case", args=[review_slug, public_id])
        context = {"case": case, "form": form, "draft": draft, "draft_back": back}
        return render(request, "themes/findings/form.html", context, status=409)
    finding = load_finding(case, finding_id)
    form = FindingForm.of(finding, request.POST or None)
    if request.method == "GET":
        draft.show_in(form)
    if request.method == "POST" and form.is_valid():
        changed = save(
            form,
            lambda: findings.change(
                finding=finding, **form.typed(), revision=form.cleaned_data["revision"], by=person(request)
            ),
            lambda: theirs_of(load_finding(case, finding_id)),
        )
        if changed:
            end_draft(request, case, WritingKind.FINDING, finding_id)
            messages.info(request, "The finding has been saved.")
            return redirect(address_of(case, changed))
    context = {"case": case, "finding": finding, "form": form, "draft": draft}
    return render(request, "themes/findings/form.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def finding_delete(request: HttpRequest, review_slug: str, public_id: str, finding_id: str) -> HttpResponse:
    """Ask, then delete."""
    case = load_selected_case(request, review_slug, public_id, WRITE)
    finding = load_finding(case, finding_id)
    form = DeletionForm(request.POST or None, initial={"revision": finding.revision})
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["revision"]
        done = save(
            form,
            lambda: findings.delete(finding=finding, revision=seen, by=person(request)),
            lambda: theirs_of(finding),
        )
        if done:
            messages.success(request, "The finding has been deleted.")
            return redirect("case", review_slug, public_id)
    context = {"case": case, "finding": finding, "form": form}
    return render(request, "themes/findings/delete.html", context, status=status_of(form))


def was_deleted(case: Case, finding_id: str) -> bool:
    """Whether the case had this finding and has it no more; a finding of another case was never here."""
    if Finding.objects.filter(public_id=finding_id).exists():
        return False
    if not Finding.history.filter(case=case, public_id=finding_id).exists():
        raise Http404("no such finding")
    return True
