"""A note is cut into the sentences a reader would see."""

import pytest
from hypothesis import given

from tests.themes.coding.test_passages import TEXTS
from themes.coding.sentences import sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\t", []),
        ("One sentence", ["One sentence"]),
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        (
            "Dr. Example and Mrs. Sample met. They agreed.",
            ["Dr. Example and Mrs. Sample met.", "They agreed."],
        ),
        ("Support, e.g. a cot, came. Good.", ["Support, e.g. a cot, came.", "Good."]),
        ("Seen by J. Example. Then home.", ["Seen by J. Example.", "Then home."]),
        ("At 3.5 weeks. Fine.", ["At 3.5 weeks.", "Fine."]),
        ("Then I. No more.", ["Then I.", "No more."]),
        ('She said "I trust her." Then left.', ['She said "I trust her."', "Then left."]),
        (
            "A heading\n- first point\n- second point\n\nEnd.",
            ["A heading", "- first point", "- second point", "End."],
        ),
        ("Wait... then go. Done…\nYes", ["Wait... then go.", "Done…", "Yes"]),
        ("هل تثق؟ نعم۔ 好的。谢谢。", ["هل تثق؟", "نعم۔", "好的。", "谢谢。"]),
        ("Helped 🙂. Thanks 👩‍👧!", ["Helped 🙂.", "Thanks 👩‍👧!"]),
        ("Ends with etc.\nNext line", ["Ends with etc.", "Next line"]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [sentence.of(text) for sentence in sentences(text)] == expected


@given(TEXTS)
def test_sentences_hold_every_word_in_order(text: str) -> None:
    found = sentences(text)
    at = 0
    for sentence in found:
        assert not text[at : sentence.start].strip()
        assert sentence.of(text) == sentence.of(text).strip() != ""
        at = sentence.end
    assert not text[at:].strip()
