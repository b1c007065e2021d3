"""What the report hangs in the frame of a review: its tab, its line of the overview, and what waits."""

from collections.abc import Sequence

from django.urls import reverse

from cases import extensions
from cases.extensions import Panel, Step, Tab, Waiting
from cases.models import Membership, Review, Role, Stage
from cases.permissions import Permission
from themes.coding.counting import counted
from themes.models import ReportSection, ReportVersion


def register() -> None:
    """The tab is every member's: what stands behind it depends on the role."""
    extensions.tabs.append(
        Tab(70, "Report", "report", (Permission.WRITE_REPORT, Permission.READ_RELEASED_REPORT))
    )
    extensions.panels.append(report_panel)
    extensions.steps.append(report_steps)
    extensions.waiting.append(waiting_for_board_readers)
    # Before what else waits for the business team: the first answer is shown.
    extensions.waiting.insert(0, waiting_for_approvers)


def report_panel(review: Review) -> list[Panel]:
    return [Panel(60, "Report", state_of(review), reverse("report", args=[review.slug]), "See the report")]


def report_steps(review: Review) -> list[Step]:
    if review.stage != Stage.REPORTING:
        return []
    return [Step("Write and release the report", reverse("report", args=[review.slug]))]


def state_of(review: Review) -> str:
    """The report's state in a few words, the newest version before the sections."""
    version = ReportVersion.objects.filter(review=review, overtaken_at=None).newest_first().first()
    if version is not None:
        state = "released" if version.released_at else "put forward"
        return f"Version {version.number} {state}"
    sections = list(ReportSection.objects.filter(review=review).values_list("body", flat=True))
    if not sections:
        return "Not started"
    return f"{sum(bool(body.strip()) for body in sections)} of {counted(len(sections), 'section')} written"


def waiting_for_board_readers(memberships: Sequence[Membership]) -> dict[int, Waiting]:
    """The newest released version, or that there is none yet."""
    readers = [membership for membership in memberships if membership.role == Role.BOARD_READER]
    reviews = [membership.review_id for membership in readers]
    released = ReportVersion.objects.released().filter(review__in=reviews).order_by("number")
    newest = dict(released.values_list("review_id", "number"))
    return {
        membership.pk: _for_reader(membership, newest.get(membership.review_id)) for membership in readers
    }


def waiting_for_approvers(memberships: Sequence[Membership]) -> dict[int, Waiting]:
    """A version put forward that this person has not approved and did not write alone."""
    team = [
        membership
        for membership in memberships
        if membership.role == Role.BUSINESS_TEAM and membership.review.stage == Stage.REPORTING
    ]
    proposed = {
        version.review_id: version
        for version in ReportVersion.objects.proposed()
        .filter(review__in=[membership.review_id for membership in team])
        .prefetch_related("approvals", "authors")
    }
    return {
        membership.pk: Waiting(
            f"Version {version.number} of the report waits for your approval",
            reverse("report_version", args=[membership.review.slug, version.number]),
            "Read and approve it",
        )
        for membership in team
        if (version := proposed.get(membership.review_id)) and _awaits(version, membership.user_id)
    }


def _for_reader(membership: Membership, number: int | None) -> Waiting:
    slug = membership.review.slug
    if number is None:
        return Waiting("No report has been released yet", reverse("report", args=[slug]), "Open the review")
    address = reverse("report_version", args=[slug, number])
    return Waiting(f"Version {number} of the report has been released", address, "Read the report")


def _awaits(version: ReportVersion, user_id: int) -> bool:
    approved = {approval.approved_by_id for approval in version.approvals.all()}
    authors = {author.pk for author in version.authors.all()}
    return user_id not in approved and authors != {user_id}
