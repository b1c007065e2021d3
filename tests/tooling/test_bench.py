"""The benchmark compares two ways of doing the same, says so where they differ, and keeps the figures."""

import xml.etree.ElementTree as ET
from datetime import date

import pytest

from tests.bench import ranking, results
from tests.bench.picture import Line, draw
from tests.bench.results import Result
from tests.bench.subjects import SUBJECTS, NoSuchSubject, chosen
from tests.bench.timing import Row, compare, measure

DAY = date(2026, 3, 5)


def result(name: str, subject: str = "import", **fields) -> Result:
    return Result(subject, "SQLite", DAY, Row(name, 0.5, 2.0, 1.0, **fields))


def test_both_sides_rank_a_sheet_alike(tmp_path):
    path = tmp_path / "cases.xlsx"
    ranking.write_sheet(path, 60)
    ours = ranking.ours(path)
    assert ours == ranking.reference(path)
    assert len(ours) == 60
    assert len({rank for rank, _ in ours}) < 60, "the sheet must hold ties"


def test_sides_that_differ_are_refused():
    with pytest.raises(ValueError, match="same result"):
        compare("sums", lambda: 1, lambda: 2)


def test_the_sides_take_turns_at_going_first():
    went: list[str] = []

    def side(name: str):
        def measured() -> float:
            went.append(name)
            return 1.0

        return measured

    row = measure("sums", side("ours"), side("reference"), seconds=0.02)
    assert went[:4] == ["ours", "reference", "reference", "ours"][: len(went)]
    assert row.turns == went.count("ours") == went.count("reference")


def test_a_row_gives_name_both_medians_ratio_and_goal():
    row = Row("sums", 0.5, 2.0, 1.0, (0.4, 0.6), (1.0, 3.0))
    assert str(row).split() == ["sums", "500.00", "ms", "±20%", "2.00", "s", "±50%", "0.25", "≤", "1"]


@pytest.mark.parametrize(
    ("ours", "goal", "at_least", "met"),
    [
        (1.0, 1.0, False, True),
        (1.1, 1.0, False, False),
        (1.1, 1.0, True, True),
        (0.9, 1.0, True, False),
        (9.0, None, False, None),
    ],
)
def test_a_goal_is_a_most_or_a_least(ours, goal, at_least, met):
    row = Row("sums", ours, 1.0, goal, at_least=at_least)
    assert row.met is met
    assert str(row).endswith("over") == (met is False)


def test_the_figures_on_file_are_read_as_they_were_written(tmp_path):
    kept = [
        result("import 1,000", ours_quartiles=(0.4, 0.6), turns=7, curve="import", size=1_000),
        result("memory", unit="B", at_least=True),
    ]
    results.write(kept, {"Python": "3.11"}, tmp_path)
    assert results.read(tmp_path) == kept
    table = (tmp_path / results.TABLE).read_text()
    assert "| import 1,000 | 500.00 ms | ±20% | 2.00 s |" in table
    assert "1 of 2 rows with a goal reach it" in table


def test_a_run_of_one_subject_leaves_the_others_as_they_were():
    old = [result("a", "ranking"), result("b", "import"), result("c", "import"), result("d", "gone")]
    new = [result("b again", "import")]
    found = results.merged(old, new, ["ranking", "import"])
    assert [each.row.name for each in found] == ["a", "b again"]


def test_curves_are_drawn_and_told_in_words():
    svg = draw(
        {"import & count": [Line("ours", [(10, 0.001), (1_000, 0.1)]), Line("reference", [(10, 2.0)])]}
    )
    root = ET.fromstring(svg)
    assert root.findtext("{*}desc") == (
        "import & count, ours: 1 ms at 10, 100 ms at 1,000. import & count, reference: 2 s at 10."
    )
    texts = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"10", "100", "1,000", "1 ms", "10 ms", "1 s", "10 s"} <= set(texts)


def test_a_curve_needs_two_sizes():
    sizes = [result("one", curve="one", size=10)]
    sizes += [result(f"two {size}", curve="two", size=size) for size in (10, 100)]
    assert list(results.curves(sizes)) == ["two · SQLite"]


def test_subjects_are_chosen_by_name():
    first = SUBJECTS[0]
    assert chosen(first.module) == [first]
    assert chosen("") == list(SUBJECTS)
    with pytest.raises(NoSuchSubject, match="one of ranking"):
        chosen("rankin")
