"""Rule 5: agreement between reported and verified answers."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.matching import ANSWERS, Comparison, agreement, agreement_table

P, A, N = ANSWERS


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
    found = agreement(pairs)
    assert found.percentage == pytest.approx(percentage)
    assert found.kappa == pytest.approx(kappa)


def test_kappa_is_undefined_with_a_reason_when_nothing_is_verified() -> None:
    found = agreement([])
    assert (found.percentage, found.kappa, found.reason) == (None, None, "No answer has been verified yet.")


def test_kappa_is_undefined_with_a_reason_when_every_answer_is_the_same() -> None:
    found = agreement([(P, P)] * 6)
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
    found = agreement(pairs)
    if chance == 1:
        assert found.kappa is None
        assert found.reason
    else:
        assert found.kappa == pytest.approx((observed - chance) / (1 - chance))
