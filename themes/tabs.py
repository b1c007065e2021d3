"""What this floor hangs in the frame of a review: tabs, coverage, and what waits for a reviewer."""

from collections.abc import Sequence

from django.urls import reverse

from cases import extensions
from cases.extensions import Panel, Tab, Waiting
from cases.models import Membership, Review, Role
from cases.permissions import Permission
from themes.coding.counting import in_words, sentence_start
from themes.progress import Coverage, coverage_of

READERS = (Permission.SEE_SELECTED_CASES,)


def register() -> None:
    extensions.tabs += [
        Tab(40, "Cases", "cases", READERS),
        Tab(50, "Codebook", "codebook", READERS),
        Tab(60, "Matrix", "matrix", READERS),
        Tab(65, "Interviews", "interviews", READERS),
    ]
    extensions.panels.append(coverage_panels)
    extensions.waiting.append(waiting_for_reviewers)


def coverage_panels(review: Review) -> list[Panel]:
    """Desk-top review and interviews, in words."""
    coverage = coverage_of([review.pk]).get(review.pk, Coverage())
    read = "No case is selected yet"
    heard = read
    if coverage.selected:
        read = f"Findings for {in_words(coverage.with_findings, coverage.selected, 'case')}"
        heard = sentence_start(f"{in_words(coverage.interviewed, coverage.selected, 'interview')} done")
    return [
        Panel(40, "Desk-top review", read, reverse("cases", args=[review.slug]), "See the cases"),
        Panel(50, "Interviews", heard, reverse("interviews", args=[review.slug]), "See the interviews"),
    ]


def waiting_for_reviewers(memberships: Sequence[Membership]) -> dict[int, Waiting]:
    """ "4 of the 6 cases have findings", or the codebook to prepare until cases are selected."""
    reviewers = [membership for membership in memberships if membership.role == Role.REVIEWER]
    coverage = coverage_of([membership.review_id for membership in reviewers])
    return {
        membership.pk: _waiting(membership.review, coverage.get(membership.review_id, Coverage()))
        for membership in reviewers
    }


def _waiting(review: Review, coverage: Coverage) -> Waiting:
    if not coverage.selected:
        address = reverse("codebook", args=[review.slug])
        return Waiting("No case is selected yet. You can prepare the codebook", address, "Open the codebook")
    read = sentence_start(in_words(coverage.with_findings, coverage.selected, "case"))
    heard = in_words(coverage.interviewed, coverage.selected, "interview")
    verb = "has" if coverage.selected == 1 else "have"
    state = f"{read} {verb} findings; {heard} done"
    return Waiting(state, reverse("cases", args=[review.slug]), "Go to the cases")
