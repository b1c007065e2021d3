"""What the text of one cell of a case sheet means, and what is wrong with it in a sentence."""

import re
from datetime import date, datetime

from django.utils import timezone

from cases import liberi
from cases.models import Presence

WORDS: dict[str, str] = {
    **dict.fromkeys(("present", "yes", "y", "true", "1"), Presence.PRESENT.value),
    **dict.fromkeys(("absent", "no", "n", "false", "0"), Presence.ABSENT.value),
    **dict.fromkeys(("not known", "unknown", "n/k", "nk", "?", ""), Presence.NOT_KNOWN.value),
}
DATE_FORMATS = {
    re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"): "%Y-%m-%d",
    re.compile(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}"): "%d/%m/%Y",
}
EARLIEST = date(1990, 1, 1)  # before it a year has been mistyped
ROUNDED_NUMBER = re.compile(r"[0-9](\.[0-9]+)?E\+?[0-9]+", re.IGNORECASE)


def why_wrong_id(text: str) -> str:
    if liberi.is_liberi_id(text):
        return ""
    if not text:
        return "the Liberi ID is missing"
    if ROUNDED_NUMBER.fullmatch(text):
        return "the spreadsheet has rounded this number: format the column as text and type the ID again"
    return f"a Liberi ID is digits only, at most {liberi.LONGEST} of them"


def why_wrong_date(text: str) -> str:
    if not text:
        return "the assessment date is missing"
    read = read_date(text)
    if read is not None and read < EARLIEST:
        return f"the assessment date is before {EARLIEST.year}: check the year"
    if read is None:
        return "this is no date: write it as 2021-03-05 or 05/03/2021"
    return "the assessment date is in the future" if read > timezone.localdate() else ""


def why_wrong_answer(text: str) -> str:
    return "" if plain_text(text) in WORDS else "an answer is present, absent or not known"


def answer_in(text: str) -> str:
    """ "Yes" → "present"; raises KeyError for a text that `why_wrong_answer` refuses."""
    return WORDS[plain_text(text)]


def read_date(text: str) -> date | None:
    """An ISO date or DD/MM/YYYY; None for anything else."""
    for pattern, written_as in DATE_FORMATS.items():
        if pattern.fullmatch(text):
            try:
                return datetime.strptime(text, written_as).date()
            except ValueError:
                return None
    return None


def plain_heading(heading: str) -> str:
    """A heading without case, spaces, hyphens and underscores."""
    return re.sub(r"[\s_-]", "", heading).casefold()


def plain_text(text: str) -> str:
    """A text without case and doubled spaces."""
    return " ".join(text.split()).casefold()


def column_letter(place: int) -> str:
    """0 → A, 26 → AA: how a spreadsheet names the column."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
