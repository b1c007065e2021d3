"""How an event about an account is recorded."""

from collections.abc import Mapping

from kscmp_review.accounts.models import User
from kscmp_review.audit.record import record


def record_about_account(
    action: str,
    account: User | None,
    *,
    by: User | None,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """One event about the account, by its number; "unknown" where nobody has the account that was tried."""
    record(
        action,
        by=by,
        object_type="account",
        object_id=str(account.pk) if account else "unknown",
        before=before,
        after=after,
    )
