"""What the themes rest on."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themes.coding.matrix import TagRecord, framework_matrix
from themes.coding.strength import additions, expected_themes, strengths, triangulation

CASES, THEMES = ["A", "B", "C", "D"], ["checks", "family", "trust"]
TAGS = [
    TagRecord("A", "checks", 1, "record"),
    TagRecord("A", "family", 2, "interview"),
    TagRecord("B", "family", 3, "record"),
    TagRecord("B", "family", 4, "interview"),
    TagRecord("C", "family", 5, "record"),
]
RECORDS = st.lists(
    st.builds(
        TagRecord,
        case=st.sampled_from(CASES),
        theme=st.sampled_from(THEMES),
        passage=st.integers(0, 9),
        source=st.sampled_from(["record", "interview"]),
    ),
    max_size=12,
)


def test_each_kind_of_triangulation() -> None:
    matrix = framework_matrix(CASES, THEMES, TAGS, [("C", "family"), ("D", "family")])
    assert [triangulation(matrix.cell(case, "family")) for case in CASES] == [
        "interviews only",
        "both",
        "contradicted",
        "looked for, not found",
    ]
    assert triangulation(matrix.cell("A", "checks")) == "records only"
    assert triangulation(matrix.cell("D", "trust")) == "not looked for"


def test_a_theme_of_one_case_is_gone_without_it() -> None:
    by_theme = {each.theme: each for each in strengths(framework_matrix(CASES, THEMES, TAGS))}
    assert by_theme["checks"].only_case == "A"
    assert by_theme["family"].only_case is None
    assert (by_theme["family"].cases, by_theme["family"].passages) == (3, 4)
    assert by_theme["trust"].cases == 0


def test_what_each_case_added() -> None:
    added = list(additions(framework_matrix(CASES, THEMES, TAGS)))
    assert [(each.new, each.so_far, each.only_here) for each in added] == [
        (["checks", "family"], 2, ["checks"]),
        ([], 2, []),
        ([], 2, []),
        ([], 2, []),
    ]


@given(RECORDS)
def test_the_average_is_that_of_every_choice_of_cases(tags: list[TagRecord]) -> None:
    matrix = framework_matrix(CASES, THEMES, tags)
    for chosen, expected in enumerate(expected_themes(matrix), start=1):
        held = [
            sum(any(matrix.cell(case, theme).passages for case in some) for theme in THEMES)
            for some in combinations(CASES, chosen)
        ]
        assert expected == pytest.approx(sum(held) / len(held))


@given(RECORDS)
def test_every_case_stands_somewhere_and_the_additions_add_up(tags: list[TagRecord]) -> None:
    matrix = framework_matrix(CASES, THEMES, tags)
    for each in strengths(matrix):
        assert each.stands.total() == len(CASES)
    added = list(additions(matrix))
    assert (
        added[-1].so_far
        == sum(len(each.new) for each in added)
        == sum(each.cases > 0 for each in strengths(matrix))
    )


def test_no_cases_no_figures() -> None:
    matrix = framework_matrix([], THEMES, [])
    assert expected_themes(matrix) == []
    assert list(additions(matrix)) == []
