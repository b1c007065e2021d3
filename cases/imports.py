"""From a case sheet to cases that may be put forward, or to every fault that stands in the way.

What the sheet alone can tell is checked by `check_sheet`; what the review must be asked — used Liberi IDs
and full quotas — by `faults_in_review`, which the import asks again while it holds the review.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from cases import liberi
from cases.actions.submissions import ALREADY_YOURS, CANNOT_BE_PUT_FORWARD
from cases.errors import Refused
from cases.models import Case, Membership, Review, Role, Slot
from cases.sheet_cells import (
    answer_in,
    column_letter,
    plain_heading,
    plain_text,
    read_date,
    why_wrong_answer,
    why_wrong_date,
    why_wrong_id,
)
from cases.sheets import Sheet

if TYPE_CHECKING:
    import pandas as pd

# A sheet with more Liberi IDs is held against all that the review has, which is quicker then.
MOST_ASKED_BY_NAME = 2_000
LIBERI_ID, DISTRICT, ASSESSMENT_DATE = FIXED_COLUMNS = ("liberi_id", "district", "assessment_date")


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


class Placed(Protocol):
    """What the review is asked about: whose place a row takes, and by which Liberi ID."""

    @property
    def row(self) -> int: ...
    @property
    def liberi_id(self) -> str: ...
    @property
    def district(self) -> str: ...


class PlacedRow(NamedTuple):
    """A row whose other cells may be at fault; its Liberi ID is empty where that one is."""

    row: int
    liberi_id: str
    district: str


@dataclass(frozen=True)
class CheckedSheet:
    """What was read: `cases` where there is no fault, and else every fault in the order of the sheet."""

    columns: list[str]
    rows: list[list[str]]
    numbers: list[int]
    cases: list[SheetCase] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def as_plain(self) -> dict[str, Any]:
        """Values that JSON can hold, from which `from_plain` makes an equal one."""
        cases = [
            [case.row, case.liberi_id, case.district, case.assessment_date.isoformat(), case.answers]
            for case in self.cases
        ]
        return {
            "columns": self.columns,
            "rows": self.rows,
            "numbers": self.numbers,
            "cases": cases,
            "faults": self.faults,
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "CheckedSheet":
        cases = [
            SheetCase(
                row=row,
                liberi_id=liberi_id,
                district=district,
                assessment_date=date.fromisoformat(assessed),
                answers=answers,
            )
            for row, liberi_id, district, assessed, answers in plain["cases"]
        ]
        faults = [Fault(*fault) for fault in plain["faults"]]
        return cls(plain["columns"], plain["rows"], plain["numbers"], cases, faults)


def check_sheet(sheet: Sheet, review: Review, membership: Membership) -> CheckedSheet:
    """Every row and every fault of the sheet; a district lead's may hold their own district's cases only."""
    slugs = [line.slug for line in review.current_profile.lines.select_related("characteristic")]
    places, faults = find_columns(sheet, (*FIXED_COLUMNS, *slugs))
    columns = [name for name in (*FIXED_COLUMNS, *slugs) if name in places]
    table = sheet.table[[places[name] for name in columns]].set_axis(columns, axis="columns")
    rows = table.to_numpy().tolist()
    if not rows:
        faults.append(Fault(1, LIBERI_ID, "there is no case below the headings"))
    faults += _faults_in_cells(table, review, membership)
    names = {plain_text(name): name for name in review.districts.values_list("name", flat=True)}
    cases = [] if faults else _cases(table, names, slugs)
    faults += faults_in_review(review, cases or _placed(table, names, faults), membership)
    return CheckedSheet(columns, rows, table.index.tolist(), cases if not faults else [], sorted(faults))


def faults_in_review(review: Review, cases: Sequence[Placed], membership: Membership) -> list[Fault]:
    """Liberi IDs the review holds already, cases beyond a district's quota. Two queries for any number."""
    if not cases:
        return []
    used = list(_used_ids(review, cases, membership))
    rows = {fault.row for fault in used}
    return [*used, *_beyond_quota(review, [case for case in cases if case.row not in rows])]


def find_columns(sheet: Sheet, wanted: Sequence[str]) -> tuple[dict[str, int], list[Fault]]:
    """Where each wanted column stands in the sheet; unknown, repeated and missing ones are faults."""
    known = {plain_heading(name): name for name in reversed(wanted)} | {name: name for name in wanted}
    places: dict[str, int] = {}
    faults = []
    for place, heading in enumerate(sheet.headings):
        name = known.get(heading.casefold()) or known.get(plain_heading(heading))
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
            faults += _faults_in(
                texts, {text: why for text in texts.unique() if (why := why_wrong_date(text))}
            )
        else:
            faults += faults_in_answers(texts)
    return faults


def faults_in_answers(texts: "pd.Series[str]") -> list[Fault]:
    """A fault for each cell of a characteristic's column that is no answer."""
    return _faults_in(texts, {text: why for text in texts.unique() if (why := why_wrong_answer(text))})


def _faults_in(texts: "pd.Series[str]", wrong: Mapping[str, str]) -> list[Fault]:
    """A fault for each cell whose text is among the wrong ones."""
    found = texts[texts.isin(list(wrong))]
    return [
        Fault(row, str(texts.name), wrong[text])
        for row, text in zip(found.index.tolist(), found, strict=True)
    ]


def _faults_in_ids(texts: "pd.Series[str]") -> list[Fault]:
    wrong = {text: why for text in texts.unique() if (why := why_wrong_id(text))}
    good = texts[~texts.isin(list(wrong))]
    first = dict(zip(reversed(good.tolist()), reversed(good.index.tolist()), strict=True))
    repeats = good[good.duplicated()]
    repeated = [
        Fault(row, LIBERI_ID, f"this Liberi ID is in row {first[text]} already")
        for row, text in zip(repeats.index.tolist(), repeats, strict=True)
    ]
    return _faults_in(texts, wrong) + repeated


def _wrong_districts(texts: "pd.Series[str]", review: Review, membership: Membership) -> dict[str, str]:
    names = list(review.districts.values_list("name", flat=True))
    own = membership.district.name if membership.role == Role.DISTRICT_LEAD and membership.district else None
    allowed = {plain_text(name) for name in ([own] if own else names)}
    if own:
        why = f"you put forward cases of {own} only"
    else:
        why = "the review has no such district; its districts are " + ", ".join(names[:12])
    missing = "the district is missing"
    return {text: why if text else missing for text in texts.unique() if plain_text(text) not in allowed}


def _cases(table: "pd.DataFrame", districts: Mapping[str, str], slugs: Sequence[str]) -> list[SheetCase]:
    dates = {text: read_date(text) for text in table[ASSESSMENT_DATE].unique()}
    named = {text: districts[plain_text(text)] for text in table[DISTRICT].unique()}
    answers = table[list(slugs)].map(lambda text: answer_in(text))
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


def _placed(table: "pd.DataFrame", districts: Mapping[str, str], faults: Sequence[Fault]) -> list[PlacedRow]:
    """The rows that can be placed in spite of other faults, so that all faults are told at once."""
    if not {LIBERI_ID, DISTRICT} <= set(table.columns):
        return []
    at_fault = {(fault.row, fault.column) for fault in faults}
    repeated = set(table.index[table[LIBERI_ID].duplicated() & (table[LIBERI_ID] != "")].tolist())
    return [
        PlacedRow(row, "" if (row, LIBERI_ID) in at_fault else liberi_id, districts[plain_text(district)])
        for row, liberi_id, district in zip(
            table.index.tolist(), table[LIBERI_ID], table[DISTRICT], strict=True
        )
        if (row, DISTRICT) not in at_fault and row not in repeated
    ]


def _used_ids(review: Review, cases: Sequence[Placed], membership: Membership) -> Iterable[Fault]:
    by_digest = {liberi.digest(case.liberi_id): case for case in cases if case.liberi_id}
    live = Case.objects.of(review).live().values_list("liberi_id_digest", "district_id")
    if len(by_digest) <= MOST_ASKED_BY_NAME:
        live = live.filter(liberi_id_digest__in=list(by_digest))
    for digest, district_id in live.iterator(chunk_size=10_000):
        if digest in by_digest:
            yield Fault(by_digest[digest].row, LIBERI_ID, _why_used(membership, district_id))


def _why_used(membership: Membership, district_id: int) -> str:
    if membership.role != Role.DISTRICT_LEAD:
        return "this Liberi ID has been put forward already"
    return ALREADY_YOURS if membership.district_id == district_id else CANNOT_BE_PUT_FORWARD


def _beyond_quota(review: Review, cases: Sequence[Placed]) -> Iterable[Fault]:
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
