"""Counts read as a person would write them, at every count and total."""

import pytest

from themes.coding.counting import counted, in_words, interview_tally, plural, sentence_start

WORDS = {
    (0, 0): "no cases",
    (0, 1): "none of the 1 case",
    (1, 1): "the 1 case",
    (0, 2): "none of the 2 cases",
    (1, 2): "1 of the 2 cases",
    (2, 2): "all 2 cases",
    (0, 6): "none of the 6 cases",
    (1, 6): "1 of the 6 cases",
    (2, 6): "2 of the 6 cases",
    (3, 6): "3 of the 6 cases",
    (4, 6): "4 of the 6 cases",
    (5, 6): "5 of the 6 cases",
    (6, 6): "all 6 cases",
}


@pytest.mark.parametrize(("count", "total"), WORDS)
def test_in_words(count: int, total: int) -> None:
    assert in_words(count, total, "case") == WORDS[count, total]


@pytest.mark.parametrize("total", range(2, 40))
def test_every_count_names_its_figures(total: int) -> None:
    for count in range(1, total):
        assert in_words(count, total, "social worker") == f"{count} of the {total} social workers"
    assert in_words(0, total, "case") == f"none of the {total} cases"
    assert in_words(total, total, "case") == f"all {total} cases"


@pytest.mark.parametrize(("count", "total"), [(-1, 6), (7, 6), (1, 0)])
def test_an_impossible_count_is_refused(count: int, total: int) -> None:
    with pytest.raises(ValueError, match="not a count"):
        in_words(count, total, "case")


@pytest.mark.parametrize(
    ("noun", "many"),
    [
        ("case", "cases"),
        ("social worker", "social workers"),
        ("family", "families"),
        ("survey", "surveys"),
        ("agency check", "agency checks"),
        ("approach", "approaches"),
        ("child", "children"),
        ("key person", "key people"),
    ],
)
def test_plural(noun: str, many: str) -> None:
    assert plural(noun) == many


@pytest.mark.parametrize(("count", "words"), [(0, "no passages"), (1, "1 passage"), (2, "2 passages")])
def test_counted(count: int, words: str) -> None:
    assert counted(count, "passage") == words


@pytest.mark.parametrize(
    ("phrase", "start"),
    [("none of the 6 cases", "None of the 6 cases"), ("5 of the 6", "5 of the 6"), ("", "")],
)
def test_sentence_start(phrase: str, start: str) -> None:
    assert sentence_start(phrase) == start


@pytest.mark.parametrize(
    ("statuses", "total", "reasons", "sentence"),
    [
        (["done"] * 6, 6, [], "All 6 social workers took part."),
        (
            ["done"] * 5 + ["unavailable"],
            6,
            ["maternity leave"],
            "5 of the 6 social workers took part; 1 was unavailable (maternity leave).",
        ),
        (["done"] * 5 + ["unavailable"], 6, [""], "5 of the 6 social workers took part; 1 was unavailable."),
        (
            ["unavailable", "declined", "invited", "agreed", "done", "done"],
            6,
            [],
            (
                "2 of the 6 social workers took part; 1 has agreed; 1 has been invited; 1 declined; "
                "1 was unavailable."
            ),
        ),
        (
            ["unavailable"] * 2 + ["invited"] * 2 + ["agreed"] * 2,
            6,
            ["leave", "leave"],
            (
                "None of the 6 social workers took part; 2 have agreed; 2 have been invited; "
                "2 were unavailable (leave)."
            ),
        ),
        ([], 6, [], "None of the 6 social workers took part; 6 have not been invited yet."),
        (["done"] * 5, 6, [], "5 of the 6 social workers took part; 1 has not been invited yet."),
        ([], 0, [], "No social workers took part."),
    ],
)
def test_interview_tally(statuses: list[str], total: int, reasons: list[str], sentence: str) -> None:
    assert interview_tally(statuses, total, reasons=reasons) == sentence


def test_interview_tally_refuses_what_cannot_be() -> None:
    with pytest.raises(ValueError, match="7 interviews for 6"):
        interview_tally(["done"] * 7, 6)
    with pytest.raises(ValueError, match="not an interview status: finished"):
        interview_tally(["finished"], 6)
