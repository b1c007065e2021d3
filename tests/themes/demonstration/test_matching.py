"""The invented cases come out as the review of 2022 did, by the rules of `cases.matching`."""

from typing import Any

import pytest

from cases.matching.agreement import agreement
from cases.matching.answers import CaseAnswers, Characteristic, Profile, effective_answer
from cases.matching.cutoff import Criteria
from cases.matching.table import RankingRow, RankingTable, ranking_table
from themes.demonstration.content import read

REVIEW = read("review")
CASES = read("cases")["cases"]
DECISIONS = {decision["case"]: decision for decision in read("decisions")["decisions"]}


def ranked_by(name: str, cases: list[dict[str, Any]] = CASES) -> RankingTable:
    """The ranking under the profile of one file: version 1 in "review", version 2 in "profile_change"."""
    profile = Profile(
        tuple(Characteristic(line["slug"], line["tier"]) for line in read(name)["characteristics"])
    )
    criteria = Criteria(REVIEW["cases_to_select"], REVIEW["minimum_matches"], REVIEW["minimum_per_district"])
    return ranking_table(
        [
            CaseAnswers(case["key"], case["district"], sequence, answers_of(case))
            for sequence, case in enumerate(cases, start=1)
        ],
        profile,
        criteria,
    )


def answers_of(case: dict[str, Any]) -> dict[str, str]:
    verified = case.get("verified", {})
    return {
        slug: effective_answer(given["answer"], verified[slug]["answer"] if slug in verified else None)
        for slug, given in case["reported"].items()
    }


def by_key(table: RankingTable) -> dict[object, RankingRow]:
    return {row.key: row for row in table.rows}


def test_the_profile_as_applied_ranks_the_cases_with_a_tie_at_the_sixth_place() -> None:
    rows = ranked_by("profile_change").rows
    assert [(row.rank, row.key, row.match_count, row.key_count, row.not_known) for row in rows] == [
        (1, "north-1", 9, 4, 0),
        (2, "west-1", 8, 4, 0),
        (3, "south-1", 8, 3, 0),
        (4, "east-1", 7, 4, 1),
        (5, "west-2", 7, 3, 1),
        (6, "north-2", 6, 3, 1),
        (6, "east-3", 6, 3, 1),
        (8, "south-2", 6, 2, 0),
        (8, "west-3", 6, 2, 0),
        (10, "north-3", 5, 2, 1),
        (11, "south-3", 5, 2, 2),
        (12, "east-2", 4, 1, 0),
    ]
    assert [row.suggested for row in rows] == ["yes"] * 5 + ["tie"] * 2 + ["no"] * 5


def test_the_profile_as_requested_suggests_another_selection() -> None:
    rows = ranked_by("review").rows
    assert [(row.rank, row.key, row.match_count) for row in rows] == [
        (1, "north-1", 8),
        (2, "south-1", 8),
        (3, "west-1", 7),
        (4, "east-1", 6),
        (5, "south-2", 6),
        (5, "west-3", 6),
        (7, "west-2", 6),
        (8, "north-2", 5),
        (8, "east-3", 5),
        (8, "north-3", 5),
        (11, "south-3", 5),
        (12, "east-2", 4),
    ]
    assert [row.suggested for row in rows] == ["yes"] * 6 + ["no"] * 6


def test_standing_shows_secure_open_and_out() -> None:
    standing = {key: row.standing for key, row in by_key(ranked_by("profile_change")).items()}
    assert {key for key in standing if standing[key] == "secure"} == {
        "north-1",
        "west-1",
        "south-1",
        "east-1",
    }
    assert {key for key in standing if standing[key] == "open"} == {"west-2", "north-2", "east-3", "south-3"}
    assert {key for key in standing if standing[key] == "out"} == {"south-2", "west-3", "north-3", "east-2"}


def test_three_not_known_answers_are_decisive() -> None:
    decisive = {row.key: row.decisive for row in ranked_by("profile_change").rows if row.decisive}
    assert decisive == {
        "north-2": ("housing-issues",),
        "east-3": ("cannabis-in-household",),
        "south-3": ("parental-mental-health",),
    }


def test_selected_cases_have_six_of_nine_and_a_family_history_with_ics() -> None:
    rows = by_key(ranked_by("profile_change"))
    selected = [rows[key] for key, decision in DECISIONS.items() if decision["outcome"] == "selected"]
    districts = [row.district for row in selected]
    assert {name: districts.count(name) for name in REVIEW["districts"]} == {
        "North": 2,
        "South": 1,
        "East": 1,
        "West": 2,
    }
    assert all(row.match_count >= 6 for row in selected)
    assert all(row.answers["family-history-of-ics"] == "present" for row in selected)


def test_decisions_follow_the_suggestion_and_the_tie_is_decided_with_reasons() -> None:
    rows = by_key(ranked_by("profile_change"))
    assert set(DECISIONS) == set(rows)
    for key, decision in DECISIONS.items():
        suggested = rows[key].suggested
        if suggested == "tie":
            assert decision["reason"]
        else:
            assert (decision["outcome"] == "selected") == (suggested == "yes")
    outcomes = [decision["outcome"] for decision in DECISIONS.values()]
    assert [outcomes.count(each) for each in ("selected", "reserve", "not selected")] == [6, 3, 3]


def test_one_verified_answer_of_twelve_disagrees_and_keeps_a_case_from_the_selection() -> None:
    pairs = [
        (case["reported"][slug]["answer"], verified["answer"])
        for case in CASES
        for slug, verified in case.get("verified", {}).items()
    ]
    assert (agreement(pairs).compared, agreement(pairs).agreed) == (12, 11)
    as_reported = [{**case, "verified": {}} for case in CASES]
    assert by_key(ranked_by("profile_change", as_reported))["south-2"].suggested == "yes"
    assert by_key(ranked_by("profile_change"))["south-2"].suggested == "no"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["key"])
def test_every_case_answers_both_versions_as_at_an_assessment_in_2021(case: dict[str, Any]) -> None:
    asked = {line["slug"] for name in ("review", "profile_change") for line in read(name)["characteristics"]}
    assert set(case["reported"]) == asked
    assert case["assessment_date"].year == 2021
    assert case["reported"]["premature-birth"]["answer"] != "present"


def test_liberi_ids_are_digits_used_once_and_three_cases_stand_for_each_district() -> None:
    ids = [case["liberi_id"] for case in CASES]
    assert len(set(ids)) == 12
    assert all(each.isdigit() and len(each) == 7 and each.startswith("09") for each in ids)
    assert all(sum(case["district"] == name for case in CASES) == 3 for name in REVIEW["districts"])
