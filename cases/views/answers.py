"""A case's answers: reported, verified, asked about; and its Liberi ID on request."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.actions import answers as actions
from cases.actions import liberi_ids
from cases.actions.viewing import record_view_of_case
from cases.closeness import index_cases_of
from cases.errors import Refused, Stale
from cases.forms.answers import RevealForm, VerifyForm
from cases.lifecycle import Activity, stage_allows
from cases.models import Answer, Case, Question, Review
from cases.permissions import Permission, membership_allows
from cases.ranking import rank_review
from cases.verifying import next_to_verify
from cases.views.access import load_case, load_review, person
from cases.views.acting import attempt
from cases.views.decisions import answers_shown, progress_of, why_here
from cases.words import plural
from kscmp_review.accounts.models import User


@require_safe
def case_answers(request: HttpRequest, review_slug: str, public_id: str) -> HttpResponse:
    """Each characteristic as reported with its evidence, as verified, and what the district was asked."""
    review, _ = load_review(request, review_slug, Permission.SELECT)
    ranking = rank_review(review)
    cases = ranking.cases().select_related("district").prefetch_related("answers__verified_by")
    case = get_object_or_404(cases, public_id=public_id)
    record_view_of_case(case, person(request), page="answers", liberi_id=False)
    row = ranking.row(case)
    questions = case.questions.select_related("asked_by").order_by("pk")
    by_characteristic = {question.characteristic_id: question for question in questions}
    shown = answers_shown(ranking, row)
    for each in shown:
        each["question"] = by_characteristic.get(each["line"].characteristic_id)
    context = {
        "row": row,
        "ranking": ranking,
        "progress": progress_of(review, ranking),
        "why": why_here(ranking, row),
        "answers": shown,
        "index_cases": (index := index_cases_of(review, ranking.lines)),
        "closeness": index.closeness(row.answers),
        "compared": index.compared(row.answers),
        "closeness_explained": index.explained(row.answers),
        "reveals": case.reveals.select_related("user"),
    }
    return render(request, "cases/selection/answers.html", context)


@require_http_methods(["GET", "POST"])
def case_verify(request: HttpRequest, review_slug: str, public_id: str) -> HttpResponse:
    """The case's answers one by one, evidence beside each: verify or correct what was reported."""
    review, _ = load_review(request, review_slug, Permission.SELECT)
    live = Case.objects.live().select_related("district")
    case = get_object_or_404(live, review=review, public_id=public_id)
    lines = list(review.current_profile.lines.select_related("characteristic").order_by("tier", "order"))
    form = VerifyForm(request.POST or None, case=case, lines=lines, given=_given(case))
    if request.method == "POST" and form.is_valid():
        verified = _attempt_verifying(form, case, person(request))
        if verified:
            messages.success(request, f"{case.reference}: {plural(verified, 'answer')} verified.")
            following = next_to_verify(rank_review(review), after=case) if "next" in request.POST else None
            if following:
                return redirect("case_verify", review.slug, following.public_id)
            return redirect("case_answers", review.slug, case.public_id)
    record_view_of_case(case, person(request), page="verify", liberi_id=False)
    context = {"form": form, "case": case, "may_correct": stage_allows(review, Activity.CORRECT)}
    return render(request, "cases/selection/verify.html", context)


def _given(case: Case) -> dict[int, Answer]:
    """The answers of a case as they stand now, by characteristic."""
    return {answer.characteristic_id: answer for answer in case.answers.select_related("verified_by")}


def _attempt_verifying(form: VerifyForm, case: Case, by: User) -> int | None:
    """Late by somebody else's change, what was typed stays beside what is reported now."""
    found, revision = form.found(), form.cleaned_data["revision"]
    typed = cast(QueryDict, form.data)
    try:
        return actions.verify(case=case, found=found, revision=revision, by=by)
    except Stale as stale:
        form.data = {**typed.dict(), "revision": case.revision}
        form.given = _given(case)
        form.add_error(None, f"{stale} What is reported now stands beside your answers: save them again.")
    except Refused as refusal:
        form.add_error(None, str(refusal))
    return None


@require_POST
def case_ask(request: HttpRequest, review_slug: str, public_id: str) -> HttpResponse:
    """Ask the district to find out one answer; back to where the button was."""
    review, _ = load_review(request, review_slug, Permission.SELECT)
    case = get_object_or_404(
        Case.objects.live().select_related("district"), review=review, public_id=public_id
    )
    try:
        question: Question = actions.ask(
            case=case, slug=request.POST.get("characteristic", ""), by=person(request)
        )
        messages.success(
            request, f"{case.district} has been asked: {case.reference}, {_name(question, review)}."
        )
    except Refused as refusal:
        messages.warning(request, str(refusal))
    if request.POST.get("from") == "case":
        return redirect("case_answers", review.slug, case.public_id)
    return redirect("selection", review.slug)


def _name(question: Question, review: Review) -> str:
    return review.current_profile.lines.get(characteristic=question.characteristic_id).name


@require_http_methods(["GET", "POST"])
def case_liberi_id(request: HttpRequest, review_slug: str, public_id: str) -> HttpResponse:
    """Ask, then show the Liberi ID in the answer to the post and nowhere else."""
    case, membership = load_case(request, review_slug, public_id, Permission.SEE_LIBERI_ID)
    reason_owed = not membership_allows(membership, Permission.SEE_ALL_CASES)
    form = RevealForm(request.POST if request.method == "POST" else None, reason_owed=reason_owed)
    liberi_id = None
    if request.method == "POST" and form.is_valid():
        liberi_id = attempt(
            form,
            lambda: liberi_ids.reveal(
                case=case, reason=form.cleaned_data.get("reason", ""), by=person(request)
            ),
        )
    context = {"form": form, "case": case, "liberi_id": liberi_id, "reason_owed": reason_owed}
    return render(request, "cases/selection/liberi_id.html", context)
