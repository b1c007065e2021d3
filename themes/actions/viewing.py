"""What was looked at, and by whom: every view of a case and every export leaves an event."""

from cases.actions.about_reviews import record_about_review
from cases.models import Case, Review
from kscmp_review.accounts.models import User
from kscmp_review.audit.record import record
from themes.models import Theme, TopicQuestion


def case_viewed(*, case: Case, by: User) -> None:
    record("case.viewed", by=by, review_id=case.review.pk, object_type="case", object_id=case.public_id)


def theme_viewed(*, theme: Theme, by: User) -> None:
    """Its passages across cases were shown."""
    record("theme.viewed", by=by, review_id=theme.review.pk, object_type="theme", object_id=str(theme.pk))


def question_viewed(*, question: TopicQuestion, by: User) -> None:
    """The notes that answer it, across cases, were shown."""
    object_id = str(question.pk)
    record(
        "question.viewed",
        by=by,
        review_id=question.review.pk,
        object_type="topic question",
        object_id=object_id,
    )


def matrix_viewed(*, review: Review, by: User) -> None:
    record("matrix.viewed", by=by, review_id=review.pk, object_type="matrix", object_id=review.slug)


def material_exported(*, review: Review, by: User, file_format: str) -> None:
    """The codebook, or every tagged passage, left in a file."""
    record_about_review(
        "material.exported",
        review,
        by,
        after={"format": file_format},
    )


def coverage_viewed(*, review: Review, by: User) -> None:
    record_about_review("coverage.viewed", review, by)


def evidence_viewed(*, review: Review, section: str, by: User) -> None:
    """Passages of the selected cases were shown beside a section of the report."""
    record("evidence.viewed", by=by, review_id=review.pk, object_type="report section", object_id=section)


def searched(*, review: Review, found: int, by: User) -> None:
    """What was searched for is not kept: words of a case may be in it."""
    record_about_review(
        "texts.searched",
        review,
        by,
        after={"found": found},
    )


def matrix_exported(*, review: Review, by: User, strand: str, file_format: str) -> None:
    record(
        "matrix.exported",
        by=by,
        review_id=review.pk,
        object_type="matrix",
        object_id=review.slug,
        after={"strand": strand or "both", "format": file_format},
    )
