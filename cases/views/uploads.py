"""A sheet instead of the form: choose it, see every row and every fault, then import all of it or nothing."""

import io
import secrets
from collections import Counter
from itertools import groupby

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cases import drafts
from cases.actions.imports import check_user_can_import, import_cases
from cases.errors import Refused
from cases.exports import CONTENT_TYPES
from cases.forms.submissions import SheetForm, lines_of
from cases.imports import CheckedSheet, Faulty, check_sheet
from cases.models import Review
from cases.sheet_template import write_sheet_template
from cases.sheets import ON_A_PAGE, UnreadableSheet, read_sheet
from cases.views.access import person
from cases.views.submissions import load_desk

ROWS_ON_A_PAGE = 100


@require_http_methods(["GET", "POST"])
def submissions_upload(request: HttpRequest, review_slug: str) -> HttpResponse:
    review, membership = load_desk(request, review_slug)
    if refusal := why_no_import(request, review):
        messages.warning(request, refusal)
        return redirect("submissions", review.slug)
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = SheetForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                sheet = read_sheet(form.cleaned_data["sheet"].read(), ON_A_PAGE)
            except UnreadableSheet as refused:
                form.add_error("sheet", str(refused))
            else:
                _keep(request, review, check_sheet(sheet, review, membership))
                return redirect("submissions_upload_check", review.slug)
    context = {"form": form, "lines": lines_of(review)}
    return render(request, "cases/submissions/upload.html", context)


@require_http_methods(["GET", "POST"])
def submissions_upload_check(request: HttpRequest, review_slug: str) -> HttpResponse:
    """What was read, and on confirming the import of all of it."""
    review, _ = load_desk(request, review_slug)
    kept = drafts.kept(request, drafts.sheet_key(review))
    if kept is None:
        messages.info(request, "There is no sheet left to check: it has been imported, or was dropped.")
        return redirect("submissions", review.slug)
    checked = CheckedSheet.from_plain(kept["sheet"])
    if request.method == "POST" and not checked.faults and request.POST.get("token") == kept["token"]:
        try:
            number = import_cases(review=review, cases=checked.cases, by=person(request))
        except Faulty as faulty:
            # Another has submitted meanwhile: the page shows what no longer fits.
            checked = CheckedSheet(checked.columns, checked.rows, checked.numbers, [], faulty.faults)
            _keep(request, review, checked)
        except Refused as refusal:
            messages.warning(request, str(refusal))
            return redirect("submissions", review.slug)
        else:
            drafts.drop(request, drafts.sheet_key(review))
            cases = "1 case has" if number == 1 else f"{number:,} cases have"
            messages.success(request, f"{cases} been submitted.")
            return redirect("submissions", review.slug)
    return _show(request, checked, kept["token"])


@require_safe
def submissions_template(request: HttpRequest, review_slug: str) -> HttpResponse:
    """An empty sheet with this review's columns and lists to choose from."""
    review, membership = load_desk(request, review_slug)
    own = membership.district
    districts = [own.name] if own else list(review.districts.values_list("name", flat=True))
    sheet = io.BytesIO()
    write_sheet_template(lines_of(review), districts, sheet)
    return HttpResponse(
        sheet.getvalue(),
        content_type=CONTENT_TYPES["xlsx"],
        headers={"Content-Disposition": f'attachment; filename="cases-{review.slug}.xlsx"'},
    )


def why_no_import(request: HttpRequest, review: Review) -> str:
    try:
        check_user_can_import(person(request), review)
    except Refused as refusal:
        return str(refusal)
    return ""


def _keep(request: HttpRequest, review: Review, checked: CheckedSheet) -> None:
    content = {"sheet": checked.as_plain(), "token": secrets.token_hex(8)}
    drafts.keep(request, drafts.sheet_key(review), content)


def _show(request: HttpRequest, checked: CheckedSheet, token: str) -> HttpResponse:
    at_fault = {
        row: {fault.column for fault in faults} for row, faults in groupby(checked.faults, lambda f: f.row)
    }
    rows = [
        (
            number,
            [
                (text, column in at_fault.get(number, ()))
                for column, text in zip(checked.columns, row, strict=True)
            ],
        )
        for number, row in zip(checked.numbers, checked.rows, strict=True)
    ]
    faults = len(checked.faults)
    context = {
        "columns": checked.columns,
        "rows": Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page")),
        "faults": Paginator(checked.faults, ROWS_ON_A_PAGE).get_page(request.GET.get("faults")),
        "by_district": sorted(Counter(case.district for case in checked.cases).items()),
        "number": len(checked.cases),
        "token": token,
        "error_forms": [f"The sheet has {faults} fault{'' if faults == 1 else 's'}: nothing has been stored"]
        if faults
        else [],
    }
    return render(request, "cases/submissions/upload_check.html", context)
