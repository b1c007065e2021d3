"""Making accounts, and what an account may do outside any one review."""

from django.core.exceptions import ValidationError
from django.db import transaction

from kscmp_review.accounts.models import User
from kscmp_review.audit.record import record


class AccountRefused(ValueError):
    """The account cannot be made so; the message is a sentence."""


@transaction.atomic
def create(
    *,
    email: str,
    password: str | None,
    name: str = "",
    is_administrator: bool = False,
    opens_reviews: bool = False,
    by: User | None,
) -> User:
    """Make an account; `by` is None when a command on the server makes it. Raises AccountRefused."""
    try:
        account = User.objects.create_user(
            email=email,
            password=password,
            name=name,
            is_administrator=is_administrator,
            opens_reviews=opens_reviews,
        )
    except ValidationError as error:
        raise AccountRefused(" ".join(error.messages)) from error
    _record("account.created", account, by)
    return account


@transaction.atomic
def let_open_reviews(*, account: User, by: User | None) -> User:
    """Make an account one of the business team's office. Raises AccountRefused for an administrator."""
    if account.is_administrator:
        raise AccountRefused("An administrator takes part in no review.")
    account.opens_reviews = True
    account.save(update_fields=["opens_reviews"])
    _record("account.changed", account, by)
    return account


def _record(action: str, account: User, by: User | None) -> None:
    record(
        action,
        by=by,
        object_type="account",
        object_id=str(account.pk),
        after={"is_administrator": account.is_administrator, "opens_reviews": account.opens_reviews},
    )
