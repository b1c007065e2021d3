"""Rule 1, and the part of rule 5 that says which answer counts."""

import pytest

from cases.matching import (
    CaseAnswers,
    Characteristic,
    Counts,
    Profile,
    answers_in_full,
    count_case,
    effective_answer,
)

PROFILE = Profile(
    (
        Characteristic("mental-health", "key"),
        Characteristic("substance-misuse", "key"),
        Characteristic("housing", "of-interest"),
    )
)


def case_with(**answers: str) -> CaseAnswers:
    named = {slug.replace("_", "-"): answer for slug, answer in answers.items()}
    return CaseAnswers("A", "North", 1, named)


@pytest.mark.parametrize(
    ("answers", "counts"),
    [
        (
            {"mental_health": "present", "substance_misuse": "present", "housing": "present"},
            Counts("North", 3, 2, 0, 0),
        ),
        (
            {"mental_health": "absent", "substance_misuse": "absent", "housing": "absent"},
            Counts("North", 0, 0, 0, 0),
        ),
        (
            {"mental_health": "not known", "substance_misuse": "present", "housing": "not known"},
            Counts("North", 1, 1, 2, 1),
        ),
        ({"housing": "present"}, Counts("North", 1, 0, 2, 2)),
        ({}, Counts("North", 0, 0, 3, 2)),
        (
            {
                "mental_health": "absent",
                "substance_misuse": "absent",
                "housing": "absent",
                "retired": "present",
            },
            Counts("North", 0, 0, 0, 0),
        ),
    ],
)
def test_counts_are_of_the_present_answers_of_the_profile(answers: dict[str, str], counts: Counts) -> None:
    assert count_case(case_with(**answers), PROFILE) == counts


def test_a_missing_answer_is_shown_as_not_known_and_never_as_absent() -> None:
    assert answers_in_full(case_with(housing="absent", retired="present"), PROFILE) == {
        "mental-health": "not known",
        "substance-misuse": "not known",
        "housing": "absent",
    }


def test_not_known_and_absent_give_different_counts() -> None:
    known = {"mental_health": "present", "substance_misuse": "present"}
    assert count_case(case_with(**known, housing="not known"), PROFILE) != count_case(
        case_with(**known, housing="absent"), PROFILE
    )


def test_the_range_runs_from_present_to_present_and_not_known() -> None:
    counts = count_case(case_with(mental_health="present", housing="not known"), PROFILE)
    assert (counts.lowest, counts.highest) == (1, 3)


def test_an_unknown_answer_is_refused() -> None:
    with pytest.raises(ValueError, match="“maybe” is not an answer"):
        count_case(case_with(housing="maybe"), PROFILE)


def test_a_profile_refuses_an_unknown_tier_and_a_repeated_slug() -> None:
    with pytest.raises(ValueError, match="“minor” is not a tier"):
        Characteristic("housing", "minor")
    with pytest.raises(ValueError, match="each characteristic once"):
        Profile((Characteristic("housing", "key"), Characteristic("housing", "of-interest")))


@pytest.mark.parametrize(
    ("reported", "verified", "wins"),
    [
        ("present", "absent", "absent"),
        ("present", "not known", "not known"),
        ("present", None, "present"),
        (None, None, "not known"),
        (None, "present", "present"),
    ],
)
def test_a_verified_answer_wins(reported: str | None, verified: str | None, wins: str) -> None:
    assert effective_answer(reported, verified) == wins
