"""A review described in a TOML file: read, and every word of it accounted for."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cases.actions.profiles import Line
from cases.actions.reviews import DATES, NUMBERS, Settings
from cases.errors import Refused

REQUIRED: dict[str, type] = {
    "slug": str,
    "title": str,
    "districts": list,
    "cases_per_district": int,
    "cases_to_select": int,
    "minimum_matches": int,
    "characteristics": list,
}
OPTIONAL: dict[str, type] = {"purpose": str, "minimum_per_district": int, **dict.fromkeys(DATES, date)}
REQUIRED_OF_EACH: dict[str, type] = {"slug": str, "name": str, "tier": str}
OPTIONAL_OF_EACH: dict[str, type] = {"guidance": str}
# A place is kept for every case a district may put forward: a slip of the finger must not make billions.
LARGEST_NUMBER = 1_000_000
KINDS = {
    str: "a text in quotes",
    int: "a whole number",
    list: "a list",
    dict: "a table",
    date: "a date such as 2022-03-31",
}


@dataclass(frozen=True)
class ReviewFile:
    """What `cases.actions.reviews.create` is given."""

    slug: str
    settings: Settings
    characteristics: list[Line]


def read_review_file(content: bytes) -> ReviewFile:
    """The review; raises Refused with one sentence about the first thing that is wrong."""
    try:
        review = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Refused("The file is not UTF-8 text.") from error
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"The file is no TOML: {error}") from error
    _check_keys("the file", review, REQUIRED, OPTIONAL)
    for name in review["districts"]:
        _check_kind("districts", "each district", name, str)
    for number, entry in enumerate(review["characteristics"], start=1):
        _check_kind("characteristics", f"characteristic {number}", entry, dict)
        _check_keys(f"characteristic {number}", entry, REQUIRED_OF_EACH, OPTIONAL_OF_EACH)
    settings = {
        name: review[name] for name in ("title", "districts", "purpose", *NUMBERS, *DATES) if name in review
    }
    return ReviewFile(
        review["slug"], Settings(**settings), [Line(**entry) for entry in review["characteristics"]]
    )


def _check_keys(
    where: str, table: Mapping[str, Any], required: Mapping[str, type], optional: Mapping[str, type]
) -> None:
    known = {**required, **optional}
    for key in table:
        if key not in known:
            raise Refused(f"In {where}: there is no key “{key}”. The keys are {', '.join(known)}.")
    for key in required:
        if key not in table:
            raise Refused(f"In {where}: the key “{key}” is missing.")
    for key, value in table.items():
        _check_kind(where, f"“{key}”", value, known[key])


def _check_kind(where: str, what: str, value: object, kind: type) -> None:
    # True is an int to Python and a date with a time is a date, but to nobody else.
    if type(value) is not kind:
        raise Refused(f"In {where}: {what} must be {KINDS[kind]}.")
    if isinstance(value, str) and "\0" in value:
        raise Refused(f"In {where}: {what} holds a sign that is no text.")
    if isinstance(value, int) and value > LARGEST_NUMBER:
        raise Refused(f"In {where}: {what} must be at most {LARGEST_NUMBER:,}.")
