"""What a review holds, by privacy class and table, who has seen case data, and when it goes.

It holds no case content: names of tables, numbers, and the people of the review.
"""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Count, Max
from django.utils import timezone

from cases.left_open import LeftOpen, long_left_open
from cases.models import LegalHold, Review, StayingOpen
from cases.retention import Term, term_of
from cases.spreadsheets import guarded
from kscmp_review.accounts.models import User
from kscmp_review.audit.models import AuditEvent
from kscmp_review.privacy.holdings import PrivacyClass, of_reviews, sightings

SUGGESTED_BASIS = (
    "Public task of the safeguarding partners (UK GDPR, Article 6(1)(e)); for health and other special "
    "categories, substantial public interest: safeguarding of children and of individuals at risk (Article "
    "9(2)(g); Data Protection Act 2018, Schedule 1, paragraph 18)."
)
ABOUT = {
    PrivacyClass.CASE: (
        "About families: what districts submitted, what reviewers found, and what was decided.",
        "Erased at the end of the retention period.",
    ),
    PrivacyClass.PEOPLE: (
        "About the people who work on the review: what they are in it, and e-mails to them.",
        "Kept with the audit; e-mails are erased with the case data.",
    ),
    PrivacyClass.METHOD: ("How the review was set up. It is about no family.", "Kept."),
    PrivacyClass.REPORT: ("Anonymised, approved by two people and released.", "Kept."),
    PrivacyClass.AUDIT: (
        "What was done, by whom and when. It names a case by a random reference and holds no text.",
        "Kept.",
    ),
}


class Table(NamedTuple):
    words: str
    rows: int
    goes: bool


class Held(NamedTuple):
    """Everything of one privacy class."""

    privacy: PrivacyClass
    about: str
    kept: str
    tables: list[Table]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)

    @property
    def filled(self) -> list[Table]:
        return [table for table in self.tables if table.rows]

    @property
    def empty(self) -> list[Table]:
        return [table for table in self.tables if not table.rows]


class Seen(NamedTuple):
    """What one person did that showed them case data, how often, and the last time."""

    person: str
    what: str
    times: int
    last: datetime


@dataclass(frozen=True)
class Account:
    """The whole page."""

    review: Review
    term: Term
    goes_on: date | None
    held: list[Held]
    seen: list[Seen]
    holds: list[LegalHold]
    left_open: LeftOpen | None
    reasons: list[StayingOpen]

    @property
    def basis(self) -> str:
        return self.review.lawful_basis or SUGGESTED_BASIS


def account_of(review: Review) -> Account:
    """Counted now; in a number of queries that does not depend on the review's size."""
    term = term_of(review)
    return Account(
        review=review,
        term=term,
        goes_on=term.goes_on(timezone.localdate()),
        held=held_of(review),
        seen=seen_of(review),
        holds=list(review.legal_holds.select_related("placed_by", "lifted_by")),
        left_open=long_left_open(review),
        reasons=list(review.staying_open.select_related("said_by")),
    )


def held_of(review: Review) -> list[Held]:
    tables: dict[PrivacyClass, list[Table]] = {privacy: [] for privacy in ABOUT}
    for holding in of_reviews():
        rows = holding.rows(review.pk).count()
        goes = holding.erase is not None and review.erased_at is None
        tables[holding.privacy].append(Table(holding.words, rows, goes))
    return [Held(privacy, *ABOUT[privacy], tables[privacy]) for privacy in ABOUT]


def seen_of(review: Review) -> list[Seen]:
    """From the audit, by person, the last first."""
    events = AuditEvent.objects.of_review(review.pk).filter(action__in=sightings).order_by()
    counted = events.values_list("actor_email", "action").annotate(times=Count("pk"), last=Max("at"))
    names = dict(User.objects.filter(email__in={email for email, *_ in counted}).values_list("email", "name"))
    found = [Seen(_person(email, names), sightings[action], n, at) for email, action, n, at in counted]
    return sorted(found, key=lambda seen: (seen.person, -seen.last.timestamp()))


def _person(email: str, names: dict[str, str]) -> str:
    if not email:
        return "a command on the server"
    return f"{names[email]} ({email})" if names.get(email) else email


def as_json(account: Account) -> dict[str, Any]:
    return {
        "review": account.review.slug,
        "title": account.review.title,
        "as_at": timezone.now().isoformat(timespec="seconds"),
        "basis": account.basis,
        "retention": {
            "months_after_closing": account.term.months,
            "closed_on": _iso(account.term.closed_on),
            "erased_on": _iso(account.goes_on),
            "warned_on": _iso(account.term.warned_on),
            "asked_after_months_without_a_change": account.review.asked_after_months,
            "left_open_since": _iso(account.left_open.untouched_since) if account.left_open else None,
            "has_been_erased_at": _iso(account.review.erased_at),
            "legal_holds": [
                {
                    "placed_at": hold.placed_at.isoformat(),
                    "placed_by": hold.placed_by.email,
                    "reason": hold.reason,
                    "lifted_at": _iso(hold.lifted_at),
                    "lifted_by": hold.lifted_by.email if hold.lifted_by else None,
                    "lifted_because": hold.lifted_because or None,
                }
                for hold in account.holds
            ],
            "stays_open_because": [
                {"said_at": said.said_at.isoformat(), "said_by": said.said_by.email, "reason": said.reason}
                for said in account.reasons
            ],
        },
        "held": [
            {
                "class": held.privacy.value,
                "about": held.about,
                "kept": held.kept,
                "tables": [table._asdict() for table in held.tables],
            }
            for held in account.held
        ],
        "seen": [
            {**seen._asdict(), "last": seen.last.isoformat(timespec="seconds")} for seen in account.seen
        ],
    }


def as_json_file(account: Account) -> bytes:
    return json.dumps(as_json(account), ensure_ascii=False, indent=2).encode()


def _iso(moment: date | datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def as_csv(account: Account) -> bytes:
    """The three sheets of the workbook under one another, each row begun with the sheet's name."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["Part", "", "", "", ""])
    for name, _, lines in _sheets(account):
        rows.writerows([name, *(guarded(value) for value in line)] for line in lines)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(account: Account) -> bytes:
    """Three sheets: what is held, who has seen it, when it goes."""
    import xlsxwriter

    file = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    head = workbook.add_format({"bold": True, "bottom": 1})
    for name, widths, rows in _sheets(account):
        sheet = workbook.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                sheet.write(number, place, guarded(value), head if number == 0 else None)
    workbook.close()
    return file.getvalue()


def _sheets(account: Account) -> Iterator[tuple[str, tuple[int, ...], list[list[Any]]]]:
    held = [
        [held.privacy.value.capitalize(), table.words, table.rows, "yes" if table.goes else "no"]
        for held in account.held
        for table in held.tables
    ]
    yield "What is held", (26, 56, 10, 12), [["Class", "What", "Rows", "Is erased"], *held]
    seen = [[seen.person, seen.what, seen.times, f"{seen.last:%Y-%m-%d %H:%M}"] for seen in account.seen]
    yield "Who has seen it", (44, 44, 10, 18), [["Person", "What", "Times", "Last"], *seen]
    told = as_json(account)["retention"]
    lists = {"legal_holds": "Legal hold", "stays_open_because": "Stays open"}
    listed = [
        [f"{words}: {name.replace('_', ' ')}", value]
        for key, words in lists.items()
        for each in told[key]
        for name, value in each.items()
    ]
    rest = [[name.replace("_", " ").capitalize(), told[name]] for name in told if name not in lists]
    yield "When it goes", (34, 80), [["What", "Value"], ["Basis", account.basis], *rest, *listed]
