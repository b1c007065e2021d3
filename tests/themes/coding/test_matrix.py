"""The framework matrix counts cases and passages by source, and shows what was looked for and not found."""

from hypothesis import given
from hypothesis import strategies as st

from themes.coding.matrix import TagRecord, framework_matrix, rolled_up

CASES, THEMES = ["A", "B", "C"], ["checks", "family", "trust"]
TAGS = [
    TagRecord("A", "checks", 1, "record"),
    TagRecord("A", "checks", 2, "record"),
    TagRecord("A", "family", 2, "record"),
    TagRecord("A", "family", 9, "interview"),
    TagRecord("B", "family", 3, "interview"),
]
RECORDS = st.builds(
    TagRecord,
    case=st.sampled_from([*CASES, "elsewhere"]),
    theme=st.sampled_from([*THEMES, "retired"]),
    passage=st.integers(0, 6),
    source=st.sampled_from(["record", "interview"]),
)


def test_cells_hold_passages_and_their_sources() -> None:
    matrix = framework_matrix(CASES, THEMES, TAGS)
    assert [[cell.passages for cell in cells] for _, cells, _ in matrix.rows()] == [
        [2, 2, 0],
        [0, 1, 0],
        [0, 0, 0],
    ]
    assert matrix.cell("A", "checks").sources == "records only"
    assert matrix.cell("A", "family").sources == "both"
    assert matrix.cell("B", "family").sources == "interviews only"
    assert matrix.cell("C", "trust").sources == "none"


def test_totals_count_cases_by_theme_and_different_passages_by_case() -> None:
    matrix = framework_matrix(CASES, THEMES, TAGS)
    assert {theme: (total.cases, total.passages) for theme, total in matrix.by_theme.items()} == {
        "checks": (1, 2),
        "family": (2, 3),
        "trust": (0, 0),
    }
    assert {case: (total.themes, total.passages) for case, total in matrix.by_case.items()} == {
        "A": (2, 3),  # passage 2 carries two themes
        "B": (1, 1),
        "C": (0, 0),
    }
    assert matrix.passages == 4


def test_sources_of_a_theme_are_told_over_the_whole_cohort() -> None:
    tags = [TagRecord("A", "trust", 1, "record"), TagRecord("B", "trust", 2, "interview")]
    assert framework_matrix(CASES, THEMES, tags).by_theme["trust"].sources == "both"


def test_looked_for_and_not_found_differs_from_not_looked_for() -> None:
    matrix = framework_matrix(CASES, THEMES, TAGS, not_found=[("C", "trust"), ("B", "trust"), ("Z", "trust")])
    assert [matrix.cell(case, "trust").looked for case in CASES] == [
        "not looked for",
        "not found",
        "not found",
    ]
    assert matrix.by_theme["trust"].not_found == 2


def test_a_tag_beside_a_not_found_mark_is_found_and_contradicted() -> None:
    matrix = framework_matrix(CASES, THEMES, TAGS, not_found=[("A", "checks")])
    assert matrix.cell("A", "checks").looked == "found"
    assert matrix.cell("A", "checks").contradicted
    assert matrix.by_theme["checks"].not_found == 0


def test_a_record_and_an_interview_may_share_a_number() -> None:
    tags = [TagRecord("A", "trust", 1, "record"), TagRecord("A", "trust", 1, "interview")]
    assert framework_matrix(CASES, THEMES, tags).cell("A", "trust").passages == 2


def test_sub_themes_count_under_their_parent_once_a_passage() -> None:
    tags = [TagRecord("A", "cots", 1, "record"), TagRecord("A", "support", 1, "record")]
    matrix = framework_matrix(["A"], ["support", "cots"], rolled_up(tags, {"cots": "support"}))
    assert matrix.cell("A", "support").passages == 1
    assert matrix.cell("A", "cots").passages == 1


@given(st.lists(RECORDS, max_size=30))
def test_every_figure_is_the_number_of_different_passages(tags: list[TagRecord]) -> None:
    matrix = framework_matrix(CASES, THEMES, tags)
    shown = [tag for tag in tags if tag.case in CASES and tag.theme in THEMES]
    for case in CASES:
        for theme in THEMES:
            here = {(tag.passage, tag.source) for tag in shown if (tag.case, tag.theme) == (case, theme)}
            assert matrix.cell(case, theme).passages == len(here)
    for theme in THEMES:
        assert matrix.by_theme[theme].cases == len({tag.case for tag in shown if tag.theme == theme})
    for case in CASES:
        assert matrix.by_case[case].themes == len({tag.theme for tag in shown if tag.case == case})
