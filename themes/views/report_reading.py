"""Reading the report: the draft as the board would see it, and versions, on the page and as files."""

from hashlib import sha256

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_POST, require_safe

from cases.lifecycle import Activity, stage_allows
from cases.models import Membership, Review
from cases.permissions import NotFound, Permission, membership_allows
from cases.views.access import load_review, person
from cases.views.acting import moved
from kscmp_review.replica.pages import may_read_replica
from themes.actions import release
from themes.actions import report as actions
from themes.models import ReportVersion
from themes.report import frozen
from themes.report.document import document_of, draft_of, material_of
from themes.report.formats import FORMATS, FormatError, file_name
from themes.report.live_counts import UnknownToken

WRITE, RELEASE, READ = Permission.WRITE_REPORT, Permission.RELEASE_REPORT, Permission.READ_RELEASED_REPORT


@may_read_replica
@require_safe
def report_preview(request: HttpRequest, review_slug: str) -> HttpResponse:
    review, _ = load_review(request, review_slug, WRITE)
    try:
        document = draft_of(review)
    except UnknownToken as unknown:
        messages.warning(request, f"The report cannot be built yet: {unknown}")
        return redirect("report", review.slug)
    return render(request, "themes/report/preview.html", {"document": document, "formats": FORMATS})


@may_read_replica
@require_safe
def report_download(request: HttpRequest, review_slug: str, file_format: str) -> HttpResponse:
    """The draft, in one format."""
    review, _ = load_review(request, review_slug, WRITE)
    _check_format(file_format)
    try:
        document = draft_of(review)
        content = document.content(file_format)
    except (UnknownToken, FormatError) as fault:
        messages.warning(request, f"The report cannot be made yet: {fault}")
        return redirect("report", review.slug)
    actions.record_download(review=review, file_format=file_format, by=person(request))
    return _file(content, file_name(f"{review.slug}-draft", file_format, document.on), file_format)


@may_read_replica
@require_safe
def report_version(request: HttpRequest, review_slug: str, number: int) -> HttpResponse:
    """A version, to read; the business team also sees who wrote and who approved it."""
    review, membership = load_review(request, review_slug, READ)
    version = load_version(review, membership, number)
    context = {
        "version": version,
        "document": document_of(version),
        "formats": FORMATS,
        "digests": version.files.order_by("pk").values_list("file_format", "digest"),
        "writes": membership_allows(membership, WRITE),
    }
    if membership_allows(membership, WRITE):
        context["before"] = released_before(review, number)
    if membership_allows(membership, RELEASE):
        context["releases"] = True
        context["approvals_needed"] = release.APPROVALS_NEEDED
        context["refusal"] = release.approval_refusal(version, person(request))
        if not version.released_at and not version.overtaken_at:
            context["still_so"] = release.still_reads_so(version, material_of(review))
            context["at_this_stage"] = stage_allows(review, Activity.RELEASE_REPORT)
    return render(request, "themes/report/version.html", context)


@may_read_replica
@conditional_page
@require_safe
def report_version_download(
    request: HttpRequest, review_slug: str, number: int, file_format: str
) -> HttpResponse:
    """A version's file, by the digest of its bytes: whoever holds it already is told so."""
    review, membership = load_review(request, review_slug, READ)
    version = load_version(review, membership, number)
    _check_format(file_format)
    try:
        content = frozen.content_of(version, file_format)
    except FormatError as fault:
        messages.warning(request, f"The file cannot be made yet: {fault}")
        return redirect("report_version", review.slug, number)
    actions.record_download(review=review, version=version, file_format=file_format, by=person(request))
    dated = timezone.localdate(version.proposed_at)
    response = _file(content, file_name(f"{review.slug}-v{number}", file_format, dated), file_format)
    response["ETag"] = f'"{sha256(content).hexdigest()}"'
    return response


@require_POST
def report_approve(request: HttpRequest, review_slug: str, number: int) -> HttpResponse:
    review, membership = load_review(request, review_slug, RELEASE)
    version = load_version(review, membership, number)
    return moved(
        request,
        lambda: release.approve(version=version, by=person(request)),
        f"You have approved version {number}.",
        ("report_version", review.slug, number),
    )


def load_version(review: Review, membership: Membership, number: int) -> ReportVersion:
    """One that is not released is, to whoever does not release, not there."""
    versions = ReportVersion.objects.filter(review=review, number=number)
    if not membership_allows(membership, RELEASE):
        versions = versions.released()
    version = (
        versions.select_related("proposed_by")
        .prefetch_related("authors", "approvals__approved_by", "accepted__accepted_by")
        .first()
    )
    if version is None:
        raise NotFound("no such version")
    version.review = review
    return version


def released_before(review: Review, number: int | None = None) -> ReportVersion | None:
    """The newest released version, or the newest with a lower number."""
    released = ReportVersion.objects.released().filter(review=review)
    if number is not None:
        released = released.filter(number__lt=number)
    found: ReportVersion | None = released.newest_first().first()
    return found


def _check_format(file_format: str) -> None:
    if file_format not in FORMATS:
        raise Http404("no such format")


def _file(content: bytes, name: str, file_format: str) -> HttpResponse:
    response = HttpResponse(content, content_type=FORMATS[file_format].content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
