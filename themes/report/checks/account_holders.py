"""Names and e-mail addresses of account holders, anywhere in the document."""

import re
import unicodedata
from collections.abc import Iterator

from cases.models import Role
from kscmp_review.accounts.models import User
from themes.report.checks.looked_at import Looked
from themes.report.checks.problem import Check, Found

# An account may be called after its role; that word is no name.
NO_NAMES = {*(str(label).casefold() for label in Role.labels), "administrator"}

APOSTROPHES = "'‘’ʼ`´"
# A name of two words may be written with a dash.
BETWEEN = r"[\s\-‐-―−]+"
TITLE = r"(?:Mrs|Mr|Ms|Miss|Mx|Dr|Prof)\b\.?"


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
    """The account's name as the text has it; one word counts only as it is written, a role's name never.

    Also with the surname first, and the surname behind a title or an initial with its stop.
    """
    parts = name.split()
    if not parts or name.casefold() in NO_NAMES:
        return ""
    words = [_however_written(part) for part in parts]
    ways = [BETWEEN.join(words)]
    if len(words) > 1:
        first, last = words[0], words[-1]
        ways += [
            rf"{last},\s*{first}",
            rf"{TITLE}\s+(?:\w+\.?\s+)?{last}",
            rf"{re.escape(parts[0][0])}\.\s?{last}",
        ]
    found = re.search(rf"(?<!\w)(?:{'|'.join(ways)})(?!\w)", text, re.IGNORECASE if len(parts) > 1 else 0)
    return found[0] if found else ""


def _however_written(part: str) -> str:
    """With any apostrophe or dash, and with or without its accents."""
    composed = unicodedata.normalize("NFC", part)
    return "".join(_sign(sign) for sign in composed)


def _sign(sign: str) -> str:
    if sign in APOSTROPHES:
        return f"[{APOSTROPHES}]?"
    if unicodedata.category(sign) == "Pd":
        return BETWEEN
    plain = unicodedata.normalize("NFKD", sign)[0]
    return re.escape(sign) if plain == sign else f"[{re.escape(sign)}{re.escape(plain)}]"


NAMES = Check(
    slug="account-holder",
    title="Name or e-mail address of an account holder",
    why="Whoever knows where a person works, or which cases they had, is led to a family by the name.",
    remedy="Write the role instead.",
    look=look,
)
