"""The tally that the database keeps is always what counting every case gives."""

from collections import Counter

import pytest
from django.db import connection
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import tally
from cases.actions import profiles, submissions
from cases.actions.profiles import lines_of
from cases.models import Case, Presence, Review, Tally
from kscmp_review.accounts.models import User
from tests import build

COUNTS = ("match_count", "key_count", "not_known_count", "key_not_known_count")
KEY = ("review_id", "district_id", *COUNTS)
SLUGS = [line.slug for line in build.LINES]


def kept() -> dict[tuple[int, ...], tuple[int, int]]:
    rows = Tally.objects.filter(number__gt=0).values_list(*KEY, "number", "verified")
    return {tuple(key): (number, verified) for *key, number, verified in rows}


def recounted() -> dict[tuple[int, ...], tuple[int, int]]:
    numbers: Counter[tuple[int, ...]] = Counter()
    verified: Counter[tuple[int, ...]] = Counter()
    for *key, of_it in Case.objects.live().values_list(*KEY, "verified_count"):
        numbers[tuple(key)] += 1
        verified[tuple(key)] += of_it
    return {key: (number, verified[key]) for key, number in numbers.items()}


MARKS = st.text("pa?", min_size=len(SLUGS), max_size=len(SLUGS))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("submit"), st.sampled_from(["North", "South"]), MARKS),
        st.tuples(st.just("change"), st.integers(0, 9), MARKS),
        st.tuples(st.just("verify"), st.integers(0, 9), st.sampled_from(SLUGS)),
        st.tuples(st.just("withdraw"), st.integers(0, 9), st.just("")),
        st.tuples(st.just("profile"), st.sampled_from(SLUGS), st.just("")),
    ),
    max_size=8,
)


def one_of(review: Review, place: int) -> Case | None:
    cases = list(Case.objects.of(review).live().in_order_of_submission())
    return cases[place % len(cases)] if cases else None


def do(review: Review, step: tuple[str, object, str], number: int, by: User) -> None:
    """One step; where there is no case to take it on, nothing."""
    kind, what, how = step
    if kind == "submit":
        build.case(review, str(what), f"9{number:05}", how[: review.current_profile.lines.count()], by=by)
    elif kind == "profile":
        lines = lines_of(review.current_profile)
        other = {"key": "of-interest", "of-interest": "key"}
        profiles.change(
            review=review,
            lines=[
                profiles.Line(slug=line.slug, name=line.name, tier=other[line.tier])
                if line.slug == what
                else line
                for line in lines
            ],
            reason="The other tier.",
            by=by,
        )
    elif isinstance(what, int) and (case := one_of(review, what)):
        if kind == "withdraw":
            submissions.withdraw(case=case, by=by)
        elif kind == "verify":
            presence = Presence.ABSENT if case.verified_count else Presence.PRESENT
            build.verified(case, how, presence, note=f"step {number}", by=by)
        else:
            submissions.change(
                case=case,
                submission=submissions.Submission(
                    liberi_id=case.liberi_id,
                    assessment_date=case.assessment_date,
                    answers=build.answers(review, how),
                ),
                revision=case.revision,
                by=by,
            )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_tally_is_a_recount_after_whatever_actions(bola: User, steps: list[tuple[str, object, str]]) -> None:
    Review.objects.filter(slug__startswith="one-").update(stage="closed")
    review = build.review(f"one-{Review.objects.count()}", by=bola, cases_per_district=9)
    for number, step in enumerate(steps):
        do(review, step, number, bola)
        assert kept() == recounted()


@pytest.fixture
def cases(review: Review, bola: User) -> list[Case]:
    return [
        build.case(review, district, f"5{number}", marks, by=bola)
        for number, (district, marks) in enumerate(
            [("North", "pp??"), ("North", "pp??"), ("South", "pp??"), ("South", "aaaa")]
        )
    ]


def test_many_cases_written_in_one_statement_are_tallied(cases: list[Case]) -> None:
    Case.objects.filter(match_count=2).update(match_count=3, not_known_count=F("not_known_count") - 1)
    assert kept() == recounted()
    assert sorted(number for number, _ in kept().values()) == [1, 1, 2]


def test_cases_deleted_leave_the_tally(cases: list[Case]) -> None:
    for case in cases[:2]:
        case.answers.all().delete()
        case.versions.all().delete()
    Case.objects.filter(pk__in=[case.pk for case in cases[:2]]).delete()
    assert kept() == recounted()


def test_a_write_that_touches_no_count_writes_no_tally(cases: list[Case]) -> None:
    before = list(Tally.objects.order_by("pk").values_list())
    Case.objects.update(revision=F("revision") + 1)
    assert list(Tally.objects.order_by("pk").values_list()) == before


def test_a_lost_trigger_is_put_back_and_what_it_missed_is_counted(cases: list[Case]) -> None:
    name = "case_tally_insert" if connection.vendor == "postgresql" else "case_tally_more"
    of_table = f" ON {tally.CASES}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{of_table}")
    Tally.objects.update(number=F("number") + 5)
    assert kept() != recounted(), "the tally must be wrong before it is put right"
    tally.after_migrate(using="default")
    assert kept() == recounted()
    Case.objects.update(match_count=1)
    assert kept() == recounted()


def test_two_reviews_are_tallied_apart(cases: list[Case], bola: User) -> None:
    other = build.review("apart", by=bola)
    build.case(other, "North", "77", "pppp", by=bola)
    assert kept() == recounted()
    assert Tally.objects.of(other).count() == 1
