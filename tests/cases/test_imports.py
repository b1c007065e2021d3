"""What a case sheet may hold, and how every fault of it is named."""

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from cases import sheets
from cases.actions.imports import import_cases
from cases.actions.submissions import CANNOT_BE_PUT_FORWARD
from cases.errors import Refused
from cases.imports import CheckedSheet, Faulty, SheetCase, check_sheet, faults_in_review
from cases.models import Answer, Case, Membership, Review, Role, Slot
from cases.sheet_cells import column_letter, read_date, why_wrong_answer
from cases.sheets import ON_A_PAGE, Bounds, UnreadableSheet, read_sheet
from cases.workbooks import cell_text
from kscmp_review.accounts.models import User
from kscmp_review.audit.models import AuditEvent
from tests import build

pytestmark = pytest.mark.django_db

HEAD = (
    "liberi_id,district,assessment_date,"
    "parental-mental-health,parental-substance-misuse,housing-issues,family-history"
)


def csv_sheet(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join((head, *rows)).encode()


def xlsx_sheet(rows: Sequence[Sequence[Any]]) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    date_format = book.add_format({"num_format": "dd/mm/yyyy"})
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, dt.date):
                sheet.write_datetime(number, place, value, date_format)
            else:
                sheet.write(number, place, value)
    book.close()
    return file.getvalue()


def checked(content: bytes, review: Review, by: User) -> CheckedSheet:
    membership = Membership.objects.live().get(user=by, review=review)
    return check_sheet(read_sheet(content, ON_A_PAGE), review, membership)


def faults(content: bytes, review: Review, by: User) -> list[str]:
    return [str(fault) for fault in checked(content, review, by).faults]


def test_a_sheet_is_imported_with_its_leading_zeros_and_every_way_to_write_an_answer(
    review: Review, bola: User
) -> None:
    sheet = csv_sheet("0012,north,2021-03-05,Yes,N,?,TRUE", "12,SOUTH,05/03/2021,1,0,,Not Known")
    assert import_cases(review=review, cases=checked(sheet, review, bola).cases, by=bola) == 2
    first, second = Case.objects.of(review).in_order_of_submission()
    assert (first.liberi_id, second.liberi_id) == ("0012", "12")
    assert (first.district.name, second.district.name) == ("North", "South")
    assert first.assessment_date == second.assessment_date == dt.date(2021, 3, 5)
    reported = [
        list(case.answers.order_by("characteristic").values_list("reported", flat=True))
        for case in (first, second)
    ]
    assert reported == [
        ["present", "absent", "not known", "present"],
        ["present", "absent", "not known", "not known"],
    ]
    assert [(case.match_count, case.key_count, case.not_known_count) for case in (first, second)] == [
        (2, 1, 1),
        (1, 1, 2),
    ]


def test_one_import_is_one_event(review: Review, bola: User) -> None:
    sheet = csv_sheet("1,North,2021-03-05,,,,", "2,South,2021-03-05,,,,")
    import_cases(review=review, cases=checked(sheet, review, bola).cases, by=bola)
    event = AuditEvent.objects.get(action="cases.imported")
    assert event.after == {"cases": 2, "first_sequence": 1, "last_sequence": 2}
    assert not AuditEvent.objects.filter(action="case.submitted").exists()


def test_a_case_submitted_after_an_import_follows_it(review: Review, bola: User) -> None:
    import_cases(
        review=review, cases=checked(csv_sheet("1,North,2021-03-05,,,,"), review, bola).cases, by=bola
    )
    assert build.case(review, "North", "2", "????", by=bola).sequence == 2


@pytest.mark.parametrize(
    "head",
    [
        HEAD.replace("_", " ").replace("-", "_").upper(),
        "\ufeff" + HEAD,
        HEAD.replace("-", "").title(),
        HEAD.replace(",", " , "),
        HEAD + ",,",
    ],
)
def test_headings_are_read_whatever_their_case_spaces_hyphens_and_underscores(
    review: Review, bola: User, head: str
) -> None:
    assert faults(csv_sheet("1,North,2021-03-05,y,n,y,n", head=head), review, bola) == []


def test_every_fault_is_listed_by_row_and_column(review: Review, bola: User) -> None:
    sheet = csv_sheet(
        "12a,North,2021-03-05,y,n,y,n",
        "7,Nowhere,5 March,maybe,n,y,n",
        "",
        "8,North,2999-01-01,y,n,y,n",
        "8,South,31/02/2021,y,n,y,n",
        "9,South,05/03/0021,y,n,y,n",
        ",,,,,,y",
    )
    assert faults(sheet, review, bola) == [
        "row 2, column liberi_id: a Liberi ID is digits only, at most 20 of them",
        "row 3, column assessment_date: this is no date: write it as 2021-03-05 or 05/03/2021",
        "row 3, column district: the review has no such district; its districts are North, South",
        "row 3, column parental-mental-health: an answer is present, absent or not known",
        "row 5, column assessment_date: the assessment date is in the future",
        "row 6, column assessment_date: this is no date: write it as 2021-03-05 or 05/03/2021",
        "row 6, column liberi_id: this Liberi ID is in row 5 already",
        "row 7, column assessment_date: the assessment date is before 1990: check the year",
        "row 8, column assessment_date: the assessment date is missing",
        "row 8, column district: the district is missing",
        "row 8, column liberi_id: the Liberi ID is missing",
    ]


def test_unknown_missing_and_repeated_columns_are_faults_of_row_1(review: Review, bola: User) -> None:
    head = HEAD.replace("housing-issues", "housing").replace("family-history", "District") + ",name"
    assert faults(csv_sheet("1,North,2021-03-05,y,n,y,North,A", head=head), review, bola) == [
        "row 1, column District: the column district appears twice",
        "row 1, column family-history: the column is missing",
        "row 1, column housing: the review has no such column",
        "row 1, column housing-issues: the column is missing",
        "row 1, column name: the review has no such column",
    ]


def test_cells_beyond_the_headings_are_a_fault(review: Review, bola: User) -> None:
    assert faults(csv_sheet("1,North,2021-03-05,y,n,y,n,stray"), review, bola) == [
        "row 1, column H: the column has no heading"
    ]


def test_a_used_id_and_a_full_district_are_faults(review: Review, bola: User) -> None:
    build.case(review, "North", "0012", "????", by=bola)
    rows = ["0012,South,2021-03-05,,,,", *(f"{n},North,2021-03-05,,,," for n in (1, 2, 3))]
    assert faults(csv_sheet(*rows), review, bola) == [
        "row 2, column liberi_id: this Liberi ID has been put forward already",
        "row 5, column district: North may put forward 3 cases and has room for 2 more",
    ]


def test_a_used_id_and_a_full_district_are_told_beside_other_faults(review: Review, bola: User) -> None:
    build.case(review, "North", "0012", "????", by=bola)
    rows = [
        "0012,North,soon,,,,",
        "x,North,2021-03-05,,,,",
        "2,North,2021-03-05,,,,",
        "3,North,2021-03-05,so,,,",
    ]
    assert faults(csv_sheet(*rows), review, bola) == [
        "row 2, column assessment_date: this is no date: write it as 2021-03-05 or 05/03/2021",
        "row 2, column liberi_id: this Liberi ID has been put forward already",
        "row 3, column liberi_id: a Liberi ID is digits only, at most 20 of them",
        "row 5, column district: North may put forward 3 cases and has room for 2 more",
        "row 5, column parental-mental-health: an answer is present, absent or not known",
    ]


def test_a_district_lead_imports_their_own_cases_only_and_learns_nothing_of_others(
    review: Review, bola: User, nora: User
) -> None:
    build.case(review, "South", "0012", "????", by=bola)
    assert faults(csv_sheet("1,South,2021-03-05,,,,"), review, nora) == [
        "row 2, column district: you put forward cases of North only"
    ]
    told = faults(csv_sheet("0012,North,2021-03-05,,,,"), review, nora)
    assert told == [f"row 2, column liberi_id: {CANNOT_BE_PUT_FORWARD}"]
    smuggled = [SheetCase(row=2, liberi_id="5", district="South", assessment_date=build.ASSESSED, answers={})]
    with pytest.raises(Refused, match="North only"):
        import_cases(review=review, cases=smuggled, by=nora)


def test_one_case_too_many_at_the_moment_of_import_stores_none(review: Review, bola: User) -> None:
    cases = checked(csv_sheet(*(f"{n},North,2021-03-05,,,," for n in (1, 2, 3))), review, bola).cases
    build.case(review, "North", "9", "????", by=bola)
    with pytest.raises(Faulty) as refused:
        import_cases(review=review, cases=cases, by=bola)
    assert [fault.row for fault in refused.value.faults] == [4]
    assert Case.objects.count() == 1


def test_nothing_is_stored_when_the_audit_fails(
    review: Review, bola: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the audit is down")

    cases = checked(csv_sheet("1,North,2021-03-05,,,,"), review, bola).cases
    monkeypatch.setattr("cases.actions.imports.record_about_review", fail)
    with pytest.raises(RuntimeError):
        import_cases(review=review, cases=cases, by=bola)
    assert not Case.objects.exists()
    assert Slot.objects.filter(district__review=review, case=None).count() == 6


def test_xlsx_cells_keep_what_the_person_sees(review: Review, bola: User) -> None:
    head = HEAD.split(",")
    rows: list[list[Any]] = [
        head,
        [12345, "North", dt.date(2021, 3, 5), True, False, 1, ""],
        ["0012", "South", "05/03/2021", "?", 0, "y", "n/k"],
    ]
    read = checked(xlsx_sheet(rows), review, bola)
    assert read.faults == []
    assert [case.liberi_id for case in read.cases] == ["12345", "0012"]
    assert [case.assessment_date for case in read.cases] == [dt.date(2021, 3, 5)] * 2
    assert list(read.cases[0].answers.values()) == ["present", "absent", "present", "not known"]


def test_rows_of_an_xlsx_sheet_are_numbered_as_the_sheet_numbers_them(review: Review, bola: User) -> None:
    rows: list[list[Any]] = [HEAD.split(","), [], [], ["x", "North", "2021-03-05", "", "", "", ""]]
    assert faults(xlsx_sheet(rows), review, bola)[0].startswith("row 4, column liberi_id")


def test_an_id_shown_with_zeros_in_front_keeps_them(review: Review, bola: User) -> None:
    book = openpyxl.Workbook()
    sheet = book["Sheet"]
    for row in (
        HEAD.split(","),
        [12345, "North", dt.date(2021, 3, 5), 1, 0, None, "y"],
        [123456789, "North", dt.date(2021, 3, 5), 1, 0, None, "y"],
        [77, "South", dt.date(2021, 3, 5), 1, 0, None, "y"],
    ):
        sheet.append(row)
    sheet["A2"].number_format = sheet["A3"].number_format = "00000000"
    read = checked(saved(book), review, bola)
    assert [case.liberi_id for case in read.cases] == ["00012345", "123456789", "77"]


def test_a_formula_that_failed_is_a_fault_and_not_an_answer_that_is_not_known(
    review: Review, bola: User
) -> None:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    rows = [HEAD.split(","), ["12", "North", "2021-03-05", "", "y", "", ""]]
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    sheet.write_formula(1, 3, "=VLOOKUP(A2,Z:Z,1,FALSE)", None, "#N/A")
    sheet.write_formula(1, 4, '="y"', None, "y")
    book.close()
    read = checked(file.getvalue(), review, bola)
    assert read.rows == [["12", "North", "2021-03-05", "#N/A", "y", "", ""]]
    assert [str(fault) for fault in read.faults] == [
        "row 2, column parental-mental-health: an answer is present, absent or not known"
    ]


def test_a_hidden_sheet_in_front_of_the_table_is_passed_over(review: Review, bola: User) -> None:
    book = openpyxl.Workbook()
    book["Sheet"].append(["kept by an add-in"])
    book["Sheet"].sheet_state = "hidden"
    shown = book.create_sheet("Cases")
    shown.append(HEAD.split(","))
    shown.append([12, "North", dt.date(2021, 3, 5), "y", "n", "?", ""])
    shown["A2"].number_format = "0000"
    book.active = 1
    assert [case.liberi_id for case in checked(saved(book), review, bola).cases] == ["0012"]


def saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_an_id_that_the_spreadsheet_has_rounded_is_refused(review: Review, bola: User) -> None:
    rows: list[list[Any]] = [HEAD.split(","), [12345678901234567890, "North", "2021-03-05", "", "", "", ""]]
    assert "rounded this number" in faults(xlsx_sheet(rows), review, bola)[0]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "sheet is empty"),
        (b"\n\na,b\n1,2", "first row of the sheet is empty"),
        (b"liberi_id;district\n1;North", "semicolons or tabs"),
        (b"liberi_id\tdistrict\n1\tNorth", "semicolons or tabs"),
        (b"\xff\xfe\x00bad", "UTF-8"),
        (b"PK\x03\x04 and nothing else", "no XLSX workbook"),
        (b"\xd0\xcf\x11\xe0old", "old workbook"),
        (b'a,b\n"open', "check its quotes"),
        (b"a,b\n\0,1", "nor a CSV"),
        (b"x" * (ON_A_PAGE.size + 1), "larger than 5 MB"),
        (b"a" + b"," * 400, "more than 300 columns"),
        (b"a\n" + b"1\n" * 2_001, "more than 2,000 rows"),
    ],
)
def test_a_file_that_is_no_case_sheet_is_refused_in_words(content: bytes, why: str) -> None:
    with pytest.raises(UnreadableSheet, match=why):
        read_sheet(content, ON_A_PAGE)


def test_a_workbook_that_inflates_beyond_measure_is_not_opened() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 50_000_000)
    with pytest.raises(UnreadableSheet, match="far larger inside"):
        read_sheet(file.getvalue(), ON_A_PAGE)


def test_a_cell_a_million_rows_down_costs_a_refusal_and_not_the_server() -> None:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    sheet.write(0, 0, "liberi_id")
    sheet.write(1_048_575, 16_383, "far")
    book.close()
    with pytest.raises(UnreadableSheet, match="could not be read"):
        read_sheet(file.getvalue(), ON_A_PAGE)


def test_more_cells_than_fit_the_memory_given_are_refused() -> None:
    rows: Sequence[Sequence[Any]] = [["x" * 30_000] for _ in range(2_000)]
    with pytest.raises(UnreadableSheet, match="could not be read"):
        read_sheet(xlsx_sheet(rows), Bounds(size=sheets.MEGABYTE, rows=5_000, memory=160 * sheets.MEGABYTE))


def test_a_thousand_rows_take_at_most_a_hundred_queries(
    bola: User, django_assert_max_num_queries: Any
) -> None:
    review = build.review("wide", by=bola, cases_per_district=1_000)
    sheet = csv_sheet(*(f"{n},North,2021-03-05,y,n,?,y" for n in range(1_000)))
    cases = checked(sheet, review, bola).cases
    with django_assert_max_num_queries(100):
        import_cases(review=review, cases=cases, by=bola)
    assert Answer.objects.count() == 4_000
    assert Case.objects.of(review).filter(match_count=2, not_known_count=1).count() == 1_000


def test_a_checked_sheet_survives_being_kept(review: Review, bola: User) -> None:
    for sheet in (csv_sheet("1,North,2021-03-05,y,n,?,"), csv_sheet("x,North,2021-03-05,y,n,?,")):
        read = checked(sheet, review, bola)
        assert CheckedSheet.from_plain(read.as_plain()) == read


def test_a_role_that_submits_nothing_imports_nothing(review: Review, rita: User) -> None:
    from cases.permissions import NotAllowed

    with pytest.raises(NotAllowed):
        import_cases(review=review, cases=[], by=rita)


@given(st.dates(min_value=dt.date(1990, 1, 1), max_value=dt.date(2999, 12, 31)))
def test_a_date_is_read_in_both_ways_of_writing_it(day: dt.date) -> None:
    assert (
        read_date(day.isoformat())
        == read_date(f"{day:%d/%m/%Y}")
        == read_date(f"{day.day}/{day.month}/{day.year}")
        == day
    )


@given(st.text(max_size=12))
def test_any_text_is_either_an_answer_or_a_fault_and_never_an_error(text: str) -> None:
    assert isinstance(why_wrong_answer(text), str)
    read_date(text)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (12.0, "12"),
        (1.5, "1.5"),
        (True, "true"),
        (dt.date(2021, 3, 5), "2021-03-05"),
        (dt.datetime(2021, 3, 5), "2021-03-05"),
        (dt.datetime(2021, 3, 5, 9, 30), "2021-03-05 09:30:00"),
        ("0012", "0012"),
        (1.0e15, "1.000000E+15"),
    ],
)
def test_a_cell_reads_as_its_text(cell: Any, text: str) -> None:
    assert cell_text(cell) == text


def test_columns_are_named_as_a_spreadsheet_names_them() -> None:
    assert [column_letter(place) for place in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_no_cases_are_no_faults(review: Review, bola: User) -> None:
    membership = Membership.objects.get(user=bola, review=review, role=Role.BUSINESS_TEAM)
    assert faults_in_review(review, [], membership) == []
