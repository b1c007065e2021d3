"""Patterns of personal data in free text: pure functions that find, and say what they found.

They see what has a form: numbers, postcodes, dates. A name without a title in front has none; a reader has to
see that.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    "oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
DAY = r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"
YEAR = r"(?:19|20)\d\d"
EXACT_DATE = re.compile(
    rf"\b{DAY}\s+(?:of\s+)?(?:{MONTHS})\.?,?\s+{YEAR}\b"
    rf"|\b(?:{MONTHS})\.?\s+{DAY},?\s+{YEAR}\b"
    rf"|(?<![\d/.-]){DAY}\s?[/.-]\s?(?:0?[1-9]|1[0-2])\s?[/.-]\s?(?:{YEAR}|\d\d)(?![\d/.-]\d)"
    rf"|\b{YEAR}\s?[/.-]\s?(?:0?[1-9]|1[0-2])\s?[/.-]\s?(?:[12]\d|3[01]|0?[1-9])\b",
    re.IGNORECASE,
)
TEN_DIGITS = re.compile(r"(?<!\d)(\d{3})[ \u00a0-]?(\d{3})[ \u00a0-]?(\d{4})(?!\d)")
POSTCODE = re.compile(
    r"\b(?:GIR\s?0AA|[A-PR-UWYZ](?:\d[A-Z\d]?|[A-HK-Y]\d[A-Z\d]?)\s?\d[ABD-HJLNP-UW-Z]{2})\b", re.IGNORECASE
)
PHONE = re.compile(r"(?<![\d.])(?:(?:\+|00)44\s?(?:\(0\))?|\(?0)[\s-]?[1-9](?:[\s()-]{0,2}\d){8,9}(?!\d)")
EMAIL = re.compile(r"[\w.+'-]+\s?@\s?[\w-]+(?:\.[\w-]+)+")
NATIONAL_INSURANCE = re.compile(
    r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]\b", re.IGNORECASE
)
TITLED_NAME = re.compile(r"\b(?:Mrs|Mr|Ms|Miss|Mx|Dr|Prof)\.?\s+(?:[A-Z]\.?\s+)?[A-Z][\w'’-]+")
# "In this case I …" is no letter.
CASE_LETTER = re.compile(r"\b(?:Case\s+I|[Cc]ase\s+(?:[A-HJ-Z]|A[A-Z]))\b")


class Pattern(NamedTuple):
    """What it is called in a sentence, what to do about it, and how to find it."""

    what: str
    instead: str
    find: Callable[[str], Iterator[str]]


def nhs_numbers(text: str) -> Iterator[str]:
    """Ten digits, however spaced, whose last is the check digit (NHS Data Dictionary, modulus 11)."""
    for found in TEN_DIGITS.finditer(text):
        digits = [int(digit) for group in found.groups() for digit in group]
        total = sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
        if (11 - total % 11) % 11 == digits[9]:
            yield found[0]


def _matches(expression: re.Pattern[str]) -> Callable[[str], Iterator[str]]:
    return lambda text: (found[0] for found in expression.finditer(text))


PATTERNS = (
    Pattern("an NHS number", "Take it out.", nhs_numbers),
    Pattern("a postcode", "Take it out.", _matches(POSTCODE)),
    Pattern("a telephone number", "Take it out.", _matches(PHONE)),
    Pattern("an e-mail address", "Take it out.", _matches(EMAIL)),
    Pattern("a National Insurance number", "Take it out.", _matches(NATIONAL_INSURANCE)),
    Pattern("an exact date", "Write the month and the year instead.", _matches(EXACT_DATE)),
    Pattern("a person's name", "Write the role instead.", _matches(TITLED_NAME)),
    Pattern("a case letter", "Write “one case”.", _matches(CASE_LETTER)),
)

NUMBER = (
    r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    r"seventeen|eighteen|nineteen|twenty)"
)
COUNTED = (
    r"(?:case|famil(?:y|ie)|bab(?:y|ie)|child|children|social worker|worker|professional|interview|parent)s?"
)
TYPED_COUNTS = re.compile(
    rf"\b(?:all|most|several|both|only|just|none)(?:\s+of)?(?:\s+(?:the|these|those|our))?\s+{NUMBER}"
    rf"(?:\s+\w+)?\s+{COUNTED}\b"
    rf"|\b{NUMBER}\s+(?:out\s+)?of\s+(?:(?:the|these|those|our)\s+)?{NUMBER}(?:\s+\w+)?\s+{COUNTED}\b"
    rf"|\b\d+\s+of\s+(?:the\s+)?\d+\b",
    re.IGNORECASE,
)


def typed_counts(text: str) -> Iterator[str]:
    """Figures a person typed where a live count belongs, such as "in all 6 cases" (rule 8)."""
    return (found[0] for found in TYPED_COUNTS.finditer(text))
