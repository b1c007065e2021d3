"""Patterns of personal data and of typed figures: what they find, and what they leave alone."""

import pytest

from themes.report.patterns import PATTERNS, typed_counts

BY_NAME = {pattern.what: pattern for pattern in PATTERNS}
HITS = {
    "an NHS number": ["9990000018", "999-000-0018", "NHS 999 000 0018."],
    "a postcode": ["CT1 2AB", "me144nn", "at W1A 0AX,"],
    "a telephone number": [
        "01632 960 123",
        "07700900123",
        "+44 7700 900 123",
        "(01632) 960123",
        "+44 (0)1632 960123",
    ],
    "an e-mail address": ["a.b@kscmp.example", "a.b @ kscmp.example"],
    "a National Insurance number": ["AB 12 34 56 C", "ab123456c"],
    "an exact date": [
        "born on 5 March 2021",
        "5th of March 2021",
        "March 5, 2021",
        "05/03/2021",
        "5.3.21",
        "2021-03-05",
    ],
    "a person's name": ["Mrs Wren said", "Dr. B. Finch", "Ms O’Wren"],
    "a case letter": ["in Case B the", "case A,", "Case I"],
}
MISSES = {
    "an NHS number": ["9990000019", "1234567890123", "in 2021 and 2022"],
    "a postcode": ["A4 paper", "version 2", "in a 1st step", "C&F assessment", "9 of 12"],
    "a telephone number": ["2021", "12 cases", "0.123456789", "70010001"],
    "an e-mail address": ["@home", "a at b"],
    "a National Insurance number": ["AB 12", "ABC 123456"],
    "an exact date": ["March 2021", "in 2021", "5 March", "1 of 12 in 2021", "version 2.1.3"],
    "a person's name": ["the doctor", "missed", "Drawing on", "Mr and Mrs"],
    "a case letter": ["in case a child", "In this case I would", "case A1", "Cases", "the case FGC"],
}


@pytest.mark.parametrize(("what", "text"), [(what, text) for what, texts in HITS.items() for text in texts])
def test_a_pattern_finds(what, text):
    assert list(BY_NAME[what].find(text))


@pytest.mark.parametrize(("what", "text"), [(what, text) for what, texts in MISSES.items() for text in texts])
def test_a_pattern_leaves_alone(what, text):
    assert list(BY_NAME[what].find(text)) == []


def test_every_pattern_has_hits_and_misses():
    assert set(HITS) == set(MISSES) == set(BY_NAME)


@pytest.mark.parametrize(
    "text",
    [
        "in all 6 cases",
        "in all six cases",
        "in all of the six selected cases",
        "most of the 6 families",
        "several of these 4 babies",
        "5 of the 6 social workers",
        "five out of six cases",
        "5 of 6",
        "both of the 2 interviews",
    ],
)
def test_a_typed_figure_is_found(text):
    found = list(typed_counts(text))
    assert found


@pytest.mark.parametrize(
    "text",
    [
        "in all … ",
        "in all cases",
        "most families",
        "each was asked for three cases",
        "at least six of the nine characteristics",
        "nine characteristics, four of them key and five of interest",
        "one of the nine characteristics and the cases were chosen",
        "three things run through the records",
    ],
)
def test_other_figures_are_left_alone(text):
    assert list(typed_counts(text)) == []
