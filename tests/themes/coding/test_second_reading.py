"""Two readers of the same texts: where they differ, and how far they agree."""

from collections.abc import Hashable

import krippendorff
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from themes.coding.passages import Passage
from themes.coding.second_reading import (
    FEW,
    Disagreement,
    Mark,
    by_theme,
    disagreements,
    reliability,
    together,
)

PAIRS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=30)
FIRST = Mark("note", "trust", Passage(0, 10))
TOUCHING = Mark("note", "trust", Passage(9, 20))
APART = Mark("note", "trust", Passage(10, 20))
WHOLE = Mark("note", "trust")


def test_alpha_of_the_worked_example_of_krippendorff() -> None:
    """Krippendorff (2011), "Computing Krippendorff's alpha-reliability", binary data, two observers."""
    meg = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    owen = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    found = reliability((bool(one), bool(other)) for one, other in zip(meg, owen, strict=True))
    assert found.alpha == pytest.approx(0.095, abs=0.0005)
    assert found.percentage == 60


def test_kappa_of_a_worked_example() -> None:
    """Fifty proposals, two readers: 20 yes by both, 15 no by both, 5 and 10 by one alone; kappa 0.4."""
    pairs = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15
    assert reliability(pairs).kappa == pytest.approx(0.4)
    assert reliability(pairs).percentage == 70


@given(PAIRS)
def test_alpha_is_that_of_the_library(pairs: list[tuple[bool, bool]]) -> None:
    found = reliability(pairs)
    values = {value for pair in pairs for value in pair}
    assume(len(values) == 2)
    table = [[int(one) for one, _ in pairs], [int(other) for _, other in pairs]]
    expected = krippendorff.alpha(reliability_data=table, level_of_measurement="nominal")
    assert found.alpha == pytest.approx(expected)


@pytest.mark.parametrize("pairs", [[], [(True, True)] * 5, [(False, False)] * 5])
def test_no_figure_where_only_one_answer_was_ever_given(pairs: list[tuple[bool, bool]]) -> None:
    found = reliability(pairs)
    assert found.alpha is None
    assert found.kappa is None
    assert (found.percentage is None) == (not pairs)


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ([FIRST], [TOUCHING], []),
        ([FIRST], [WHOLE], []),
        ([FIRST], [APART], [Disagreement(FIRST, "first"), Disagreement(APART, "second")]),
        ([FIRST, FIRST], [], [Disagreement(FIRST, "first")]),
        (
            [FIRST],
            [Mark("other", "trust")],
            [Disagreement(FIRST, "first"), Disagreement(Mark("other", "trust"), "second")],
        ),
        (
            [WHOLE],
            [Mark("note", "family")],
            [Disagreement(WHOLE, "first"), Disagreement(Mark("note", "family"), "second")],
        ),
    ],
)
def test_what_is_a_disagreement(first: list[Mark], second: list[Mark], told: list[Disagreement]) -> None:
    assert disagreements(first, second) == told


@given(
    st.lists(st.sampled_from([FIRST, TOUCHING, APART, WHOLE]), max_size=4),
    st.lists(st.sampled_from([FIRST, APART]), max_size=3),
)
def test_disagreement_is_seen_alike_from_both_sides(first: list[Mark], second: list[Mark]) -> None:
    there = {(each.mark, each.reader == "first") for each in disagreements(first, second)}
    back = {(each.mark, each.reader == "second") for each in disagreements(second, first)}
    assert there == back


def test_agreement_is_told_by_sentence_and_theme() -> None:
    texts: dict[Hashable, list[Passage]] = {
        "note": [Passage(0, 8), Passage(9, 15), Passage(16, 20)],
        "other": [Passage(0, 5)],
    }
    found = by_theme(texts, [FIRST, Mark("other", "family")], [TOUCHING, Mark("other", "family")])
    trust, family = found["trust"], found["family"]
    assert (trust.both, trust.only_first, trust.only_second, trust.neither) == (1, 1, 1, 1)
    assert (family.both, family.neither) == (1, 3)
    overall = together(found.values())
    assert (overall.units, overall.both, overall.only_first, overall.only_second) == (8, 2, 1, 1)
    assert overall.few
    assert not reliability([(True, True)] * FEW).few
