"""A case's answers: reported, verified, asked about; and its Liberi ID on request."""

from collections.abc import Iterator
from itertools import chain, repeat

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.actions import answers as actions
from cases.actions import liberi_ids
from cases.actions.viewing import record_view_of_case
from cases.errors import Refused
from cases.forms.answers import RevealForm, VerifyForm
from cases.matching import Agreement, Comparison, agreement_table
from cases.models import Answer, Case, ProfileLine, Question, Review
from cases.permissions import Permission, membership_allows
from cases.ranking import Ranking, rank_review
from cases.views.access import load_case, load_review, person
from cases.views.acting import attempt
from cases.views.decisions import answers_shown, progress_of, why_here


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
        "agreement": agreement_in(review, ranking),
        "reveals": case.reveals.select_related("user"),
    }
    return render(request, "cases/selection/answers.html", context)


def agreement_in(review: Review, ranking: Ranking) -> tuple[list[tuple[ProfileLine, Agreement]], Agreement]:
    """Rule 5: agreement for each characteristic of the profile, and over all."""
    slugs = {line.characteristic_id: line.characteristic.slug for line in ranking.lines}
    table = agreement_table(_compared(review, slugs), list(slugs.values()))
    lines = [(line, table.by_characteristic[line.characteristic.slug]) for line in ranking.lines]
    return lines, table.overall


def _compared(review: Review, slugs: dict[int, str]) -> Iterator[Comparison]:
    verified = Answer.objects.filter(
        case__review=review, case__withdrawn_at=None, characteristic__in=slugs
    ).exclude(verified=None)
    grouped = verified.values_list("characteristic_id", "reported", "verified").annotate(number=Count("pk"))
    return chain.from_iterable(
        repeat(Comparison(slugs[characteristic], reported, found), number)
        for characteristic, reported, found, number in grouped.order_by()
    )


@require_http_methods(["GET", "POST"])
def case_verify(request: HttpRequest, review_slug: str, public_id: str, slug: str) -> HttpResponse:
    """Set what the business team found for one characteristic."""
    review, _ = load_review(request, review_slug, Permission.SELECT)
    case = get_object_or_404(
        Case.objects.live().select_related("district"), review=review, public_id=public_id
    )
    lines = review.current_profile.lines.select_related("characteristic")
    line = get_object_or_404(lines, characteristic__slug=slug)
    answer = case.answers.filter(characteristic=line.characteristic_id).first()
    initial = {"presence": answer.verified, "note": answer.verified_note} if answer else {}
    form = VerifyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        verified = attempt(
            form, lambda: actions.verify(case=case, slug=slug, by=person(request), **form.cleaned_data)
        )
        if verified:
            messages.success(request, f"Verified: {line.name}, {verified.presence}.")
            return redirect("case_answers", review.slug, case.public_id)
    context = {"form": form, "case": case, "line": line, "answer": answer}
    return render(request, "cases/selection/verify.html", context)


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
