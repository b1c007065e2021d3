"""The benchmark compares two ways of doing the same thing, and says so where they differ."""

import pytest

from tests.bench import ranking
from tests.bench.timing import Row, compare


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


def test_a_row_gives_name_both_times_ratio_and_goal():
    assert str(Row("sums", 0.5, 2.0, 1.0)).split() == ["sums", "500.00", "ms", "2.00", "s", "0.25", "≤", "1"]
