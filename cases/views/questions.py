"""A question of the business team, answered in place."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from cases.actions import answers
from cases.forms.submissions import ReplyForm
from cases.models import ProfileLine, Question
from cases.views.access import person
from cases.views.acting import attempt
from cases.views.submissions import desk_page, load_own_case


@require_POST
def question_reply(
    request: HttpRequest, review_slug: str, public_id: str, characteristic: str
) -> HttpResponse:
    case, membership = load_own_case(request, review_slug, public_id)
    questions = Question.objects.filter(case=case, characteristic__slug=characteristic)
    question = get_object_or_404(questions.select_related("case", "characteristic").order_by("-pk")[:1])
    form = ReplyForm(request.POST, question=question, name=_name_of(question))
    if form.is_valid():
        replied = attempt(
            form,
            lambda: answers.reply(
                question=question,
                presence=form.cleaned_data["presence"],
                evidence=form.cleaned_data["evidence"],
                by=person(request),
            ),
        )
        if replied:
            messages.success(request, f"Thank you. Your answer about case {case.reference} has been saved.")
            return redirect("submissions", review_slug)
    return desk_page(request, case.review, membership, form)


def _name_of(question: Question) -> str:
    lines = ProfileLine.objects.filter(characteristic=question.characteristic)
    return lines.order_by("-version__number").values_list("name", flat=True)[0]
