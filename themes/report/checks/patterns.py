"""What has a form: numbers, postcodes, dates, case letters, in any text that people wrote."""

import re
from collections.abc import Callable, Iterator

from stdnum.gb import nhs, upn

from themes.report.checks.looked_at import Looked
from themes.report.checks.problem import Check, Found
from themes.report.checks.texts import sentence_with

Find = Callable[[str], Iterator[str]]

# What people put between the groups of a number: spaces, any dash, a stop, a stroke, a bracket.
DASH = r"\-‐-―−"
GAP = rf"[\s./()_{DASH}]{{0,3}}"

MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    "oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
SHORT_MONTHS = "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
# In small letters "may" and "march" are words.
NO_WORDS = "january|february|april|june|july|august|september|october|november|december"
NUMBER_OF_DAY = r"(?:[12]\d|3[01]|0?[1-9])"
DAY = rf"{NUMBER_OF_DAY}(?:st|nd|rd|th)?"
ORDINAL_DAY = rf"{NUMBER_OF_DAY}(?:st|nd|rd|th)"
TWO_DIGITS = r"(?:0[1-9]|[12]\d|3[01])"
NUMBER_OF_MONTH = r"(?:0[1-9]|1[0-2])"
IN_WORDS = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|"
    "fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|twenty-\\w+|thirtieth|thirty-first"
)
MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
YEAR = r"(?:19|20)\d\d"
EXACT_DATE = re.compile(
    rf"\b{DAY}\.?(?:\s+|\s?[./{DASH}]\s?)(?:day\s+)?(?:of\s+)?(?:{MONTHS})\.?,?(?:\s+|\s?[./{DASH}]\s?){YEAR}\b"
    rf"|\b{DAY}[\s./{DASH}]{{1,3}}(?-i:{SHORT_MONTHS}|{MONTH})\.?[\s./{DASH}]{{1,3}}['’]?\d\d\b(?!\s+\w*[a-z])"
    rf"|\b(?:{MONTHS})\.?\s+(?:the\s+)?{DAY},?\s+{YEAR}\b"
    rf"|\b{YEAR},?\s+(?:{MONTHS})\.?\s+{DAY}\b"
    rf"|(?<![\d/.-]){DAY}\s?[/.{DASH}]\s?(?:0?[1-9]|1[0-2])\s?[/.{DASH}]\s?(?:{YEAR}|\d\d)(?![\d/.-]\d)"
    rf"|\b{YEAR}\s?[/.{DASH}]\s?(?:0?[1-9]|1[0-2])\s?[/.{DASH}]\s?{NUMBER_OF_DAY}\b"
    rf"|\b{NUMBER_OF_DAY}\s{NUMBER_OF_MONTH}\s{YEAR}\b"
    rf"|\b{TWO_DIGITS}{NUMBER_OF_MONTH}{YEAR}\b|\b{YEAR}{NUMBER_OF_MONTH}{TWO_DIGITS}\b"
    rf"|\b{DAY}\s+(?:of\s+)?(?:(?-i:{MONTH}|{SHORT_MONTHS})|{NO_WORDS})\b"
    rf"|\b(?-i:{MONTH}|{SHORT_MONTHS})\.?\s+(?:the\s+)?{ORDINAL_DAY}\b"
    rf"|\bon\s+(?-i:{MONTH}|{SHORT_MONTHS})\.?\s+{NUMBER_OF_DAY}\b"
    rf"|\b(?-i:{MONTH}|{SHORT_MONTHS})\.?\s+{NUMBER_OF_DAY}(?=\s*(?:[.,;:)]|$))"
    rf"|\b(?:{IN_WORDS})\s+(?:day\s+)?(?:of\s+)?(?:(?-i:{MONTH})|{NO_WORDS}|(?:march|may)\s+{YEAR})\b"
    r"|\b(?:Christmas|Boxing|New\s+Year['’]?s)\s+(?:Day|Eve)\b",
    re.IGNORECASE,
)
TEN_DIGITS = re.compile(rf"(?<![\d.])(?:\d{GAP}){{9}}\d(?!\d)")
PUPIL_NUMBER = re.compile(rf"\b[A-Z](?:{GAP}\d){{11}}{GAP}[\dA-Z]\b", re.IGNORECASE)
POSTCODE = re.compile(
    r"\b(?:GIR\s?0AA|[A-PR-UWYZ](?:\d[A-Z\d]?|[A-HK-Y]\d[A-Z\d]?)"
    rf"[\s{DASH}]{{0,3}}\d[ABD-HJLNP-UW-Z]{{2}})\b",
    re.IGNORECASE,
)
EMAIL = re.compile(
    r"[\w.+'-]+\s?(?:@|\[at\]|\(at\))\s?[\w-]+(?:\s?(?:\.|\[dot\]|\(dot\))\s?[\w-]+)+"
    r"|[\w.+'-]+\s+at\s+[\w-]+(?:\s+dot\s+[\w-]+)+",
    re.IGNORECASE,
)
# HMRC gives none that begins with one of these.
NATIONAL_INSURANCE = re.compile(
    rf"\b(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?:{GAP}\d){{6}}(?:{GAP}[A-D])?\b",
    re.IGNORECASE,
)
SEVEN_DIGITS = re.compile(r"(?:\d\D{0,3}){7}")
DECIMAL = re.compile(r"^\d{1,3}\.\d{3,}$")
ABOUT_TELEPHONES = re.compile(
    r"\b(?:tel|telephone|phone|mobile|ring|call|text|fax)\w*\W+(?:\w+\W+){0,3}$", re.IGNORECASE
)
# "In this case I …" is no letter, and the A of A&E is none.
CASE_LETTER = re.compile(
    rf"\b(?:Cases?\s+I|(?:[Cc]ases?|CASES?)[\s{DASH}]{{1,3}}(?:(?:no\.?|number|letter)\s+)?"
    r"[(\[“‘\"']?(?:[A-HJ-Z]|A[A-Z]))\b(?!&E\b)"
)


def nhs_numbers(text: str) -> Iterator[str]:
    """Ten digits, however spaced, whose last is the check digit (NHS Data Dictionary, modulus 11)."""
    return (found[0] for found in TEN_DIGITS.finditer(text) if nhs.is_valid(re.sub(r"\D", "", found[0])))


def pupil_numbers(text: str) -> Iterator[str]:
    """Unique pupil numbers: a check letter and twelve digits, the last of which may be a letter."""
    found = (each[0] for each in PUPIL_NUMBER.finditer(text))
    return (number for number in found if upn.is_valid(re.sub(r"[\W_]", "", number)))


def national_insurance_numbers(text: str) -> Iterator[str]:
    """Two letters, six digits and mostly a letter; "by 12.03.21" is a date."""
    for found in NATIONAL_INSURANCE.finditer(text):
        if found[0][:2].isupper() or not EXACT_DATE.fullmatch(found[0][2:].strip()):
            yield found[0]


def telephone_numbers(text: str) -> Iterator[str]:
    """What may be a British telephone number and is no NHS number; a local one where the words say so."""
    if not SEVEN_DIGITS.search(text) and not ABOUT_TELEPHONES.search(text[: _first_long_number(text)]):
        return
    import phonenumbers  # brings tables of every country: read where there is a number at all

    for number in nhs_numbers(text):
        text = text.replace(number, "…")
    possible = phonenumbers.PhoneNumberMatcher(text, "GB", leniency=phonenumbers.Leniency.POSSIBLE)
    for found in possible:
        reason = phonenumbers.is_possible_number_with_reason(found.number)
        whole = reason == phonenumbers.ValidationResult.IS_POSSIBLE and not DECIMAL.search(found.raw_string)
        digits = sum(sign.isdigit() for sign in found.raw_string)
        if whole or (digits > 4 and ABOUT_TELEPHONES.search(text[: found.start])):
            yield found.raw_string


def _first_long_number(text: str) -> int:
    found = re.search(r"\d{5,}", text)
    return found.start() if found else 0


def _matches(expression: re.Pattern[str]) -> Find:
    return lambda text: (found[0] for found in expression.finditer(text))


emails, postcodes, exact_dates = _matches(EMAIL), _matches(POSTCODE), _matches(EXACT_DATE)
case_letters = _matches(CASE_LETTER)


def in_every_text(find: Find, what: str) -> Callable[[Looked], Iterator[Found]]:
    """A look at each written text for what `find` finds there."""

    def look(looked: Looked) -> Iterator[Found]:
        for text in looked.written:
            for found in dict.fromkeys(find(text.text)):
                passage = sentence_with(found, text.text)
                words = f"{text.place} holds what looks like {what}: “{found}”."
                yield Found(words, text, f"{found}\n{passage}", passage=passage)

    return look


def _check(slug: str, what: str, find: Find, why: str, remedy: str, *, acceptable: bool = False) -> Check:
    title = what.removeprefix("an ").removeprefix("a ")
    look = in_every_text(find, what)
    return Check(slug, title[:1].upper() + title[1:], why, remedy, look, acceptable)


ONE_PERSON = "It belongs to one person alone, and other records are found by it."
FAMILY = "It can lead to a family, or to somebody who worked with it."
OUT = "Take it out."
NEVER = (
    _check("nhs-number", "an NHS number", nhs_numbers, ONE_PERSON, OUT),
    _check("pupil-number", "a unique pupil number", pupil_numbers, ONE_PERSON, OUT),
    _check(
        "national-insurance-number",
        "a National Insurance number",
        national_insurance_numbers,
        ONE_PERSON,
        OUT,
    ),
    _check(
        "case-letter",
        "a case letter",
        case_letters,
        "What is told of one letter in several places adds up to one family.",
        "Write “one case”.",
    ),
)
ACCEPTABLE = (
    _check("postcode", "a postcode", postcodes, FAMILY, OUT, acceptable=True),
    _check("telephone-number", "a telephone number", telephone_numbers, FAMILY, OUT, acceptable=True),
    _check("email", "an e-mail address", emails, FAMILY, OUT, acceptable=True),
    _check(
        "exact-date",
        "an exact date",
        exact_dates,
        "A date of birth, of a meeting or of a court is known to many, and tells one case from the others.",
        "Write the month and the year instead.",
        acceptable=True,
    ),
)
