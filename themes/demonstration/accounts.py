"""One account a role, a lead for each district, and a second of the business team to release with."""

import hashlib
import hmac
from typing import NamedTuple

from django.conf import settings

from kscmp_review.accounts.models import User

DOMAIN = "kscmp.example"
# No vowels and no look-alikes, so that no word appears and it can be typed from a screen.
ALPHABET = "bcdfghjkmnpqrstvwxz23456789"
GROUPS, GROUP_LENGTH = 4, 4


class Account(NamedTuple):
    """`who` is the part of the address before the @."""

    who: str
    name: str
    role: str
    district: str | None = None

    @property
    def email(self) -> str:
        return f"{self.who}@{DOMAIN}"


ACCOUNTS = (
    Account("business-team", "Business team", "business-team"),
    Account("business-team-2", "Business team, second", "business-team"),
    Account("lead-north", "District lead, North", "district-lead", "North"),
    Account("lead-south", "District lead, South", "district-lead", "South"),
    Account("lead-east", "District lead, East", "district-lead", "East"),
    Account("lead-west", "District lead, West", "district-lead", "West"),
    Account("reviewer", "Reviewer", "reviewer"),
    Account("board-reader", "Board reader", "board-reader"),
    Account("administrator", "Administrator", "administrator"),
)


def password_of(account: Account) -> str:
    """The account's first password: of this installation alone, so that none is written in the program.

    HMAC-SHA-256 of the address under the signing key, as 16 letters and digits (76 bits).
    """
    drawn = hmac.new(settings.SECRET_KEY.encode(), f"demo:{account.email}".encode(), hashlib.sha256).digest()
    letters = [ALPHABET[byte % len(ALPHABET)] for byte in drawn[: GROUPS * GROUP_LENGTH]]
    return "-".join(
        "".join(letters[start : start + GROUP_LENGTH]) for start in range(0, len(letters), GROUP_LENGTH)
    )


def make(account: Account) -> User:
    """The account, made with its first password where it is not there yet."""
    found = User.objects.with_email(account.email).first()
    if found is not None:
        return found
    return User.objects.create_user(
        account.email,
        password_of(account),
        name=account.name,
        is_administrator=account.role == "administrator",
        opens_reviews=account.role == "business-team",
    )
