"""What commands name: a review by its slug, an account by its e-mail address."""

from django.core.management.base import CommandError

from cases.models import Review
from kscmp_review.accounts.models import User


def review_named(slug: str) -> Review:
    """The review; raises CommandError where there is none."""
    review = Review.objects.select_related("created_by").filter(slug=slug).first()
    if review is None:
        raise CommandError(f"there is no review {slug!r}")
    return review


def account_named(email: str) -> User:
    """The active account; raises CommandError where there is none."""
    account = User.objects.with_email(email).active().first()
    if account is None:
        raise CommandError(f"there is no active account {email!r}")
    return account
