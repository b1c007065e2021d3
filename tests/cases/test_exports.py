"""The ranking as it leaves: the same rows in every format, and no live formula in any."""

import csv
import io
import json
from datetime import date
from typing import Any

import openpyxl
import pytest

from cases.actions import profiles
from cases.actions.profiles import Line, lines_of
from cases.exports import columns_of, ranking_rows, ranking_text, write_ranking
from cases.models import District, Review
from cases.ranking import rank_review
from kscmp_review.accounts.models import User
from tests import build

pytestmark = pytest.mark.django_db

COLUMNS = [
    "rank", "liberi_id", "district", "match_count", "key_count", "not_known", "lowest", "highest", "standing",
    "suggested", "parental-mental-health", "parental-substance-misuse", "housing-issues", "family-history",
]  # fmt: skip


@pytest.fixture
def ranked(review: Review, bola: User) -> Review:
    for district, liberi_id, marks in (
        ("North", "0001", "pp?a"),
        ("South", "0002", "aapp"),
        ("North", "0003", "pppp"),
        ("South", "0004", "aapp"),
    ):
        build.case(review, district, liberi_id, marks, by=bola)
    return review


def test_csv_holds_the_fixed_columns_in_the_order_of_the_ranking(ranked: Review) -> None:
    text = "".join(ranking_text(rank_review(ranked), "csv"))
    head, *rows = csv.reader(io.StringIO(text))
    assert head == COLUMNS
    assert [(row[0], row[1]) for row in rows] == [("1", "0003"), ("2", "0001"), ("3", "0002"), ("3", "0004")]
    assert rows[1] == [
        "2", "0001", "North", "2", "2", "1", "2", "3", "secure", "yes",
        "present", "present", "not known", "absent",
    ]  # fmt: skip


def test_json_and_xlsx_hold_the_same_rows_as_csv(ranked: Review) -> None:
    ranking = rank_review(ranked)
    expected = [dict(zip(columns_of(ranking), row, strict=True)) for row in ranking_rows(ranking)]
    assert json.loads("".join(ranking_text(ranking, "json"))) == expected
    file = io.BytesIO()
    write_ranking(ranking, "xlsx", file)
    sheet = openpyxl.load_workbook(file).active
    assert sheet is not None
    head, *rows = sheet.iter_rows(values_only=True)
    assert [dict(zip(head, row, strict=True)) for row in rows] == expected


def test_rows_agree_with_what_the_selection_page_shows(ranked: Review) -> None:
    ranking = rank_review(ranked)
    shown = ranking.rows(ranking.cases().select_related("district").prefetch_related("answers"))
    assert [row[:3] + row[8:] for row in ranking_rows(ranking)] == [
        [each.rank, each.case.liberi_id, each.district, each.standing, each.suggested, *each.answers.values()]
        for each in shown
    ]


def test_an_earlier_version_of_the_profile_ranks_by_its_own_characteristics(
    ranked: Review, bola: User
) -> None:
    first = ranked.current_profile
    lines = [*lines_of(first)[1:], Line(slug="debt", name="Debt", tier="of-interest")]
    profiles.change(review=ranked, lines=lines, reason="Asked by the board.", by=bola)
    before = rank_review(ranked, profile=first)
    assert columns_of(before) == COLUMNS
    assert [row[1] for row in ranking_rows(before)] == ["0003", "0001", "0002", "0004"]
    assert columns_of(rank_review(ranked))[-1] == "debt"


def test_a_district_whose_name_is_a_formula_leaves_as_text(ranked: Review) -> None:
    formula = '=HYPERLINK("http://example.org")'
    District.objects.filter(review=ranked, name="North").update(name=formula)
    ranking = rank_review(ranked)
    rows = list(csv.DictReader(io.StringIO("".join(ranking_text(ranking, "csv")))))
    assert rows[0]["district"] == f"'{formula}"
    file = io.BytesIO()
    write_ranking(ranking, "xlsx", file)
    sheet = openpyxl.load_workbook(file).active
    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert sheet["C2"].value == f"'{formula}"


def test_a_review_without_cases_leaves_headings_alone(review: Review) -> None:
    ranking = rank_review(review)
    assert "".join(ranking_text(ranking, "csv")).splitlines() == [",".join(COLUMNS)]
    assert json.loads("".join(ranking_text(ranking, "json"))) == []


def test_a_withdrawn_case_does_not_leave(ranked: Review, bola: User) -> None:
    from cases.actions import submissions

    case = ranked.cases.order_by("sequence").first()
    assert case is not None
    submissions.withdraw(case=case, by=bola)
    assert len(list(ranking_rows(rank_review(ranked)))) == 3


def test_an_unknown_format_is_refused(review: Review) -> None:
    with pytest.raises(ValueError, match="no format 'ods'"):
        write_ranking(rank_review(review), "ods", io.BytesIO())


def test_rows_take_two_queries_for_any_number(ranked: Review, django_assert_num_queries: Any) -> None:
    ranking = rank_review(ranked)
    assert ranking.ranks
    assert ranking.standings
    assert ranking.suggestions
    assert ranking.lines
    with django_assert_num_queries(2):
        assert len(list(ranking_rows(ranking))) == 4


def test_a_case_keeps_its_assessment_date_out_of_the_ranking(ranked: Review) -> None:
    assert date(2021, 3, 5).isoformat() not in "".join(ranking_text(rank_review(ranked), "csv"))
