"""Interviews: where each stands, its notes by question, and the topic guide."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.errors import Refused
from cases.models import Case, Review
from cases.views.access import person
from cases.views.acting import attempt
from themes.actions import interviews as actions
from themes.actions import notes, topic_guide, viewing
from themes.coding.counting import interview_tally
from themes.forms.interviews import InterviewForm, NoteForm, QuestionForm, theirs_of_interview, theirs_of_note
from themes.guide_versions import guide_versions as versions_of_guide
from themes.models import Interview, InterviewNote, TopicQuestion, WritingKind
from themes.views.access import WRITE, load_desk, load_selected_case
from themes.views.drafting import drafted, end_draft
from themes.views.saving import save, status_of


@require_safe
def interviews(request: HttpRequest, review_slug: str) -> HttpResponse:
    """Every selected case's interview, and the tally that the report quotes."""
    desk = load_desk(request, review_slug)
    cases = list(Case.objects.of(desk.review).selected().by_letter())
    found = {each.case_id: each for each in interviews_of(desk.review)}
    context = {
        "rows": [(case, found.get(case.pk)) for case in cases],
        "tally": tally(list(found.values()), len(cases)) if cases else "",
        "questions": TopicQuestion.objects.filter(review=desk.review, retired_at=None).count(),
        "may_write": desk.may_write,
    }
    return render(request, "themes/interviews/interviews.html", context)


@require_http_methods(["GET", "POST"])
def interview(request: HttpRequest, review_slug: str, public_id: str) -> HttpResponse:
    """Record where the interview of a case stands."""
    case = load_selected_case(request, review_slug, public_id, WRITE)
    form = InterviewForm.of(Interview.objects.filter(case=case).first(), request.POST or None)
    if request.method == "POST" and form.is_valid():
        saved = save(
            form,
            lambda: actions.record(
                case=case, **form.typed(), revision=form.cleaned_data["revision"], by=person(request)
            ),
            lambda: theirs_of_interview(Interview.objects.select_related("changed_by").get(case=case)),
        )
        if saved:
            messages.info(request, f"The interview of Case {case.letter} has been recorded.")
            return redirect(reverse("case", args=[review_slug, public_id]) + "#interview")
    context = {"case": case, "form": form}
    return render(request, "themes/interviews/interview.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def interview_note(request: HttpRequest, review_slug: str, public_id: str, question: int) -> HttpResponse:
    """Write what was said to one question."""
    case = load_selected_case(request, review_slug, public_id, WRITE)
    asked = get_object_or_404(TopicQuestion, review=case.review, pk=question)
    stored = InterviewNote.objects.filter(interview__case=case, question=asked)
    form = NoteForm.of(stored.first(), request.POST or None)
    draft = drafted(request, case, WritingKind.NOTE, str(asked.pk))
    if request.method == "GET":
        draft.show_in(form)
    if request.method == "POST" and form.is_valid():
        written = save(
            form,
            lambda: notes.write(
                case=case,
                question=asked,
                **form.typed(),
                revision=form.cleaned_data["revision"],
                by=person(request),
            ),
            lambda: theirs_of_note(stored.select_related("changed_by").get()),
        )
        if written:
            end_draft(request, case, WritingKind.NOTE, str(asked.pk))
            messages.info(request, "The notes have been saved.")
            address = reverse("case", args=[review_slug, public_id])
            return redirect(f"{address}#text-{written.public_id}")
    context = {"case": case, "question": asked, "form": form, "draft": draft}
    return render(request, "themes/interviews/note.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def guide(request: HttpRequest, review_slug: str) -> HttpResponse:
    """The questions, each with how many interviews answer it; a reviewer adds to them here."""
    desk = (
        load_desk(request, review_slug, WRITE)
        if request.method == "POST"
        else load_desk(request, review_slug)
    )
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        if attempt(form, lambda: topic_guide.add(review=desk.review, text=text, by=person(request))):
            messages.success(request, "The question has been added.")
            return redirect("topic_guide", review_slug)
    questions = TopicQuestion.objects.filter(review=desk.review).annotate(answered=Count("notes"))
    versions = TopicQuestion.history.filter(review_id=desk.review.pk).exists()
    context = {
        "form": form,
        "asked": questions.filter(retired_at=None),
        "retired": questions.exclude(retired_at=None),
        "versions": versions,
        "may_write": desk.may_write,
    }
    return render(request, "themes/interviews/guide.html", context)


@require_safe
def question(request: HttpRequest, review_slug: str, question: int) -> HttpResponse:
    """What every interview said to one question."""
    desk = load_desk(request, review_slug)
    asked = get_object_or_404(TopicQuestion, review=desk.review, pk=question)
    viewing.question_viewed(question=asked, by=person(request))
    of_selected = Interview.objects.of_selected_cases(desk.review)
    answers = InterviewNote.objects.filter(question=asked, interview__in=of_selected)
    others = TopicQuestion.objects.filter(review=desk.review, retired_at=None).exclude(pk=asked.pk)
    context = {
        "question": asked,
        "answers": answers.select_related("interview__case").order_by("interview__case__letter"),
        "silent": of_selected.done()
        .exclude(notes__question=asked)
        .select_related("case")
        .order_by("case__letter"),
        "earlier": others.filter(order__lt=asked.order).last(),
        "later": others.filter(order__gt=asked.order).first(),
        "may_write": desk.may_write,
    }
    return render(request, "themes/interviews/question.html", context)


@require_http_methods(["GET", "POST"])
def question_change(request: HttpRequest, review_slug: str, question: int) -> HttpResponse:
    desk = load_desk(request, review_slug, WRITE)
    asked = get_object_or_404(TopicQuestion.objects.select_related("review"), review=desk.review, pk=question)
    form = QuestionForm(request.POST or None, initial={"text": asked.text, "seen": asked.text})
    if request.method == "POST" and form.is_valid():
        typed: dict[str, Any] = form.cleaned_data
        if attempt(form, lambda: topic_guide.change(question=asked, **typed, by=person(request))):
            messages.success(request, "The question has been saved.")
            return redirect("topic_guide", review_slug)
        asked.refresh_from_db()
        form.catch_up(asked.text)
    return render(request, "themes/interviews/question_form.html", {"form": form, "question": asked})


@require_safe
def guide_versions(request: HttpRequest, review_slug: str) -> HttpResponse:
    """The topic guide as it stood after every change."""
    desk = load_desk(request, review_slug)
    context = {"versions": versions_of_guide(desk.review), "may_write": desk.may_write}
    return render(request, "themes/interviews/guide_versions.html", context)


@require_POST
def question_move(request: HttpRequest, review_slug: str, question: int) -> HttpResponse:
    """Up unless "down" is asked for."""
    desk = load_desk(request, review_slug, WRITE)
    asked = get_object_or_404(TopicQuestion.objects.select_related("review"), review=desk.review, pk=question)
    down = request.POST.get("direction") == "down"
    try:
        topic_guide.move(question=asked, direction="down" if down else "up", by=person(request))
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("topic_guide", review_slug)


@require_POST
def question_retire(request: HttpRequest, review_slug: str, question: int) -> HttpResponse:
    """Retire a question of the guide, or put a retired one back."""
    desk = load_desk(request, review_slug, WRITE)
    asked = get_object_or_404(TopicQuestion.objects.select_related("review"), review=desk.review, pk=question)
    act = topic_guide.restore if request.POST.get("restore") else topic_guide.retire
    try:
        act(question=asked, by=person(request))
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("topic_guide", review_slug)


def interviews_of(review: Review) -> Any:
    return Interview.objects.of_selected_cases(review).annotate(noted=Count("notes"))


def tally(found: list[Interview], selected: int) -> str:
    """ "5 of the 6 social workers took part; 1 was unavailable (maternity leave)." """
    reasons = [each.status_reason for each in found if each.status == "unavailable"]
    return interview_tally([each.status for each in found], selected, reasons=reasons)
