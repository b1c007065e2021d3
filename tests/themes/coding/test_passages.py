"""Passages lie in their text whatever characters it is made of, and cut it without losing any."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themes.coding.passages import (
    Passage,
    PassageError,
    Segment,
    checked,
    from_utf16,
    is_blank,
    normalised,
    segments,
    to_utf16,
)

# Letters, emoji outside the basic plane, joined emoji, a combining accent, Hebrew and Arabic, line ends.
PIECES = st.sampled_from(
    ["a", "word", " ", "\n", "🙂", "👩\u200d👧", "e\u0301", "שלום", "مرحبا", "\u202e", "न्", ".", "’"]
)
TEXTS = st.lists(PIECES, max_size=40).map("".join)


@st.composite
def texts_with_passages(draw: st.DrawFn) -> tuple[str, dict[int, Passage]]:
    text = draw(TEXTS.filter(bool))
    edges = st.integers(0, len(text))
    pairs = draw(st.lists(st.tuples(edges, edges).filter(lambda pair: pair[0] != pair[1]), max_size=12))
    return text, {number: Passage(*sorted(pair)) for number, pair in enumerate(pairs)}


@given(texts_with_passages())
def test_segments_joined_are_the_text(example: tuple[str, dict[int, Passage]]) -> None:
    text, passages = example
    assert "".join(segment.text for segment in segments(text, passages)) == text


@given(texts_with_passages())
def test_every_character_is_covered_by_exactly_its_passages(example: tuple[str, dict[int, Passage]]) -> None:
    text, passages = example
    for segment in segments(text, passages):
        for at in range(segment.start, segment.start + len(segment.text)):
            over = {name for name, passage in passages.items() if passage.start <= at < passage.end}
            assert set(segment.covered_by) == over


@given(texts_with_passages())
def test_each_passage_begins_once_and_ends_once(example: tuple[str, dict[int, Passage]]) -> None:
    text, passages = example
    cut = segments(text, passages)
    assert sorted(name for segment in cut for name in segment.begins) == sorted(passages)
    assert sorted(name for segment in cut for name in segment.ends) == sorted(passages)


def test_nested_and_overlapping_passages_cut_the_text_at_every_edge() -> None:
    passages = {"whole": Passage(0, 9), "inner": Passage(2, 4), "over": Passage(3, 9)}
    assert segments("abcdefghij", passages) == [
        Segment(0, "ab", ("whole",), ("whole",), ()),
        Segment(2, "c", ("whole", "inner"), ("inner",), ()),
        Segment(3, "d", ("whole", "inner", "over"), ("over",), ("inner",)),
        Segment(4, "efghi", ("whole", "over"), (), ("whole", "over")),
        Segment(9, "j", (), (), ()),
    ]


def test_text_without_passages_is_one_segment_and_no_text_is_none() -> None:
    assert segments("words", {}) == [Segment(0, "words", (), (), ())]
    assert segments("", {}) == []


@pytest.mark.parametrize("passage", [Passage(3, 3), Passage(2, 1), Passage(-1, 2), Passage(0, 6)])
def test_segments_refuse_a_passage_that_is_empty_or_outside(passage: Passage) -> None:
    with pytest.raises(PassageError):
        segments("words", {1: passage})


def test_two_thousand_overlapping_passages_make_at_most_two_segments_each() -> None:
    text = "x" * 200_000
    cut = segments(text, {n: Passage(n * 100, min(n * 100 + 150, len(text))) for n in range(2_000)})
    assert len(cut) == 4_000 - 1
    assert max(len(segment.covered_by) for segment in cut) == 2


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [(0, 4, Passage(0, 4)), (4, 10, Passage(5, 9)), (3, 5, Passage(3, 4)), (0, 12, Passage(0, 12))],
)
def test_checked_drops_white_space_at_the_edges(start: int, end: int, expected: Passage) -> None:
    assert checked(start, end, "some good\tab") == expected


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        (-1, 3, "outside the text"),
        (0, 13, "outside the text"),
        (4, 5, "at least one word"),
        (3, 3, "at least one word"),
        (8, 2, "at least one word"),
    ],
)
def test_checked_refuses_in_a_sentence(start: int, end: int, message: str) -> None:
    with pytest.raises(PassageError, match=message):
        checked(start, end, "some good\tab")


@given(TEXTS, st.data())
def test_utf16_offsets_come_back_as_they_went(text: str, draw: st.DataObject) -> None:
    at = draw.draw(st.integers(0, len(text)))
    assert from_utf16(text, to_utf16(text, at)) == at
    assert to_utf16(text, at) == sum(2 if ord(character) > 0xFFFF else 1 for character in text[:at])


def test_utf16_offset_within_a_character_or_outside_is_refused() -> None:
    assert from_utf16("a🙂b", 3) == 2
    with pytest.raises(PassageError, match="inside a character"):
        from_utf16("a🙂b", 2)
    for outside in (-1, 5):
        with pytest.raises(PassageError, match="outside the text"):
            from_utf16("a🙂b", outside)


@given(st.text(alphabet="a\r\n", max_size=20))
def test_normalised_text_has_one_kind_of_line_end_and_stays_so(text: str) -> None:
    once = normalised(text)
    assert "\r" not in once
    assert normalised(once) == once
    assert once.count("\n") == text.count("\r\n") + text.replace("\r\n", "").count("\r") + text.replace(
        "\r\n", ""
    ).count("\n")


@pytest.mark.parametrize(
    ("text", "blank"), [("", True), ("\u200b\n", True), ("\u200d👶", False), ("\u202eא", False)]
)
def test_signs_without_width_are_no_words(text: str, blank: bool) -> None:
    assert is_blank(text) is blank
