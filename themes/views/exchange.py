"""The codebook and the coded material to and from other programs."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from cases.errors import Refused
from cases.models import Review
from cases.views.access import person
from themes.actions import exchange as actions
from themes.actions import viewing
from themes.actions.exchange import Faults, Taken
from themes.coding.counting import counted, sentence_start
from themes.exchange.extracts import extracts
from themes.exchange.material import CANNOT_CARRY, codes_of, project_of
from themes.exchange.provenance import Provenance
from themes.exchange.refi import NotRefi
from themes.exchange.refi_reading import read_codebook, read_project
from themes.exchange.refi_writing import codebook_file, project_file
from themes.exchange.tables import tags_csv, tags_xlsx
from themes.exports import DOCUMENT, WORKBOOK
from themes.forms.exchange import TakeForm
from themes.second_readings import cases_hidden_from
from themes.views.access import WRITE, load_desk

# Format → how it is made, its type, and the stem of its name.
FORMATS: dict[str, tuple[Any, str, str]] = {
    "qdc": (lambda review, hidden: codebook_file(codes_of(review)), "application/xml", "codebook"),
    "qdpx": (
        lambda review, hidden: project_file(project_of(review, hidden)),
        "application/zip",
        "coded-material",
    ),
    "csv": (
        lambda review, hidden: tags_csv(Provenance(review, hidden).rows()),
        "text/csv; charset=utf-8",
        "tags",
    ),
    "xlsx": (lambda review, hidden: tags_xlsx(Provenance(review, hidden).rows()), WORKBOOK, "tags"),
    "docx": (extracts, DOCUMENT, "passages"),
}


@require_http_methods(["GET", "POST"])
def exchange(request: HttpRequest, review_slug: str) -> HttpResponse:
    """What can be taken along and brought back; posted with a file, it is taken whole or refused."""
    desk = load_desk(request, review_slug, *([WRITE] if request.method == "POST" else []))
    form = TakeForm(request.POST or None, request.FILES or None)
    faults: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            taken = _take(desk.review, form, request)
        except Faults as refusal:
            faults = refusal.faults
            form.add_error("file", "The file has codes that the codebook cannot hold: see below")
        except (NotRefi, Refused) as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, told(taken))
            return redirect("codebook", review_slug)
    context = {"form": form, "faults": faults, "cannot_carry": CANNOT_CARRY, "may_write": desk.may_write}
    return render(request, "themes/codebook/exchange.html", context)


@require_safe
def exchange_export(request: HttpRequest, review_slug: str, file_format: str) -> HttpResponse:
    desk = load_desk(request, review_slug)
    if file_format not in FORMATS:
        raise Http404("no such format")
    make, content_type, stem = FORMATS[file_format]
    made = make(desk.review, cases_hidden_from(person(request), desk.review))
    viewing.material_exported(review=desk.review, by=person(request), file_format=file_format)
    response = HttpResponse(made, content_type=content_type)
    name = f"{stem}-{slugify(review_slug)}.{file_format}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def told(taken: Taken) -> str:
    """What an import did, in a sentence or two."""
    words = [sentence_start(f"{counted(len(taken.made), 'theme')} added, {len(taken.there)} there already.")]
    if taken.tags or taken.tags_there or taken.no_place:
        words.append(
            sentence_start(f"{counted(taken.tags, 'tag')} added, {taken.tags_there} there already, ")
            + f"{taken.no_place} without a place here."
        )
    return " ".join(words)


def _take(review: Review, form: TakeForm, request: HttpRequest) -> Taken:
    content, strand = form.cleaned_data["file"].read(), form.cleaned_data["strand"]
    if form.cleaned_data["codings"]:
        return actions.take_codings(
            review=review, project=read_project(content), strand=strand, by=person(request)
        )
    return actions.take_codebook(
        review=review, codes=read_codebook(content), strand=strand, by=person(request)
    )
