"""A long text in parts."""

from hypothesis import given
from hypothesis import strategies as st

from themes.coding.parts import LONG, is_long, parts, touched

TEXTS = st.text(alphabet="ab \n🙂é", max_size=200)


@given(TEXTS, st.integers(1, 40))
def test_parts_joined_again_are_the_text(text, size):
    cut = parts(text, size)
    assert "".join(part.of(text) for part in cut) == text
    assert all(0 < part.end - part.start <= size for part in cut)


@given(TEXTS.filter(bool), st.data())
def test_a_passage_touches_the_parts_that_hold_a_character_of_it(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    cut = parts(text, 7)
    characters = set(range(start, end))
    assert touched(cut, start, end) == [
        number for number, part in enumerate(cut) if characters & set(range(part.start, part.end))
    ]


def test_a_part_ends_after_a_line_else_after_a_word_else_where_it_must():
    assert [part.of(text) for text in ["one two\nthree four"] for part in parts(text, 10)] == [
        "one two\n",
        "three four",
    ]
    text = "one two three"
    assert [part.of(text) for part in parts(text, 10)] == ["one two ", "three"]
    assert [part.of("a" * 12) for part in parts("a" * 12, 5)] == ["aaaaa", "aaaaa", "aa"]


def test_only_a_text_of_many_screens_is_long():
    assert not is_long("a" * LONG)
    assert is_long("a" * (LONG + 1))
