"""Names and e-mail addresses of account holders, anywhere in the document."""

import re
from collections.abc import Iterator

from cases.models import Role
from kscmp_review.accounts.models import User
from themes.report.checks.looked_at import Looked
from themes.report.checks.problem import Check, Found

# An account may be called after its role; that word is no name.
NO_NAMES = {*(str(label).casefold() for label in Role.labels), "administrator"}


def look(looked: Looked) -> Iterator[Found]:
    small = looked.words.casefold()
    for name, email in User.objects.values_list("name", "email"):
        if email.casefold() in small:
            at = looked.place_of(email)
            yield Found(f"{at.place} holds the e-mail address of an account holder.", at, email)
        found = name_in(name, looked.words)
        if found:
            at = looked.place_of(found)
            yield Found(f"{at.place} holds “{found}”, the name of an account holder.", at, found)


def name_in(name: str, text: str) -> str:
    """The account's name as the text has it; one word counts only as it is written, a role's name never."""
    parts = name.split()
    if not parts or name.casefold() in NO_NAMES:
        return ""
    spaced = r"\s+".join(map(re.escape, parts))
    found = re.search(rf"(?<!\w){spaced}(?!\w)", text, re.IGNORECASE if len(parts) > 1 else 0)
    return found[0] if found else ""


NAMES = Check(
    slug="account-holder",
    title="Name or e-mail address of an account holder",
    why="Whoever knows where a person works, or which cases they had, is led to a family by the name.",
    remedy="Write the role instead.",
    look=look,
)
