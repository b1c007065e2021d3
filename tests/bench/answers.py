"""Changing one answer of one case among 100,000: checked, counted, tallied, recorded in the audit.

The reference is the least that a change of an answer writes: the answer, the counters of its case, a line
in a log; in one transaction.
"""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import count

from django.db import connection, transaction

from cases.actions import profiles
from cases.actions.answers import Found, verify
from cases.actions.profiles import Line, lines_of
from cases.counters import recount_by
from cases.models import Answer, Case, Review
from tests.bench.database_time import database_seconds, statements_of
from tests.bench.reviews import LINES, business_team, review_of
from tests.bench.timing import Row, compare, measure

CASES = 100_000
STATEMENTS, GOAL = 8, 4.0


def change_an_answer(case: Case) -> Callable[[], None]:
    """Verify one answer, each time otherwise than before; `case` knows its review, as on the page."""
    by, turns = business_team(), count()

    def changed() -> None:
        found = Found(("present", "absent")[next(turns) % 2])
        verify(case=case, found={LINES[0].slug: found}, by=by)

    return changed


def bare_change(case: Case) -> Callable[[], None]:
    answer, turns = Answer.objects.filter(case=case).order_by("pk")[0], count()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_log (at text, answer bigint, word text)")

    def changed() -> None:
        word = ("present", "absent")[next(turns) % 2]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE cases_answer SET verified = %s WHERE id = %s", [word, answer.pk])
            cursor.execute(
                "UPDATE cases_case SET match_count = %s, verified_count = 1 WHERE id = %s",
                [5 + next(turns) % 2, case.pk],
            )
            cursor.execute("INSERT INTO bench_log VALUES (%s, %s, %s)", ["now", answer.pk, word])

    return changed


def recounting(review: Review) -> Row:
    """Every case counted by another version of the profile, beside as many counters written bare."""
    lines = lines_of(review.current_profile)
    other = [Line(slug=each.slug, name=each.name, tier="of-interest") for each in lines[:1]] + lines[1:]
    profiles.change(review=review, lines=other, reason="Another tier.", by=business_team())
    versions = list(review.profile_versions.order_by("number"))
    turns = count()

    def ours() -> None:
        recount_by(Case.objects.of(review), versions[next(turns) % 2])

    def reference() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE cases_case SET key_not_known_count = 4 - key_not_known_count WHERE review_id = %s",
                [review.pk],
            )

    row = compare(f"recount {CASES:,} cases by another profile", ours, reference)
    recount_by(Case.objects.of(review), versions[-1])
    return row


def rows() -> Iterator[Row]:
    review = review_of(CASES, wanted=6)
    mine, theirs = (Case.objects.of(review).in_order_of_submission()[place] for place in (500, 501))
    changed, bare = change_an_answer(mine), bare_change(theirs)
    mine.review = review
    found = statements_of(changed)
    yield Row("change one answer, statements", found.number, STATEMENTS, 1.0, unit="statements")
    yield compare("change one answer", changed, bare, goal=GOAL)
    if connection.vendor == "postgresql":
        yield measure(
            "change one answer, database time",
            partial(database_seconds, changed),
            partial(database_seconds, bare),
            goal=GOAL,
        )
    yield recounting(review)
