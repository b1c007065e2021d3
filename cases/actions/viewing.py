"""Looking is an event too, where what is looked at is a case or a Liberi ID."""

from cases.actions.submissions import record_case
from cases.models import Case, Review
from kscmp_review.accounts.models import User
from kscmp_review.audit.record import record


def record_view_of_case(case: Case, by: User, *, page: str, liberi_id: bool) -> None:
    """`page` is a fixed word for the page; `liberi_id` tells whether the page shows the Liberi ID."""
    record_case("case.viewed", case, by, after={"page": page, "liberi_id": liberi_id})


def record_view_of_submissions(review: Review, by: User, *, cases: int, liberi_ids: bool) -> None:
    record(
        "submissions.viewed",
        by=by,
        review_id=review.pk,
        object_type="review",
        object_id=review.slug,
        after={"cases": cases, "liberi_ids": liberi_ids},
    )
