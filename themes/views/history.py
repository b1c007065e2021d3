"""Earlier versions of findings, notes, summaries and themes, each restorable; and deleted findings."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from cases.errors import Refused
from cases.models import Case
from cases.views.access import person
from cases.views.acting import moved
from themes.actions import codebook, findings, matrix, notes
from themes.actions.entries import Entry
from themes.models import Cell, Finding
from themes.second_readings import reading_hidden_from
from themes.versions import (
    PARTS_OF_THEME,
    Text,
    deleted_findings,
    version_of,
    versions_of,
    versions_of_theme,
)
from themes.views.access import (
    READ,
    WRITE,
    address_of,
    load_desk,
    load_selected_case,
    load_text,
    load_theme,
    may_write_about,
)


@require_http_methods(["GET", "POST"])
def text_history(request: HttpRequest, review_slug: str, public_id: str, text_id: str) -> HttpResponse:
    """Every version of a finding or of notes; posted with a revision, that one is saved again."""
    case = load_selected_case(request, review_slug, public_id, permission(request))
    text = load_text(case, text_id)

    def restore(row: Any) -> None:
        if isinstance(text, Finding):
            findings.change(
                finding=text,
                record_kind=row.record_kind,
                record_date=row.record_date,
                expectation=row.expectation,
                quality=row.quality,
                text=row.text,
                revision=text.revision,
                by=person(request),
            )
        else:
            notes.write(
                case=case, question=text.question, text=row.text, revision=text.revision, by=person(request)
            )

    name = text.get_record_kind_display() if isinstance(text, Finding) else text.question.text
    return _history(request, case, text, name, address_of(case, text), restore)


@require_http_methods(["GET", "POST"])
def cell_history(request: HttpRequest, review_slug: str, public_id: str, theme_slug: str) -> HttpResponse:
    """Every version of a summary in the matrix."""
    case = load_selected_case(request, review_slug, public_id, permission(request))
    theme = load_theme(case.review, theme_slug)
    if reading_hidden_from(person(request), case):
        raise Http404("not before both readers have finished")
    cell = get_object_or_404(Cell, case=case, theme=theme)

    def restore(row: Any) -> None:
        matrix.summarise(
            case=case,
            theme=theme,
            summary=row.summary,
            looked_for_not_found=row.looked_for_not_found,
            revision=cell.revision,
            by=person(request),
        )

    back = ("matrix_cell", review_slug, public_id, theme_slug)
    return _history(request, case, cell, theme.name, back, restore)


@require_http_methods(["GET", "POST"])
def theme_history(request: HttpRequest, review_slug: str, theme_slug: str) -> HttpResponse:
    """Every wording of a theme; posted with a revision, that one is saved again."""
    desk = load_desk(request, review_slug, permission(request))
    theme = load_theme(desk.review, theme_slug)
    if request.method == "POST":
        wanted = request.POST.get("revision", "")
        row = version_of(theme, int(wanted)) if wanted.isdecimal() else None
        if row is None:
            raise Http404("no such version")
        entry = Entry(
            **{part: getattr(row, part) for part in PARTS_OF_THEME},
            parent=theme.parent,
            restates=theme.restates,
        )
        return moved(
            request,
            lambda: codebook.change(theme=theme, entry=entry, revision=theme.revision, by=person(request)),
            done="The earlier version has been saved again.",
            back=("theme", review_slug, theme_slug),
        )
    context = {"theme": theme, "versions": versions_of_theme(theme), "may_write": desk.may_write}
    return render(request, "themes/codebook/versions.html", context)


@require_http_methods(["GET", "POST"])
def findings_deleted(request: HttpRequest, review_slug: str, public_id: str) -> HttpResponse:
    """Findings of the case that were deleted; posted with one of them, it is written again."""
    case = load_selected_case(request, review_slug, public_id, WRITE)
    gone = deleted_findings(case)
    if request.method == "POST":
        row = next((each for each in gone if each.public_id == request.POST.get("finding")), None)
        if row is None:
            raise Http404("no such finding")
        try:
            written = findings.write(
                case=case,
                record_kind=row.record_kind,
                record_date=row.record_date,
                expectation=row.expectation,
                quality=row.quality,
                text=row.text,
                by=person(request),
            )
        except Refused as refusal:
            messages.warning(request, str(refusal))
            return redirect("findings_deleted", review_slug, public_id)
        messages.info(request, "The finding has been written again. Its tags are not: tag it anew.")
        return redirect(address_of(case, written))
    return render(request, "themes/findings/deleted.html", {"case": case, "gone": gone})


def permission(request: HttpRequest) -> Any:
    """Reading versions is for who reads findings; restoring one, for who writes them."""
    return WRITE if request.method == "POST" else READ


def _history(
    request: HttpRequest,
    case: Case,
    text: Text,
    name: str,
    back: str | tuple[str, ...],
    restore: Callable[[Any], None],
) -> HttpResponse:
    where = (back,) if isinstance(back, str) else back
    if request.method == "POST":
        wanted = request.POST.get("revision", "")
        row = version_of(text, int(wanted)) if wanted.isdecimal() else None
        if row is None:
            raise Http404("no such version")
        try:
            restore(row)
        except Refused as refusal:
            messages.warning(request, str(refusal))
            return redirect(request.path)
        messages.info(request, "The earlier version has been saved again.")
        return redirect(*where)
    desk = load_desk(request, case.review.slug)
    context = {
        "case": case,
        "name": name,
        "versions": versions_of(text),
        "now": text.revision,
        "may_write": may_write_about(desk.membership, case),
    }
    return render(request, "themes/history.html", context)
