"""The review pages of this floor, and what waits there for district leads and the business team."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils import timezone

from cases import extensions
from cases.dates import day
from cases.extensions import Tab, Waiting
from cases.lifecycle import Activity, stage_allows
from cases.models import Case, Membership, Question, Review, Role, Stage
from cases.permissions import Permission
from cases.retention import terms_of


def register() -> None:
    extensions.tabs += [
        Tab(10, "Overview", "review", (Permission.MANAGE_REVIEW,)),
        Tab(20, "Risk profile", "profile", (Permission.MANAGE_REVIEW,)),
        Tab(
            30, "Submissions", "submissions", (Permission.SUBMIT_ANY_DISTRICT, Permission.SUBMIT_OWN_DISTRICT)
        ),
        Tab(40, "Selection", "selection", (Permission.SELECT,)),
        Tab(80, "Members", "members", (Permission.MANAGE_REVIEW,)),
        Tab(90, "Audit", "audit", (Permission.READ_AUDIT,)),
    ]
    extensions.waiting += [waiting_for_district_leads, waiting_before_erasure, waiting_for_business_team]


def closing_words(review: Review) -> str:
    """ "closes in 6 days", "closes today", "closed on 4 March 2022", or nothing where no day is set."""
    closes = review.submissions_close_on
    if closes is None:
        return ""
    days = (closes - timezone.localdate()).days
    if days < 0:
        return f"closed on {day(closes)}"
    return {0: "closes today", 1: "closes tomorrow"}.get(days, f"closes in {days} days")


def waiting_for_district_leads(memberships: Sequence[Membership]) -> dict[int, Waiting]:
    """ "South: 1 of 3 cases submitted, closes in 6 days", and questions still to be answered."""
    leads = {
        membership.district_id: membership
        for membership in memberships
        if membership.role == Role.DISTRICT_LEAD and membership.district_id is not None
    }
    submitted = _numbers(Case.objects.live().filter(district__in=leads), "district")
    asked = _numbers(Question.objects.waiting().filter(case__district__in=leads), "case__district")
    return {
        membership.pk: _for_lead(membership, submitted.get(district, 0), asked.get(district, 0))
        for district, membership in leads.items()
    }


def waiting_before_erasure(memberships: Sequence[Membership]) -> dict[int, Waiting]:
    """Where case data goes within thirty days: when, for the business team."""
    today = timezone.localdate()
    team = [each for each in memberships if each.role == Role.BUSINESS_TEAM]
    terms = terms_of([each.review for each in team if each.review.stage == Stage.CLOSED])
    found = {}
    for each in team:
        term = terms.get(each.review_id)
        goes_on = term.goes_on(today) if term and term.is_to_be_warned_of(today) else None
        if goes_on is not None:
            found[each.pk] = Waiting(
                f"The case data is erased on {day(goes_on)}",
                reverse("data_protection", args=[each.review.slug]),
                "See what is held",
            )
    return found


def waiting_for_business_team(memberships: Sequence[Membership]) -> dict[int, Waiting]:
    """The stage and how many of the cases asked for are in."""
    team = [membership for membership in memberships if membership.role == Role.BUSINESS_TEAM]
    reviews = [membership.review_id for membership in team]
    submitted = _numbers(Case.objects.live().filter(review__in=reviews), "review")
    districts = dict(
        Review.objects.filter(pk__in=reviews).annotate(n=Count("districts")).values_list("pk", "n")
    )
    return {
        membership.pk: Waiting(
            f"{membership.review.get_stage_display()}: {submitted.get(membership.review_id, 0)} of "
            f"{districts[membership.review_id] * membership.review.cases_per_district} cases submitted",
            reverse("review", args=[membership.review.slug]),
            "Open the review",
        )
        for membership in team
    }


def _for_lead(membership: Membership, submitted: int, asked: int) -> Waiting:
    review = membership.review
    url = reverse("submissions", args=[review.slug])
    state = f"{membership.district}: {submitted} of {review.cases_per_district} cases submitted"
    if asked:
        questions = "1 question" if asked == 1 else f"{asked} questions"
        return Waiting(f"{state}. The business team has {questions} for you", url, "Answer")
    if not stage_allows(review, Activity.SUBMIT):
        return Waiting(f"{state}. Stage: {review.get_stage_display().lower()}", url, "See what you submitted")
    closing = closing_words(review)
    words = f"{state}, {closing}" if closing else state
    done = submitted >= review.cases_per_district or review.deadline_passed
    return Waiting(words, url, "See or change your cases" if done else "Submit a case")


def _numbers(rows: QuerySet[Any], group: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(group).annotate(number=Count("pk")))
