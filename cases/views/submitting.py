"""Putting a case forward or changing it: one form, check answers, confirmation."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import drafts
from cases.actions import drafts as draft_actions
from cases.actions import submissions as actions
from cases.actions.submissions import submissions_are_open_to
from cases.actions.viewing import record_view_of_case
from cases.errors import Refused, Stale
from cases.forms.submissions import SubmissionForm, lines_of
from cases.models import Case, District, Draft, Membership, Review
from cases.views.access import person
from cases.views.acting import moved, saved_while_typing
from cases.views.submissions import (
    deadline_words,
    load_desk,
    load_own_case,
    submits_for_all,
)


@require_http_methods(["GET", "POST"])
def submission_new(request: HttpRequest, review_slug: str) -> HttpResponse:
    review, membership = load_desk(request, review_slug)
    return _form_page(request, review, membership, None)


@require_http_methods(["GET", "POST"])
def submission_change(request: HttpRequest, review_slug: str, public_id: str) -> HttpResponse:
    case, membership = load_own_case(request, review_slug, public_id)
    return _form_page(request, case.review, membership, case)


@require_http_methods(["GET", "POST"])
def submission_check(request: HttpRequest, review_slug: str) -> HttpResponse:
    review, membership = load_desk(request, review_slug)
    return _check_page(request, review, membership, None)


@require_http_methods(["GET", "POST"])
def submission_change_check(request: HttpRequest, review_slug: str, public_id: str) -> HttpResponse:
    case, membership = load_own_case(request, review_slug, public_id)
    return _check_page(request, case.review, membership, case)


@require_safe
def submission_done(request: HttpRequest, review_slug: str, public_id: str) -> HttpResponse:
    """The confirmation: a reference, and what happens next."""
    case, membership = load_own_case(request, review_slug, public_id)
    live = Case.objects.of(case.review).live().from_district(case.district).count()
    context = {
        "case": case,
        "submitted": live,
        "left": case.review.cases_per_district - live,
        "is_open": submissions_are_open_to(membership, case.review),
        "deadline": deadline_words(case.review, membership),
    }
    return render(request, "cases/submissions/done.html", context)


def _form_page(
    request: HttpRequest, review: Review, membership: Membership, case: Case | None
) -> HttpResponse:
    if not submissions_are_open_to(membership, review):
        messages.warning(request, deadline_words(review, membership))
        return redirect("submissions", review.slug)
    if request.method == "POST":
        return _posted(request, review, membership, case)
    typed = drafts.typed_of(drafts.unfinished_draft(person(request), review, case))
    form = _form(review, membership, case, typed.fields, request.GET)
    if typed.fields is not None:
        form.take_without_checking()
    if case is not None:
        record_view_of_case(case, person(request), page="change", liberi_id=True)
    return _show_form(request, review, case, form, typed)


def _posted(request: HttpRequest, review: Review, membership: Membership, case: Case | None) -> HttpResponse:
    """Whatever was typed is kept first, valid or not; then it is checked, unless that is for later."""
    try:
        draft = _keep(request, review, case, revision=None)
    except Refused as refusal:
        form = _form(review, membership, case, request.POST)
        form.add_error(None, str(refusal))
        return _show_form(request, review, case, form, drafts.typed_of(None))
    if "later" in request.POST:
        messages.success(request, "Saved as a draft. It has not been submitted yet.")
        return redirect("submissions", review.slug)
    form = _form(review, membership, case, request.POST)
    if form.is_valid():
        return redirect(_check_url(review, case))
    return _show_form(request, review, case, form, drafts.typed_of(draft))


def _keep(request: HttpRequest, review: Review, case: Case | None, *, revision: int | None) -> Draft:
    token, typed = drafts.typed_in(request)
    return draft_actions.keep(
        review=review, case=case, token=token, revision=revision, typed=typed, by=person(request)
    )


@require_http_methods(["GET", "POST"])
def submission_draft(request: HttpRequest, review_slug: str) -> JsonResponse:
    """Saved while typing; see `saved_while_typing`."""
    review, _ = load_desk(request, review_slug)
    return _draft(request, review, None)


@require_http_methods(["GET", "POST"])
def submission_change_draft(request: HttpRequest, review_slug: str, public_id: str) -> JsonResponse:
    case, _ = load_own_case(request, review_slug, public_id)
    return _draft(request, case.review, case)


def _draft(request: HttpRequest, review: Review, case: Case | None) -> JsonResponse:
    revision = drafts.revision_in(request)
    return saved_while_typing(request, lambda: _keep(request, review, case, revision=revision))


@require_POST
def submission_discard(request: HttpRequest, review_slug: str) -> HttpResponse:
    """Throw the draft of a new case away."""
    review, _ = load_desk(request, review_slug)
    return _discard(request, review, None)


@require_POST
def submission_change_discard(request: HttpRequest, review_slug: str, public_id: str) -> HttpResponse:
    case, _ = load_own_case(request, review_slug, public_id)
    return _discard(request, case.review, case)


def _discard(request: HttpRequest, review: Review, case: Case | None) -> HttpResponse:
    return moved(
        request,
        lambda: draft_actions.discard(review=review, case=case, by=person(request)),
        done="The draft has been discarded. What was saved before stands."
        if case
        else "The draft has been discarded.",
        back=("submissions", review.slug),
    )


def _form(
    review: Review, membership: Membership, case: Case | None, typed: Any, query: QueryDict | None = None
) -> SubmissionForm:
    lines = lines_of(review)
    if case is not None:
        return SubmissionForm.for_case(case, lines, typed)
    districts = review.districts.all() if submits_for_all(membership) else None
    chosen = (
        review.districts.filter(name=query["district"]).first() if query and "district" in query else None
    )
    return SubmissionForm(typed, lines=lines, districts=districts, initial={"district": chosen})


def _show_form(
    request: HttpRequest, review: Review, case: Case | None, form: SubmissionForm, typed: drafts.Typed
) -> HttpResponse:
    context = {
        "form": form,
        "case": case,
        "typed": typed,
        "draft_url": _url("submission_change_draft" if case else "submission_draft", review, case),
        "discard_url": _url("submission_change_discard" if case else "submission_discard", review, case),
    }
    return render(request, "cases/submissions/form.html", context)


def _check_page(
    request: HttpRequest, review: Review, membership: Membership, case: Case | None
) -> HttpResponse:
    typed = drafts.typed_of(drafts.unfinished_draft(person(request), review, case))
    if typed.fields is None:
        messages.info(
            request, "There is nothing left to check: what you filled in has been sent, or was discarded."
        )
        return redirect("submissions", review.slug)
    form = _form(review, membership, case, typed.fields)
    if not form.is_valid():  # the profile has changed since, or the day has
        return _show_form(request, review, case, form, typed)
    if request.POST.get("discard"):
        return _discard(request, review, case)
    if request.method == "POST" and request.POST.get("token") == _seen(typed):
        return _send(request, review, membership, case, form, typed)
    if case is not None and form.cleaned_data["revision"] != case.revision:
        return _show_both(request, case, form, _seen(typed))
    return _show_check(request, review, case, form, _seen(typed))


def _seen(typed: drafts.Typed) -> str:
    """Names the draft just as it is shown: one that has moved on since is shown again, not sent."""
    return f"{typed.token}-{typed.revision}"


def _send(
    request: HttpRequest,
    review: Review,
    membership: Membership,
    case: Case | None,
    form: SubmissionForm,
    typed: drafts.Typed,
) -> HttpResponse:
    """Submit or change what was checked; a refusal goes back to the form with everything typed."""
    try:
        if case is None:
            district = form.cleaned_data["district"] if submits_for_all(membership) else membership.district
            assert isinstance(district, District)  # nosec B101
            sent = actions.submit(
                review=review, district=district, submission=form.submission(), by=person(request)
            )
        else:
            sent = actions.change(
                case=case, submission=form.submission(), revision=_revision(request, form), by=person(request)
            )
    except Stale:
        assert case is not None  # nosec B101
        case.refresh_from_db()
        return _show_both(request, case, form, _seen(typed))
    except Refused as refusal:
        form.add_error("liberi_id" if "Liberi ID" in str(refusal) else None, str(refusal))
        return _show_form(request, review, case, form, typed)
    if case is None:
        return redirect("submission_done", review.slug, sent.public_id)
    messages.success(request, f"Your changes to case {sent.reference} have been saved.")
    return redirect("submissions", review.slug)


def _revision(request: HttpRequest, form: SubmissionForm) -> int:
    """The revision the person has seen: the form's, or the one shown beside it where both texts were."""
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isdecimal() else form.cleaned_data["revision"] or 0


def _show_check(
    request: HttpRequest, review: Review, case: Case | None, form: SubmissionForm, token: str
) -> HttpResponse:
    given = form.given()
    context = {
        "checked": form,
        "given": given,
        "skipped": sum(answer.skipped for answer in given),
        "case": case,
        "token": token,
        "form_url": _url("submission_change" if case else "submission_new", review, case),
    }
    return render(request, "cases/submissions/check.html", context)


def _show_both(request: HttpRequest, case: Case, form: SubmissionForm, token: str) -> HttpResponse:
    """What is saved now beside what this person has filled in; nothing has been written."""
    saved = SubmissionForm.for_case(case, form.lines)
    yours = form.submission()
    rows = [
        ("Liberi ID", case.liberi_id, yours.liberi_id),
        ("Assessment date", case.assessment_date, yours.assessment_date),
    ]
    differing = [row for row in rows if row[1] != row[2]]
    for line in form.lines:
        answer = yours.answers[line.slug]
        for field, word, typed in (
            ("presence", "", answer.presence),
            ("evidence", " (note)", answer.evidence),
        ):
            stored = saved[f"{field}-{line.slug}"].initial or ("not known" if field == "presence" else "")
            if stored != typed:
                differing.append((line.name + word, stored, typed))
    record_view_of_case(case, person(request), page="changed by somebody else", liberi_id=True)
    context = {"case": case, "differing": differing, "token": token}
    return render(request, "cases/submissions/both.html", context)


def _check_url(review: Review, case: Case | None) -> str:
    return _url("submission_change_check" if case else "submission_check", review, case)


def _url(name: str, review: Review, case: Case | None) -> str:
    return reverse(name, args=[review.slug, case.public_id] if case else [review.slug])
