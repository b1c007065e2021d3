"""An export is an event: which ranking left, in which file_format, and how many cases it held."""

from cases.ranking import Ranking
from kscmp_review.accounts.models import User
from kscmp_review.audit.record import record


def record_ranking_export(ranking: Ranking, *, file_format: str, cases: int, by: User | None) -> None:
    """`by` is None where a command on the server exports."""
    record(
        "ranking.exported",
        by=by,
        review_id=ranking.review.pk,
        object_type="review",
        object_id=ranking.review.slug,
        after={"profile": ranking.profile.number, "format": file_format, "cases": cases, "liberi_ids": True},
    )
