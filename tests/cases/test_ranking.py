"""The ranking read from the database is the ranking of `cases.matching`, to the letter."""

from collections.abc import Sequence

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import matching, paging
from cases.actions import profiles
from cases.actions.profiles import lines_of
from cases.counters import recount_by
from cases.matching import Criteria
from cases.models import Answer, Case, Presence, ProfileVersion, Review
from cases.ranking import Ranking, rank_review
from cases.shown import SORTS, Shown, cases_to_show
from tests import build

DISTRICTS = ("North", "South", "East")
CASES = 8
SLUGS = [line.slug for line in build.LINES]
ANSWERS = st.sampled_from([None, *((reported, None) for reported in Presence.values)]) | st.tuples(
    st.sampled_from(Presence.values), st.sampled_from(Presence.values)
)
ALL_ANSWERS = st.lists(
    st.lists(ANSWERS, min_size=len(SLUGS), max_size=len(SLUGS)), min_size=CASES, max_size=CASES
)
CRITERIA = st.builds(
    Criteria, wanted=st.integers(1, 6), minimum=st.integers(0, 4), minimum_per_district=st.integers(0, 2)
)
# The database is the same for every example: each writes all the answers anew.
with_the_database = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
Given = tuple[str, str | None] | None


@pytest.fixture
def review(db: None) -> Review:
    """Eight cases, and a second version of the profile without one characteristic and with another tier."""
    boss = build.user("boss", opens_reviews=True)
    made = build.review(by=boss, districts=DISTRICTS)
    for number in range(CASES):
        build.case(made, DISTRICTS[number % 3], f"00{number}", "????", by=boss)
    first, second, third, _ = lines_of(made.current_profile)
    changed = [
        third,
        first,
        profiles.Line(slug=second.slug, name=second.name, tier="of-interest"),
    ]
    profiles.change(review=made, lines=changed, reason="Two say the same.", by=boss)
    return made


def write(review: Review, answers: Sequence[Sequence[Given]]) -> None:
    characteristics = {each.slug: each for each in review.characteristics.all()}
    Answer.objects.filter(case__review=review).delete()
    cases = list(Case.objects.of(review).in_order_of_submission())
    Answer.objects.bulk_create(
        Answer(case=case, characteristic=characteristics[slug], reported=given[0], verified=given[1])
        for case, given_to_case in zip(cases, answers, strict=True)
        for slug, given in zip(SLUGS, given_to_case, strict=True)
        if given is not None
    )
    recount_by(Case.objects.of(review), review.current_profile)


def in_pure_code(review: Review, version: ProfileVersion, criteria: Criteria) -> matching.RankingTable:
    profile = matching.Profile(
        tuple(matching.Characteristic(line.slug, line.tier) for line in version.lines.all())
    )
    return matching.ranking_table(
        [
            matching.CaseAnswers(
                key=case.pk,
                district=case.district.name,
                sequence=case.sequence,
                answers={
                    answer.characteristic.slug: matching.effective_answer(answer.reported, answer.verified)
                    for answer in case.answers.all()
                },
            )
            for case in Case.objects.of(review).select_related("district").with_answers()
        ],
        profile,
        criteria,
    )


def from_database(ranking: Ranking) -> list[tuple[object, ...]]:
    cases = ranking.cases().select_related("district").prefetch_related("answers")
    return [
        (
            row.rank, row.case.pk, row.district, row.counts.match_count, row.counts.key_count,
            row.counts.not_known, row.lowest, row.highest, row.standing, row.suggested, row.answers,
            row.decisive,
        )
        for row in ranking.rows(cases)
    ]  # fmt: skip


@with_the_database
@given(answers=ALL_ANSWERS, criteria=CRITERIA, number=st.sampled_from([1, 2]))
def test_ranking_from_the_database_is_that_of_the_rules(
    review: Review, answers: Sequence[Sequence[Given]], criteria: Criteria, number: int
) -> None:
    write(review, answers)
    version = review.profile_versions.get(number=number)
    table = in_pure_code(review, version, criteria)
    ranking = rank_review(review, profile=version, criteria=criteria)
    assert from_database(ranking) == [tuple(row) for row in table.rows]
    district_names = dict(review.districts.values_list("pk", "name"))
    assert [
        (tie.rank, district_names.get(tie.district_id or 0), tie.places, tie.number) for tie in ranking.ties
    ] == [(tie.rank, tie.district, tie.places, len(tie.keys)) for tie in table.suggestion.tied]


@with_the_database
@given(
    answers=ALL_ANSWERS,
    criteria=CRITERIA,
    number=st.sampled_from([1, 2]),
    standing=st.sampled_from(["", "secure", "open", "out"]),
    suggestion=st.sampled_from(["", "yes", "tie", "no"]),
    answer=st.sampled_from(["", *Presence.values]),
    sort=st.sampled_from(["", "standing", "suggestion", "highest", "district", "submitted"]),
)
def test_narrowing_shows_exactly_the_cases_that_stand_so(
    review: Review,
    answers: Sequence[Sequence[Given]],
    criteria: Criteria,
    number: int,
    standing: str,
    suggestion: str,
    answer: str,
    sort: str,
) -> None:
    write(review, answers)
    version = review.profile_versions.get(number=number)
    rows = in_pure_code(review, version, criteria).rows
    ranking = rank_review(review, profile=version, criteria=criteria)
    line = ranking.lines[0]
    shown = Shown(
        standing=standing,
        suggestion=suggestion,
        characteristic=line.characteristic_id if answer else None,
        answer=answer,
        sort=sort,
    )
    wanted = [
        row
        for row in rows
        if standing in ("", row.standing)
        and suggestion in ("", row.suggested)
        and answer in ("", row.answers[line.slug])
    ]
    order = {
        "standing": lambda row: ["secure", "open", "out"].index(row.standing),
        "suggestion": lambda row: ["yes", "tie", "no"].index(row.suggested),
        "highest": lambda row: (-row.highest, -row.match_count),
        "district": lambda row: DISTRICTS.index(row.district),
        "submitted": lambda row: row.key,
    }
    if sort:
        wanted.sort(key=order[sort])
    assert [case.pk for case in cases_to_show(ranking, shown, None)] == [row.key for row in wanted]


def test_profile_without_key_characteristics_counts_none(review: Review) -> None:
    boss = review.created_by
    lines = [
        profiles.Line(slug=line.slug, name=line.name, tier="of-interest")
        for line in lines_of(review.current_profile)
    ]
    profiles.change(review=review, lines=lines, reason="None is key.", by=boss)
    assert {counts.key_count for counts in rank_review(review).tally} == {0}


def test_withdrawn_case_is_not_ranked(review: Review) -> None:
    from cases.actions import submissions

    case = Case.objects.of(review).ranked()[0]
    submissions.withdraw(case=case, by=review.created_by)
    assert rank_review(review).total == CASES - 1


@with_the_database
@given(
    answers=ALL_ANSWERS,
    criteria=CRITERIA,
    standing=st.sampled_from(["", "secure", "open", "out"]),
    suggestion=st.sampled_from(["", "yes", "tie", "no"]),
    district=st.sampled_from(["", *DISTRICTS]),
    answer=st.sampled_from(["", *Presence.values]),
    sort=st.sampled_from(["", *SORTS, "decision"]),
    size=st.integers(1, 5),
)
def test_pages_hold_what_is_to_be_shown_each_case_once_and_in_order(
    review: Review,
    answers: Sequence[Sequence[Given]],
    criteria: Criteria,
    standing: str,
    suggestion: str,
    district: str,
    answer: str,
    sort: str,
    size: int,
) -> None:
    write(review, answers)
    ranking = rank_review(review, criteria=criteria)
    shown = Shown(
        standing=standing,
        suggestion=suggestion,
        district=review.districts.get(name=district).pk if district else None,
        characteristic=ranking.lines[0].characteristic_id if answer else None,
        answer=answer,
        sort=sort,
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paging, "CASES_A_PAGE", size)
        pages = paging.pages_of(ranking, shown, None)
        found = [case.pk for number in pages.page_range for case in pages.page(number)]
    wanted = [case.pk for case in cases_to_show(ranking, shown, None)]
    assert found == wanted
    assert pages.count == len(wanted)


@with_the_database
@given(answers=ALL_ANSWERS, criteria=CRITERIA, number=st.sampled_from([1, 2]), limit=st.integers(0, CASES))
def test_first_cases_with_some_counts_are_the_first_in_rank_order(
    review: Review, answers: Sequence[Sequence[Given]], criteria: Criteria, number: int, limit: int
) -> None:
    write(review, answers)
    version = review.profile_versions.get(number=number)
    ranking = rank_review(review, profile=version, criteria=criteria)
    wanted = [counts for counts in ranking.tally if ranking.standings[counts] == "open"]
    found = paging.first_at_counts(ranking.cases(), ranking, wanted, limit)
    open_ones = cases_to_show(ranking, Shown(standing="open"), None)
    assert [case.pk for case in found] == [case.pk for case in open_ones[:limit]]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="about PostgreSQL's planner")
@pytest.mark.parametrize("answer", Presence.values)
def test_narrowing_by_an_answer_holds_no_list_of_cases_against_each_case(review: Review, answer: str) -> None:
    ranking = rank_review(review)
    shown = Shown(characteristic=ranking.lines[0].characteristic_id, answer=answer)
    assert "SubPlan" not in cases_to_show(ranking, shown, None).explain()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="about PostgreSQL's planner")
def test_a_list_held_against_each_case_is_noticed(review: Review) -> None:
    answered = Answer.objects.filter(presence=Presence.PRESENT).values("case")
    assert "SubPlan" in rank_review(review).cases().exclude(pk__in=answered).explain()
