"""Looking is an event too, where what is looked at is a case or a Liberi ID."""

from cases.actions.about_reviews import record_about_review
from cases.actions.submissions import record_case
from cases.models import Case, Review
from kscmp_review.accounts.models import User


def record_view_of_case(case: Case, by: User, *, page: str, liberi_id: bool) -> None:
    """`page` is a fixed word for the page; `liberi_id` tells whether the page shows the Liberi ID."""
    record_case("case.viewed", case, by, after={"page": page, "liberi_id": liberi_id})


def record_view_of_submissions(review: Review, by: User, *, cases: int, liberi_ids: bool) -> None:
    record_about_review(
        "submissions.viewed",
        review,
        by,
        after={"cases": cases, "liberi_ids": liberi_ids},
    )
