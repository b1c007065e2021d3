"""What a cell may hold when a sheet leaves for a spreadsheet program: never a live formula."""

import unicodedata
from typing import TypeVar

Value = TypeVar("Value")

# A cell that begins with one of these is run as a formula, or handed to another program, by some spreadsheet.
LIVE = frozenset("=+-@|%\N{MINUS SIGN}")


def guarded(value: Value) -> Value | str:
    """The value; a text that a spreadsheet could run as a formula, after an apostrophe.

    White space and invisible characters before the sign do not help it, nor do the full-width and small forms
    of the signs: programs strip or fold them. A text that begins with a tab or a line end is guarded whatever
    follows. Figures, dates and None come back as they are.
    """
    if not isinstance(value, str) or value[:1].isalnum():
        return value
    seen = next((sign for sign in value if _is_visible(sign)), "")
    if unicodedata.normalize("NFKC", seen) in LIVE or value[:1] in {"\t", "\r", "\n"}:
        return f"'{value}"
    return value


def _is_visible(sign: str) -> bool:
    return not sign.isspace() and not unicodedata.category(sign).startswith("C")
