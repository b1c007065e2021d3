"""Rule 5: agreement between reported and verified answers."""

from collections import Counter
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.matching import ANSWERS, Comparison, agreement, agreement_table
from cases.matching.agreement import FEWEST_FOR_KAPPA, cohens_kappa

P, A, N = ANSWERS


Table = tuple[tuple[int, int, int], ...]


def cells_of(table: Table) -> dict[tuple[str, str], int]:
    """A row an answer as reported, a column as verified."""
    return {
        (reported, verified): number
        for reported, row in zip(ANSWERS, table, strict=True)
        for verified, number in zip(ANSWERS, row, strict=True)
    }


# The figures are those of scikit-learn 1.9.1, sklearn.metrics.cohen_kappa_score, for the same answers.
@pytest.mark.parametrize(
    ("table", "kappa"),
    [
        (((30, 2, 1), (3, 40, 2), (1, 4, 17)), 0.7958542713567839),
        (((5, 0, 9), (0, 7, 8), (1, 2, 20)), 0.3635250917992656),
        (((10, 10, 0), (10, 10, 0), (0, 0, 0)), 0.0),
        (((1, 9, 2), (8, 1, 3), (2, 4, 1)), -0.40226171243941833),
        (((12, 0, 3), (5, 0, 2), (1, 0, 8)), 0.4059233449477352),
    ],
)
def test_kappa_is_that_of_scikit_learn(table: Table, kappa: float) -> None:
    assert cohens_kappa(cells_of(table)) == pytest.approx(kappa, abs=1e-12)


def test_kappa_of_a_worked_example() -> None:
    """20 and 15 agreed, 5 and 10 not: 0.70 observed, 0.50 by chance, kappa 0.40."""
    found = agreement([(P, P)] * 20 + [(P, A)] * 5 + [(A, P)] * 10 + [(A, A)] * 15)
    assert (found.compared, found.agreed) == (50, 35)
    assert found.percentage == pytest.approx(70)
    assert found.kappa == pytest.approx(0.4)
    assert found.reason == ""


@pytest.mark.parametrize(
    ("pairs", "percentage", "kappa"),
    [
        ([(P, P), (A, A)], 100, 1),
        ([(P, A), (A, P)], 0, -1),
        ([(P, P), (P, A)], 50, 0),
        ([(N, P), (P, P)], 50, 0),
    ],
)
def test_agreement(pairs: list[tuple[str, str]], percentage: float, kappa: float) -> None:
    found = agreement(pairs * FEWEST_FOR_KAPPA)
    assert found.percentage == pytest.approx(percentage)
    assert found.kappa == pytest.approx(kappa)


def test_kappa_is_withheld_with_a_reason_on_too_few_answers() -> None:
    pairs = [(P, P), (A, A), (P, A)] * (FEWEST_FOR_KAPPA // 3)
    few = agreement(pairs[1:])
    assert (few.compared, few.kappa) == (FEWEST_FOR_KAPPA - 1, None)
    assert "fewer than 18 verified answers" in few.reason
    assert few.percentage is not None
    assert agreement(pairs).kappa is not None


def test_kappa_is_undefined_with_a_reason_when_nothing_is_verified() -> None:
    found = agreement([])
    assert (found.percentage, found.kappa, found.reason) == (None, None, "No answer has been verified yet.")


def test_kappa_is_undefined_with_a_reason_when_every_answer_is_the_same() -> None:
    found = agreement([(P, P)] * FEWEST_FOR_KAPPA)
    assert (found.percentage, found.kappa) == (100, None)
    assert "Every answer is “present”" in found.reason


def test_the_table_leaves_out_what_is_not_verified_and_adds_up() -> None:
    table = agreement_table(
        [
            Comparison("housing", P, P),
            Comparison("housing", P, A),
            Comparison("housing", A, None),
            Comparison("cannabis", A, A),
            Comparison("retired", A, P),
        ],
        ["cannabis", "housing", "deprivation"],
    )
    assert list(table.by_characteristic) == ["cannabis", "housing", "deprivation"]
    assert {slug: (a.agreed, a.compared) for slug, a in table.by_characteristic.items()} == {
        "cannabis": (1, 1),
        "housing": (1, 2),
        "deprivation": (0, 0),
    }
    assert (table.overall.agreed, table.overall.compared) == (2, 3)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(pairs=st.lists(st.tuples(st.sampled_from(ANSWERS), st.sampled_from(ANSWERS)), min_size=1, max_size=8))
def test_chance_agreement_is_that_of_pairing_every_reported_with_every_verified(
    pairs: list[tuple[str, str]],
) -> None:
    """Kappa from its meaning: chance is the agreement when answers are paired at random."""
    at_random = list(product([r for r, _ in pairs], [v for _, v in pairs]))
    chance = sum(r == v for r, v in at_random) / len(at_random)
    observed = sum(r == v for r, v in pairs) / len(pairs)
    kappa = cohens_kappa(Counter(pairs))
    if chance == 1:
        assert kappa is None
    else:
        assert kappa == pytest.approx((observed - chance) / (1 - chance))
