"""A review at a glance: its stage, its districts, what is still not known, and where each thing is done."""

from typing import Any

from django.db.models import Count, F, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cases import extensions
from cases.extensions import Panel, Step
from cases.left_open import long_left_open
from cases.lifecycle import is_step_back, next_stages
from cases.models import Case, Question, Review, Stage, Tally
from cases.permissions import Permission, membership_allows
from cases.retention import goes_soon
from cases.tabs import closing_words
from cases.views.access import load_review
from cases.views.data_protection import case_data_panel
from cases.views.messages import messages_panel


@require_safe
def overview(request: HttpRequest, review_slug: str) -> HttpResponse:
    """The business team's page; anyone else is taken to the first page that is theirs."""
    review, membership = load_review(request, review_slug)
    if not membership_allows(membership, Permission.MANAGE_REVIEW):
        for tab in sorted(extensions.tabs):
            if any(membership_allows(membership, each) for each in tab.permissions):
                return redirect(tab.url_name, review.slug)
    found = long_left_open(review)
    panels = [panel for provider in extensions.panels for panel in provider(review)]
    context = {
        "goes_on": goes_soon(review),
        "left_open": found,
        "stages": stages_of(review),
        "moves": [_move(review, to) for to in next_stages(review)],
        "steps": own_steps(review) + [step for provider in extensions.steps for step in provider(review)],
        "districts": _districts(review),
        "panels": sorted(
            [*own_panels(review), messages_panel(review), case_data_panel(review, found), *panels]
        ),
        "closing": closing_words(review),
        "changes": review.stage_changes.select_related("changed_by"),
    }
    return render(request, "cases/overview.html", context)


def stages_of(review: Review) -> list[dict[str, str]]:
    now = Stage.values.index(review.stage)
    states = ["done"] * now + ["current"] + ["ahead"] * (len(Stage.values) - now - 1)
    return [{"label": label, "state": state} for label, state in zip(Stage.labels, states, strict=True)]


def own_steps(review: Review) -> list[Step]:
    if review.stage != Stage.SELECTING:
        return []
    return [Step("Decide and confirm the selection", reverse("selection", args=[review.slug]))]


def own_panels(review: Review) -> list[Panel]:
    """Submissions, answers still not known, and the selection."""
    counted = Tally.objects.of(review).aggregate(
        cases=Sum("number", default=0),
        not_known=Sum(F("number") * F("not_known_count"), default=0),
        qualifying=Sum("number", filter=Q(match_count__gte=review.minimum_matches), default=0),
    )
    asked = review.districts.count() * review.cases_per_district
    not_known, questions = (
        counted["not_known"],
        Question.objects.waiting().filter(case__review=review).count(),
    )
    return [
        Panel(
            10,
            "Cases submitted",
            f"{counted['cases']} of {asked}",
            reverse("submissions", args=[review.slug]),
            "See submissions",
        ),
        Panel(
            20,
            "Answers not known",
            f"{not_known}" + (f", {questions} asked of districts" if questions else ""),
            reverse("selection", args=[review.slug]),
            "See which of them are decisive",
        ),
        Panel(
            30,
            "Selection",
            _selection_words(review, counted["qualifying"]),
            reverse("selection", args=[review.slug]),
            "See the ranking",
        ),
    ]


def _selection_words(review: Review, qualifying: int) -> str:
    standing = review.selections.standing().first()
    if standing is not None:
        return f"Confirmed: {Case.objects.of(review).selected().count()} cases selected"
    decided = review.selections.open().aggregate(decided=Count("decisions"))["decided"]
    return f"{qualifying} qualify, {review.cases_to_select} wanted, {decided} decided"


def _move(review: Review, to: str) -> dict[str, Any]:
    back = is_step_back(review, to)
    label = f"Go back to “{Stage(to).label}”" if back else f"Move on to “{Stage(to).label}”"
    # Closing ends everything: never the button that stands out.
    return {"label": label, "quiet": back or to == Stage.CLOSED, "slug": to.replace(" ", "-")}


def _districts(review: Review) -> list[Any]:
    number = F("tallies__number")
    return list(
        review.districts.annotate(
            submitted=Sum(number, default=0),
            not_known=Sum(number * F("tallies__not_known_count"), default=0),
        )
    )
