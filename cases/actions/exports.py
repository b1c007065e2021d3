"""An export is an event: which ranking left, in which file_format, and how many cases it held."""

from cases.actions.about_reviews import record_about_review
from cases.models import Review
from cases.ranking import Ranking
from kscmp_review.accounts.models import User


def record_ranking_export(ranking: Ranking, *, file_format: str, cases: int, by: User | None) -> None:
    """`by` is None where a command on the server exports."""
    record_about_review(
        "ranking.exported",
        ranking.review,
        by,
        after={"profile": ranking.profile.number, "format": file_format, "cases": cases, "liberi_ids": True},
    )


def record_data_protection_export(review: Review, *, file_format: str, by: User) -> None:
    """What is held, in numbers, left in a file; nothing of any case."""
    record_about_review(
        "data protection.exported",
        review,
        by,
        after={"format": file_format},
    )
