"""The sentences that say why a case stands where it stands."""

from collections.abc import Mapping

import pytest

from cases import words
from cases.matching import Counts, Criteria

BEST = Counts("North", 4, 2, 0, 0)
TIED = Counts("North", 3, 2, 0, 0)
TIED_ELSEWHERE = Counts("South", 3, 2, 0, 0)
FEWER_KEY = Counts("South", 3, 1, 0, 0)
LESS_KNOWN = Counts("South", 3, 1, 1, 1)
TALLY = {BEST: 1, TIED: 2, TIED_ELSEWHERE: 1, FEWER_KEY: 1, LESS_KNOWN: 1}


def explained(rank: int, counts: Counts, tally: Mapping[Counts, int] = TALLY) -> list[str]:
    return words.explain_place(words.Place(rank, counts, tally, characteristics=4))


@pytest.mark.parametrize(
    ("number", "word"),
    [(1, "first"), (6, "sixth"), (10, "tenth"), (11, "11th"), (21, "21st"), (22, "22nd"), (113, "113th")],
)
def test_ordinal(number: int, word: str) -> None:
    assert words.ordinal(number) == word


def test_best_case_has_nobody_ahead() -> None:
    assert explained(1, BEST) == [
        "First of 6: 4 of 4 present, 2 of them key.",
        "Every answer is known.",
        "No case is ahead of it.",
    ]


def test_tied_case_says_with_how_many() -> None:
    assert explained(2, TIED)[0] == "Joint second of 6: 3 of 4 present, 2 of them key."
    assert "It shares this rank with 2 other cases" in explained(2, TIED)[2]
    assert explained(2, TIED)[3] == "1 case is ahead of it, with more present."


def test_each_reason_for_being_behind_is_told_with_its_number() -> None:
    assert explained(6, LESS_KNOWN)[1] == "1 answer is not known, so the count may be 3 to 4."
    assert explained(6, LESS_KNOWN)[-1] == (
        "5 cases are ahead of it: 1 with more present, 3 with as many present but more of them key and "
        "1 with as many present and key but fewer answers not known."
    )


def test_case_below_the_minimum_is_said_not_to_qualify() -> None:
    criteria = Criteria(wanted=2, minimum=4)
    assert words.explain_suggestion("no", "out", TIED, criteria)[0] == (
        "It does not qualify: 4 are needed and 3 are present."
    )


@pytest.mark.parametrize("suggested", ["yes", "tie", "no"])
@pytest.mark.parametrize("standing", ["secure", "open", "out"])
def test_every_suggestion_and_standing_has_its_sentence(suggested: str, standing: str) -> None:
    first, second = words.explain_suggestion(suggested, standing, BEST, Criteria(wanted=2, minimum=2))
    assert first.endswith(".")
    assert second.lower().startswith(standing)


def test_tie_names_its_cases_rank_and_places() -> None:
    sentence = words.tie_in_words(number=3, rank=5, places=2, names=["A", "B", "C"])
    assert sentence == "3 cases are tied at rank 5 for 2 places: A, B and C. Decide between them."


def test_tie_of_many_names_the_first() -> None:
    sentence = words.tie_in_words(number=40, rank=5, places=1, names=["A", "B"], district="North")
    assert sentence == (
        "40 cases are tied at rank 5 for 1 place under the minimum of North: A, B and 38 more. "
        "Decide between them."
    )


@pytest.mark.parametrize(
    ("qualifying", "said"),
    [
        (6, ""),
        (4, "Only 4 cases qualify (6 or more present), and 6 are wanted: 4 are suggested."),
        (1, "Only 1 case qualifies (6 or more present), and 6 are wanted: 1 is suggested."),
        (0, "No case qualifies (6 or more present): none is suggested."),
    ],
)
def test_fewer_than_wanted_is_said(qualifying: int, said: str) -> None:
    assert words.fewer_in_words(qualifying=qualifying, wanted=6, minimum=6) == said
