"""The selection page of reviews of 10³, 10⁵ and 10⁶ cases: what its queries take, through the page itself.

The reference is the least that can be asked: the same fifty cases in the order of the index, with their
districts, and for the page as a whole their answers, without a ranking. Pages that narrow or sort the whole
set are held against the page that does neither.
"""

from collections.abc import Callable, Iterator
from functools import partial

from django.db import connection
from django.test import Client
from django.urls import reverse

from cases.matching import score_of
from cases.models import Case, Review
from cases.ranking import counts_of, rank_review
from tests.bench.database_time import database_seconds, statements_of
from tests.bench.reviews import SIZES, business_team, review_of
from tests.bench.timing import Row, compare, measure

PAGE_GOAL, FLAT_GOAL, RANK_GOAL = 3.0, 1.5, 30.0
# Narrowed and sorted over the whole set; what follows from counts, and what does not.
ASKED = {
    "sorted by highest count": "sort=highest",
    "sorted by district": "sort=district",
    "sorted by standing": "sort=standing",
    "standing open": "standing=open",
    "a page in the middle": "page={middle}",
    "one answer not known": "characteristic={characteristic}&answer=not+known",
}

BARE_CASES = """
SELECT cases_case.*, district.name, district."order" FROM cases_case
JOIN cases_district AS district ON district.id = cases_case.district_id
WHERE cases_case.review_id = %s AND withdrawn_at IS NULL
ORDER BY match_count DESC, key_count DESC, not_known_count, sequence LIMIT 50"""
BARE_ANSWERS = "SELECT * FROM cases_answer WHERE case_id = ANY(%s)"


def bare_page(review: Review) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BARE_CASES, [review.pk])
        cases = [row[0] for row in cursor.fetchall()]
        cursor.execute(BARE_ANSWERS, [cases])
        assert len(cursor.fetchall()) == 9 * 50


def bare_cases(review: Review) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BARE_CASES, [review.pk])
        assert len(cursor.fetchall()) == 50


def page(review: Review, query: str = "") -> Callable[[], None]:
    """The page as the business team opens it, signed in."""
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(business_team())
    address = f"{reverse('selection', args=[review.slug])}?{query}"

    def opened() -> None:
        response = client.get(address)
        assert response.status_code == 200, response.status_code
        assert b"Cases by rank" in response.content

    return opened


def query_of_cases(review: Review) -> Callable[[], float]:
    """The seconds of the one statement by which the page reads its fifty cases."""
    opened = page(review)

    def measured() -> float:
        found = [taken for taken, sql in statements_of(opened).each if _is_page_of_cases(sql)]
        assert len(found) == 1, found
        return found[0]

    return measured


def _is_page_of_cases(sql: str) -> bool:
    return sql.endswith("LIMIT 50") and "cases_decision" in sql and "UNION" not in sql


def rows() -> Iterator[Row]:
    reviews: dict[int, Review] = {}
    for size in SIZES:
        reviews[size] = review = review_of(size, wanted=size // 10)
        bare = partial(database_seconds, partial(bare_page, review))
        opened = page(review)
        yield measure(
            f"selection page, database time, {size:,} cases",
            partial(database_seconds, opened),
            bare,
            goal=PAGE_GOAL,
            curve="selection page, database time",
            size=size,
        )
        yield measure(
            f"its query of fifty cases, {size:,} cases",
            query_of_cases(review),
            partial(database_seconds, partial(bare_cases, review)),
            goal=PAGE_GOAL,
            curve="query of fifty cases",
            size=size,
        )
    yield measure(
        "selection page, database time, 10⁶ ÷ 10³",
        partial(database_seconds, page(reviews[SIZES[-1]])),
        partial(database_seconds, page(reviews[SIZES[0]])),
        goal=FLAT_GOAL,
    )
    yield from of_largest(reviews[SIZES[-1]])
    yield statements(reviews[SIZES[-1]])


def of_largest(review: Review) -> Iterator[Row]:
    case = Case.objects.of(review).ranked()[500]
    yield compare(
        "rank of one case, 1,000,000 cases",
        partial(rank_of, case, review),
        partial(bare_cases, review),
        goal=RANK_GOAL,
    )
    first_page = partial(database_seconds, page(review))
    number = Case.objects.of(review).count()
    names = {"middle": number // 100, "characteristic": review.characteristics.all()[0].slug}
    for words, query in ASKED.items():
        yield measure(
            f"selection page, {words}, {number:,} cases",
            partial(database_seconds, page(review, query.format(**names))),
            first_page,
            goal=None if "answer" in query else FLAT_GOAL,
        )


def rank_of(case: Case, review: Review) -> None:
    """The rank, read afresh as the page of one case reads it."""
    ranking = rank_review(review)
    assert ranking.ranks[score_of(counts_of(ranking.cases().get(pk=case.pk)))] >= 1


def statements(review: Review) -> Row:
    found = statements_of(page(review))
    return Row("selection page, statements", found.number, 16, 1.0, unit="statements")
