"""What a check says: what it found, where, why that matters, and how it is put right or accepted."""

import hashlib
import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from themes.report.checks.looked_at import Looked


@dataclass(frozen=True, slots=True)
class Written:
    """A text that people wrote and the report prints, with the place it is put right.

    `section` is a section's key, `case` a case's public id; without either, `page` names the page.
    `said` is the text as it is typed, its live counts in braces; empty where it can hold none.
    """

    place: str
    text: str
    section: str = ""
    case: str = ""
    page: str = ""
    said: str = field(default="", repr=False)


ANYWHERE = Written("The report", "", page="report")


@dataclass(frozen=True, slots=True)
class Found:
    """What a check met, in a sentence, and its place. `seen` holds the words or figures as they stand.

    An acceptance holds for what was seen and for nothing else. `passage` shows it where it stands, `remedy`
    is given where it is not that of the check.
    """

    sentence: str
    at: Written
    seen: str
    passage: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is looked for. `title` heads what it found; `slug` names it on record.

    What is not `acceptable` is put right, whoever would give a reason.
    """

    slug: str
    title: str
    why: str
    remedy: str
    look: Callable[["Looked"], Iterable[Found]] = field(repr=False)
    acceptable: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """What stands in the way of release. `fingerprint` is of the review, check, place and what was seen.

    It is keyed: nobody learns from an address or the audit what was seen by trying names.
    """

    check: Check
    found: Found
    fingerprint: str

    @property
    def sentence(self) -> str:
        return self.found.sentence

    @property
    def at(self) -> Written:
        return self.found.at

    @property
    def passage(self) -> str:
        return self.found.passage

    @property
    def remedy(self) -> str:
        return self.found.remedy or self.check.remedy


def problem_of(check: Check, found: Found, review_pk: int) -> Problem:
    """The problem with its fingerprint: HMAC-SHA-256 under the oldest record key, in hexadecimal."""
    place = (found.at.section, found.at.case, found.at.page, found.at.place)
    seen = "\0".join((str(review_pk), check.slug, *place, found.seen))
    key = hmac.new(list(settings.RECORD_KEYS.values())[-1], b"report problem", hashlib.sha256).digest()
    return Problem(check, found, hmac.new(key, seen.encode(), hashlib.sha256).hexdigest())
