"""The selected cases, and one case: what a reviewer reads, writes and still has to do."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.models import Case
from cases.permissions import Permission, membership_allows
from cases.views.access import load_case, person
from kscmp_review.accounts.models import User
from kscmp_review.lookups import one
from themes.actions import viewing
from themes.coding.counting import in_words
from themes.models import Finding, Interview, RecordKind, Theme, TopicQuestion
from themes.progress import progress_of, progress_of_case
from themes.reading import MarkedText, by_kind, drawing, findings_of, groups_of_themes, notes_of
from themes.second_readings import reading_of, tell_apart
from themes.views.access import READ, load_desk, may_write_about
from themes.views.drafting import memos_typed


@require_safe
def cases(request: HttpRequest, review_slug: str) -> HttpResponse:
    """The selected cases by letter, with how far each has come."""
    desk = load_desk(request, review_slug)
    rows = progress_of(desk.review)
    tell_apart(rows, person(request))
    read = sum(row.findings > 0 for row in rows)
    context = {
        "rows": rows,
        "read": in_words(read, len(rows), "case"),
        "incomplete": in_words(sum(bool(row.missing) for row in rows), len(rows), "case"),
    }
    return render(request, "themes/cases/list.html", context)


@require_safe
def case(request: HttpRequest, review_slug: str, public_id: str) -> HttpResponse:
    """A selected case for who reads findings; to others who may see it, its answers and no letter."""
    found, membership = load_case(request, review_slug, public_id)
    viewing.case_viewed(case=found, by=person(request))
    lines = answers_of(found)
    present = sum(line["presence"] == "present" for line in lines)
    context: dict[str, Any] = {"case": found, "lines": lines, "present": present}
    if not (found.letter and found.withdrawn_at is None and membership_allows(membership, READ)):
        return render(request, "themes/cases/profile.html", context)
    context |= desk_context(found, may_write=may_write_about(membership, found), by=person(request))
    context["memos"] = memos_typed(request, found)
    context["may_see_liberi_id"] = membership_allows(membership, Permission.SEE_LIBERI_ID)
    return render(request, "themes/cases/case.html", context)


def answers_of(case: Case) -> list[dict[str, Any]]:
    """The current profile line by line, with the case's answer; a missing answer is not known (rule 1)."""
    given = {answer.characteristic_id: answer for answer in case.answers.all()}
    return [
        {
            "line": line,
            "answer": given.get(line.characteristic_id),
            "presence": given[line.characteristic_id].presence
            if line.characteristic_id in given
            else "not known",
        }
        for line in case.review.current_lines
    ]


def desk_context(case: Case, *, may_write: bool, by: User) -> dict[str, Any]:
    """Findings by kind of record, the interview by question, the codebook, and what is still missing.

    To whoever reads the case a second time (`second`), texts carry their own tags alone.
    """
    reading = reading_of(case)
    second = reading if reading and reading.hides_from(by) else None
    interview = one(Interview.objects.filter(case=case))
    found, written = findings_of(case), notes_of(interview)
    draw = drawing([*found, *written], second)
    findings, notes = list(map(draw, found)), list(map(draw, written))
    themes = Theme.objects.of(case.review).in_use().in_codebook_order()
    return {
        "may_write": may_write,
        "second": second,
        "compared": reading,
        "findings": by_kind(findings),
        "kinds": RecordKind.choices,
        "deleted": may_write and Finding.history.filter(case_id=case.pk, history_type="-").exists(),
        "interview": interview,
        "notes": notes,
        "unanswered": unanswered(case, notes) if interview else [],
        "codebook": groups_of_themes(themes),
        "progress": progress_of_case(case, interview, findings, notes),
    }


def unanswered(case: Case, notes: list[MarkedText]) -> list[TopicQuestion]:
    """The topic guide's questions that no note of the case answers."""
    answered = {text.source.question_id for text in notes}  # type: ignore[union-attr]  # all of them are notes
    questions = TopicQuestion.objects.filter(review=case.review, retired_at=None)
    return [question for question in questions if question.pk not in answered]
