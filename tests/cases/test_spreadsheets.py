"""No text leaves in a cell that a spreadsheet program would run."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.spreadsheets import guarded


@pytest.mark.parametrize(
    "live",
    [
        "=1+1",
        "+441622",
        "-2+3",
        "@SUM(A1)",
        "|calc",
        "%0A",
        "−1",
        "＝1+1",
        "＋1",
        "－1",
        "＠A1",
        "﹢1",
        "﹣1",
        "﹦1",
        "\tx",
        "\rx",
        "\nx",
        "  =1",
        "\xa0=1",
        "\ufeff=1",
        "\u200b=1",
        "\x00=1",
        " \u200e\t =1",
    ],
)
def test_a_text_that_could_run_is_guarded(live: str) -> None:
    assert guarded(live) == "'" + live


@pytest.mark.parametrize(
    "value",
    [
        "",
        "word",
        "0123",
        "1-2",
        "a=b",
        "£3",
        "(1)",
        '"=1"',
        "'=1",
        " ",
        "\u200b",
        0,
        -1,
        2.5,
        None,
        True,
        date(2022, 3, 5),
    ],
)
def test_anything_else_is_left_as_it_is(value: object) -> None:
    assert guarded(value) is value


@given(st.text())
def test_guarding_twice_is_guarding_once(text: str) -> None:
    assert guarded(guarded(text)) == guarded(text)
