"""Rows come back from their lines as they were, and their sum tells any two sets of rows apart."""

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kscmp_review.backup.rows import RowSum, read_row, row_line

JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
VALUES = (
    JSON | st.binary() | st.dates() | st.times() | st.timedeltas() | st.uuids() | st.floats(allow_nan=False)
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.datetimes() | st.datetimes(timezones=st.just(UTC))
)  # fmt: skip


@given(st.lists(VALUES))
def test_a_row_comes_back_as_it_was(row: list[Any]) -> None:
    line = row_line(row)
    assert b"\n" not in line
    found = read_row(json.loads(line))
    assert found == row
    assert [type(value) for value in found] == [type(value) for value in row]


@pytest.mark.parametrize(
    ("value", "line"),
    [
        (memoryview(b"ab"), b'[["bytes","YWI="]]'),
        (datetime(2021, 3, 5, 12, tzinfo=UTC), b'[["datetime","2021-03-05T12:00:00+00:00"]]'),
        (date(2021, 3, 5), b'[["date","2021-03-05"]]'),
        (time(12, 30), b'[["time","12:30:00"]]'),
        (timedelta(seconds=1), b'[["microseconds",1000000]]'),
        (Decimal("1.50"), b'[["decimal","1.50"]]'),
        (UUID(int=1), b'[["uuid","00000000-0000-0000-0000-000000000001"]]'),
        ({"b": 1, "a": [None]}, b'[["json",{"a":[null],"b":1}]]'),
        ("plain", b'["plain"]'),
    ],
)
def test_each_kind_has_its_line(value: object, line: bytes) -> None:
    assert row_line([value]) == line


def test_a_kind_that_no_column_has_is_refused() -> None:
    with pytest.raises(TypeError, match="a backup cannot hold a set"):
        row_line([{1, 2}])


def summed(lines: list[bytes]) -> tuple[int, str]:
    found = RowSum()
    for line in lines:
        found.add(line)
    return found.rows, found.digits


@given(st.lists(st.binary(), max_size=8), st.randoms())
def test_the_sum_is_the_same_in_any_order(lines: list[bytes], random: Any) -> None:
    shuffled = random.sample(lines, len(lines))
    assert summed(shuffled) == summed(lines)


@given(st.lists(st.binary(), min_size=1, max_size=8))
def test_the_sum_is_another_when_a_row_is_changed_missing_or_twice(lines: list[bytes]) -> None:
    assert summed([*lines[1:], lines[0] + b"x"]) != summed(lines)
    assert summed(lines[1:]) != summed(lines)
    assert summed([*lines, lines[0]])[1] != summed(lines)[1]
