"""The submissions desk: what a district has put forward, and what all of them have."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from cases.actions import submissions as actions
from cases.actions.submissions import submissions_are_open_to
from cases.actions.viewing import record_view_of_submissions
from cases.dates import day
from cases.drafts import typed_of
from cases.forms.submissions import ReplyForm, SubmissionForm, lines_of
from cases.lifecycle import Activity, stage_allows
from cases.models import (
    Answer,
    Case,
    District,
    Draft,
    Membership,
    Presence,
    ProfileLine,
    Question,
    Review,
    Stage,
)
from cases.permissions import NotFound, Permission, membership_allows
from cases.tabs import closing_words
from cases.views.access import load_case, load_review, person
from cases.views.acting import moved

ON_A_PAGE = 50
# Empty places are drawn one by one only while they fit a screen.
MOST_EMPTY_PLACES = 12
SUBMITTERS = (Permission.SUBMIT_ANY_DISTRICT, Permission.SUBMIT_OWN_DISTRICT)


class ReportedLine(NamedTuple):
    """One characteristic of a case as its district reported it."""

    name: str
    presence: str
    evidence: str


def submits_for_all(membership: Membership) -> bool:
    return membership_allows(membership, Permission.SUBMIT_ANY_DISTRICT)


def load_desk(request: HttpRequest, review_slug: str) -> tuple[Review, Membership]:
    """The review, for whoever submits cases in it."""
    return load_review(request, review_slug, *SUBMITTERS)


def load_own_case(request: HttpRequest, review_slug: str, public_id: str) -> tuple[Case, Membership]:
    """A case this person submits for, not withdrawn."""
    case, membership = load_case(request, review_slug, public_id, *SUBMITTERS)
    if case.withdrawn_at is not None:
        raise NotFound("no such case")
    return case, membership


@require_safe
def submissions(request: HttpRequest, review_slug: str) -> HttpResponse:
    review, membership = load_desk(request, review_slug)
    return desk_page(request, review, membership)


def desk_page(
    request: HttpRequest, review: Review, membership: Membership, reply: ReplyForm | None = None
) -> HttpResponse:
    """The desk of this role; `reply` is an answer that was refused, with what was typed."""
    context = {
        "is_open": submissions_are_open_to(membership, review),
        "deadline": deadline_words(review, membership),
        "reply_form": reply,
        "form": reply,
        **_drafts(request, review),
    }
    if submits_for_all(membership):
        return render(
            request, "cases/submissions/districts.html", context | _all_districts(request, review, reply)
        )
    return render(
        request, "cases/submissions/desk.html", context | _own_district(request, review, membership, reply)
    )


def _drafts(request: HttpRequest, review: Review) -> dict[str, Any]:
    """This person's unfinished drafts: of a new case, and by the case they change."""
    unfinished = Draft.objects.unfinished().filter(user=person(request), review=review)
    drafts = list(unfinished.select_related("case"))
    new = next((draft for draft in drafts if draft.case is None), None)
    lines = lines_of(review) if new else []
    # Words that can no longer be sent are shown where they are: there is no form to open any more.
    typed = typed_of(new).fields if new else None
    held = SubmissionForm(typed, lines=lines).held() if typed is not None else []
    return {"draft": new, "held": held, "drafts_of_changes": [draft for draft in drafts if draft.case]}


def deadline_words(review: Review, membership: Membership) -> str:
    """When and whether cases may be submitted, in a sentence or two."""
    closes = review.submissions_close_on
    if review.stage == Stage.SETTING_UP:
        return "Submissions have not opened yet."
    if not stage_allows(review, Activity.CORRECT):
        return "Submissions have closed."
    if not submissions_are_open_to(membership, review):
        return "Submissions have closed. If something is wrong, contact the business team."
    if review.stage != Stage.OPEN or review.deadline_passed:
        return (
            "Submissions have closed for the districts. You can still submit, change and withdraw for them."
        )
    if closes is None:
        return "No closing day has been set yet."
    closing = closing_words(review).replace("closes", "close")
    return f"Submissions {closing}, at the end of {day(closes)}."


def _own_district(
    request: HttpRequest, review: Review, membership: Membership, reply: ReplyForm | None
) -> dict[str, Any]:
    district = membership.district
    assert district is not None, "a district lead has a district"  # nosec B101
    live = Case.objects.of(review).live().from_district(district)
    page = _page(request, live.in_order_of_submission().select_related("submitted_by", "district"))
    lines = lines_of(review)
    if page.object_list:
        record_view_of_submissions(review, person(request), cases=len(page.object_list), liberi_ids=True)
    submitted = page.paginator.count
    left = review.cases_per_district - submitted
    return {
        "district": district,
        "page": page,
        "cases": _with_answers(list(page.object_list), lines),
        "submitted": submitted,
        "left": left,
        "empty_places": range(submitted + 1, review.cases_per_district + 1)
        if left <= MOST_EMPTY_PLACES
        else (),
        "replies": _replies(review, lines, reply, district),
        "withdrawn": Case.objects.of(review).withdrawn().from_district(district)[:ON_A_PAGE],
    }


def _all_districts(request: HttpRequest, review: Review, reply: ReplyForm | None) -> dict[str, Any]:
    districts = list(
        review.districts.annotate(submitted=Count("cases", filter=Q(cases__withdrawn_at=None))).order_by(
            "order"
        )
    )
    asked = dict(
        Question.objects.waiting()
        .filter(case__review=review)
        .order_by()
        .values_list("case__district")
        .annotate(number=Count("pk"))
    )
    chosen = next((each for each in districts if each.name == request.GET.get("district")), None)
    live = Case.objects.of(review).live()
    if chosen:
        live = live.from_district(chosen)
    page = _page(
        request, live.order_by("district__order", "sequence").select_related("submitted_by", "district")
    )
    return {
        "districts": [(district, asked.get(district.pk, 0)) for district in districts],
        "chosen": chosen,
        "page": page,
        "submitted": sum(district.submitted for district in districts),
        "total": review.cases_per_district * len(districts),
        "replies": _replies(review, lines_of(review), reply, chosen) if chosen or reply else [],
        "withdrawn": Case.objects.of(review).withdrawn().select_related("district")[:ON_A_PAGE],
    }


def _page(request: HttpRequest, cases: Any) -> "Page[Case]":
    return Paginator(cases, ON_A_PAGE).get_page(request.GET.get("page"))


def _with_answers(cases: Sequence[Case], lines: Sequence[ProfileLine]) -> list[dict[str, Any]]:
    """Each case with what its district reported, in the order of the profile. One query for any number."""
    found = Answer.objects.filter(
        case__in=cases, characteristic__in=[line.characteristic_id for line in lines]
    )
    given = {(answer.case_id, answer.characteristic_id): answer for answer in found}
    drawn = []
    for case in cases:
        reported = []
        for line in lines:
            answer = given.get((case.pk, line.characteristic_id))
            reported.append(
                ReportedLine(
                    line.name,
                    answer.reported if answer else Presence.NOT_KNOWN.value,
                    answer.evidence if answer else "",
                )
            )
        unknown = sum(line.presence == Presence.NOT_KNOWN for line in reported)
        drawn.append({"case": case, "reported": reported, "unknown": unknown})
    return drawn


def _replies(
    review: Review, lines: Sequence[ProfileLine], refused: ReplyForm | None, district: District | None
) -> list[ReplyForm]:
    """A form for each question that waits for the district's answer."""
    names = {line.characteristic_id: line.name for line in lines}
    questions = Question.objects.waiting().filter(case__review=review)
    if district:
        questions = questions.for_district(district)
    elif refused:
        questions = questions.filter(pk=refused.question.pk)
    return [
        refused
        if refused and refused.question.pk == question.pk
        else ReplyForm(question=question, name=names[question.characteristic_id])
        for question in questions.select_related("case", "characteristic").order_by("pk")[:ON_A_PAGE]
    ]


@require_http_methods(["GET", "POST"])
def submission_withdraw(request: HttpRequest, review_slug: str, public_id: str) -> HttpResponse:
    """Ask, then take a case back."""
    case, membership = load_own_case(request, review_slug, public_id)
    if request.method == "POST":
        return moved(
            request,
            lambda: actions.withdraw(case=case, by=person(request)),
            done=f"Case {case.reference} has been withdrawn.",
            back=("submissions", review_slug),
        )
    context = {"case": case, "is_open": submissions_are_open_to(membership, case.review)}
    return render(request, "cases/submissions/withdraw.html", context)
