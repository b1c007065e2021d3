"""A review of twenty thousand cases: the same answers as the rules give, page by page and row by row."""

import csv
import io
import random
from datetime import date

import pytest
from django.db import connection

from cases import matching, paging, tally
from cases.actions.imports import import_cases
from cases.actions.profiles import Line, change, lines_of
from cases.counters import recount_by
from cases.exports import ranking_text
from cases.imports import SheetCase
from cases.models import Case, Presence, Review
from cases.ranking import criteria_of, rank_review
from cases.shown import SORTS, Shown, cases_to_show
from kscmp_review.accounts.models import User
from tests import build

pytestmark = [pytest.mark.django_db, pytest.mark.long]
CASES = 20_000
DISTRICTS = ("North", "South", "East", "West")
SLUGS = [line.slug for line in build.LINES]


def drawn_cases() -> list[SheetCase]:
    dice = random.Random(1849)
    return [
        SheetCase(
            row=number + 2,
            liberi_id=f"{number:07}",
            district=dice.choice(DISTRICTS[: 1 + number % 4]),
            assessment_date=date(2021, 3, 5),
            answers=dict(zip(SLUGS, dice.choices(Presence.values, (45, 45, 10), k=len(SLUGS)), strict=True)),
        )
        for number in range(CASES)
    ]


@pytest.fixture
def review(bola: User) -> Review:
    made = build.review(
        by=bola,
        districts=DISTRICTS,
        cases_per_district=CASES // 2 + 2_000,
        cases_to_select=3_000,
        minimum_per_district=400,
    )
    import_cases(review=made, cases=drawn_cases(), by=bola)
    made.refresh_from_db()
    return made


def by_the_rules(review: Review) -> matching.RankingTable:
    lines = list(review.current_lines)
    return matching.ranking_table(
        [
            matching.CaseAnswers(case.liberi_id, case.district, number, case.answers)
            for number, case in enumerate(drawn_cases())
        ],
        matching.Profile(tuple(matching.Characteristic(line.slug, line.tier) for line in lines)),
        criteria_of(review),
    )


def test_the_file_holds_what_the_rules_say_of_every_case(review: Review) -> None:
    rows = list(csv.reader(io.StringIO("".join(ranking_text(rank_review(review), "csv")))))[1:]
    assert [(int(row[0]), *row[1:3], row[8], row[9], row[10:]) for row in rows] == [
        (each.rank, each.key, each.district, each.standing, each.suggested, list(each.answers.values()))
        for each in by_the_rules(review).rows
    ]


def test_any_page_of_any_order_is_that_slice_of_all_the_cases(review: Review) -> None:
    ranking = rank_review(review)
    district = review.districts.all()[1].pk
    for shown in [
        *(Shown(sort=sort) for sort in SORTS),
        Shown(standing="open", sort="highest"),
        Shown(suggestion="tie"),
        Shown(district=district, sort="standing"),
    ]:
        pages = paging.pages_of(ranking, shown, None)
        wanted = list(cases_to_show(ranking, shown, None).values_list("pk", flat=True))
        assert pages.count == len(wanted)
        for number in {1, 2, max(1, pages.num_pages // 2), pages.num_pages}:
            found = [case.pk for case in pages.page(number)]
            assert found == wanted[(number - 1) * 50 : number * 50], (shown, number)


def test_a_change_of_profile_counts_every_case_anew(review: Review, bola: User) -> None:
    first, *others = lines_of(review.current_profile)
    lines = [Line(slug=first.slug, name=first.name, tier="of-interest"), *others]
    change(review=review, lines=lines, reason="The other tier.", by=bola)
    assert recount_by(Case.objects.of(review), review.current_profile) == 0
    assert tally.in_step(connection)
    assert rank_review(review).total == CASES
