"""From a case sheet to cases that may be put forward, or to every fault that stands in the way.

What the sheet alone can tell is checked by `check_sheet`; what the review must be asked — used Liberi IDs
and full quotas — by `faults_in_review`, which the import asks again while it holds the review.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from django.utils import timezone

from cases import liberi
from cases.actions.submissions import ALREADY_YOURS, CANNOT_BE_PUT_FORWARD
from cases.errors import Refused
from cases.models import Case, Membership, Presence, Review, Role, Slot
from cases.sheets import Sheet

if TYPE_CHECKING:
    import pandas as pd

LIBERI_ID, DISTRICT, ASSESSMENT_DATE = FIXED_COLUMNS = ("liberi_id", "district", "assessment_date")
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


class Fault(NamedTuple):
    """What is wrong with one cell; row 1 is the heading. It never repeats a Liberi ID."""

    row: int
    column: str
    why: str

    def __str__(self) -> str:
        return f"row {self.row}, column {self.column}: {self.why}"


class Faulty(Refused):
    """The sheet has faults, and nothing of it was stored."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(
            "The sheet has 1 fault." if len(faults) == 1 else f"The sheet has {len(faults)} faults."
        )
        self.faults = list(faults)


@dataclass(frozen=True, kw_only=True)
class SheetCase:
    """One row that can be imported as far as the sheet can tell; `answers` by characteristic slug."""

    row: int
    liberi_id: str
    district: str
    assessment_date: date
    answers: Mapping[str, str]


@dataclass(frozen=True)
class CheckedSheet:
    """What was read: `cases` where there is no fault, and else every fault in the order of the sheet."""

    columns: list[str]
    rows: list[list[str]]
    numbers: list[int]
    cases: list[SheetCase] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def check_sheet(sheet: Sheet, review: Review, membership: Membership) -> CheckedSheet:
    """Every row and every fault of the sheet; a district lead's may hold their own district's cases only."""
    slugs = [line.slug for line in review.current_profile.lines.select_related("characteristic")]
    places, faults = _find_columns(sheet, slugs)
    columns = [name for name in (*FIXED_COLUMNS, *slugs) if name in places]
    table = sheet.table[[places[name] for name in columns]].set_axis(columns, axis="columns")
    rows = table.to_numpy().tolist()
    if not rows:
        faults.append(Fault(1, LIBERI_ID, "there is no case below the headings"))
    faults += _faults_in_cells(table, review, membership)
    names = {_plain_name(name): name for name in review.districts.values_list("name", flat=True)}
    complete = not faults
    cases = _cases(table, names, slugs) if complete else []
    faults += faults_in_review(review, cases, membership)
    return CheckedSheet(columns, rows, table.index.tolist(), cases if not faults else [], sorted(faults))


def faults_in_review(review: Review, cases: Sequence[SheetCase], membership: Membership) -> list[Fault]:
    """Liberi IDs the review holds already, cases beyond a district's quota. Two queries for any number."""
    if not cases:
        return []
    return [*_used_ids(review, cases, membership), *_beyond_quota(review, cases)]


def _find_columns(sheet: Sheet, slugs: Sequence[str]) -> tuple[dict[str, int], list[Fault]]:
    wanted = (*FIXED_COLUMNS, *slugs)
    known = {_plain_heading(name): name for name in reversed(wanted)} | {name: name for name in wanted}
    places: dict[str, int] = {}
    faults = []
    for place, heading in enumerate(sheet.headings):
        name = known.get(heading.casefold()) or known.get(_plain_heading(heading))
        if name is None:
            if heading or (sheet.table[place] != "").any():
                why = "the review has no such column" if heading else "the column has no heading"
                faults.append(Fault(1, heading or column_letter(place), why))
        elif name in places:
            faults.append(Fault(1, heading, f"the column {name} appears twice"))
        else:
            places[name] = place
    faults += [Fault(1, name, "the column is missing") for name in wanted if name not in places]
    return places, faults


def _faults_in_cells(table: "pd.DataFrame", review: Review, membership: Membership) -> list[Fault]:
    faults = []
    for column in table.columns:
        texts = table[column]
        if column == LIBERI_ID:
            faults += _faults_in_ids(texts)
        elif column == DISTRICT:
            faults += _faults_in(texts, _wrong_districts(texts, review, membership))
        elif column == ASSESSMENT_DATE:
            faults += _faults_in(texts, {text: why for text in texts.unique() if (why := _wrong_date(text))})
        else:
            faults += _faults_in(
                texts, {text: why for text in texts.unique() if (why := _wrong_answer(text))}
            )
    return faults


def _faults_in(texts: "pd.Series[str]", wrong: Mapping[str, str]) -> list[Fault]:
    """A fault for each cell whose text is among the wrong ones."""
    found = texts[texts.isin(list(wrong))]
    return [
        Fault(row, str(texts.name), wrong[text])
        for row, text in zip(found.index.tolist(), found, strict=True)
    ]


def _faults_in_ids(texts: "pd.Series[str]") -> list[Fault]:
    wrong = {text: why for text in texts.unique() if (why := _wrong_id(text))}
    good = texts[~texts.isin(list(wrong))]
    first = dict(zip(reversed(good.tolist()), reversed(good.index.tolist()), strict=True))
    repeats = good[good.duplicated()]
    repeated = [
        Fault(row, LIBERI_ID, f"this Liberi ID is in row {first[text]} already")
        for row, text in zip(repeats.index.tolist(), repeats, strict=True)
    ]
    return _faults_in(texts, wrong) + repeated


def _wrong_id(text: str) -> str:
    if liberi.is_liberi_id(text):
        return ""
    if not text:
        return "the Liberi ID is missing"
    if ROUNDED_NUMBER.fullmatch(text):
        return "the spreadsheet has rounded this number: format the column as text and type the ID again"
    return f"a Liberi ID is digits only, at most {liberi.LONGEST} of them"


def _wrong_districts(texts: "pd.Series[str]", review: Review, membership: Membership) -> dict[str, str]:
    names = list(review.districts.values_list("name", flat=True))
    own = membership.district.name if membership.role == Role.DISTRICT_LEAD and membership.district else None
    allowed = {_plain_name(name) for name in ([own] if own else names)}
    if own:
        why = f"you put forward cases of {own} only"
    else:
        why = "the review has no such district; its districts are " + ", ".join(names[:12])
    missing = "the district is missing"
    return {text: why if text else missing for text in texts.unique() if _plain_name(text) not in allowed}


def _wrong_date(text: str) -> str:
    if not text:
        return "the assessment date is missing"
    read = read_date(text)
    if read is None:
        return "this is no date: write it as 2021-03-05 or 05/03/2021"
    return "the assessment date is in the future" if read > timezone.localdate() else ""


def _wrong_answer(text: str) -> str:
    return "" if _plain_name(text) in WORDS else "an answer is present, absent or not known"


def read_date(text: str) -> date | None:
    """An ISO date or DD/MM/YYYY; None for anything else."""
    for pattern, written_as in DATE_FORMATS.items():
        if pattern.fullmatch(text):
            try:
                read = datetime.strptime(text, written_as).date()
            except ValueError:
                return None
            return read if read >= EARLIEST else None
    return None


def _cases(table: "pd.DataFrame", districts: Mapping[str, str], slugs: Sequence[str]) -> list[SheetCase]:
    dates = {text: read_date(text) for text in table[ASSESSMENT_DATE].unique()}
    named = {text: districts[_plain_name(text)] for text in table[DISTRICT].unique()}
    answers = table[list(slugs)].map(lambda text: WORDS[_plain_name(text)])
    return [
        SheetCase(
            row=row,
            liberi_id=liberi_id,
            district=named[district],
            assessment_date=dates[assessed] or date.min,
            answers=dict(zip(slugs, given, strict=True)),
        )
        for row, liberi_id, district, assessed, given in zip(
            table.index.tolist(),
            table[LIBERI_ID],
            table[DISTRICT],
            table[ASSESSMENT_DATE],
            answers.to_numpy().tolist(),
            strict=True,
        )
    ]


def _used_ids(review: Review, cases: Sequence[SheetCase], membership: Membership) -> Iterable[Fault]:
    by_digest = {liberi.digest(case.liberi_id): case for case in cases}
    live = Case.objects.of(review).live().values_list("liberi_id_digest", "district_id")
    for digest, district_id in live.iterator(chunk_size=10_000):
        if digest in by_digest:
            yield Fault(by_digest[digest].row, LIBERI_ID, _why_used(membership, district_id))


def _why_used(membership: Membership, district_id: int) -> str:
    if membership.role != Role.DISTRICT_LEAD:
        return "this Liberi ID has been put forward already"
    return ALREADY_YOURS if membership.district_id == district_id else CANNOT_BE_PUT_FORWARD


def _beyond_quota(review: Review, cases: Sequence[SheetCase]) -> Iterable[Fault]:
    free = Counter(
        Slot.objects.filter(district__review=review, case=None).values_list("district__name", flat=True)
    )
    left = dict(free)
    for case in cases:
        left[case.district] = left.get(case.district, 0) - 1
        if left[case.district] < 0:
            yield Fault(
                case.row,
                DISTRICT,
                f"{case.district} may put forward {review.cases_per_district} cases "
                f"and has room for {free[case.district]} more",
            )


def _plain_heading(heading: str) -> str:
    return re.sub(r"[\s_-]", "", heading).casefold()


def _plain_name(text: str) -> str:
    return " ".join(text.split()).casefold()


def column_letter(place: int) -> str:
    """0 → A, 26 → AA: how a spreadsheet names the column."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
