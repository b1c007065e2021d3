"""Two changes of one text are put together where they do not touch the same lines, and never guessed at."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themes.coding.merging import merged

texts = st.lists(st.sampled_from(["", "One.", "Two.", "Three."]), max_size=7).map("\n".join)


@pytest.mark.parametrize(
    ("mine", "theirs", "both"),
    [
        ("a!\nb\nc\nd", "a\nb\nc\nd!", "a!\nb\nc\nd!"),
        ("a\nb\nc\nd\nmore", "new\nb\nc\nd", "new\nb\nc\nd\nmore"),
        ("b\nc\nd", "a\nb\nc\nd\ne", "b\nc\nd\ne"),
        ("a!\nb\nc\nd", "a?\nb\nc\nd", None),
        ("a!\nb\nc\nd", "a\nb!\nc\nd", None),
        ("a!\nb\nc\nd", "a!\nb\nc\nd", "a!\nb\nc\nd"),
    ],
)
def test_changes_of_other_lines_go_together_and_others_are_left_to_a_person(mine, theirs, both):
    assert merged("a\nb\nc\nd", mine, theirs) == both


@given(texts, texts)
def test_where_one_changed_nothing_the_other_stands(base, text):
    assert merged(base, text, base) == text
    assert merged(base, base, text) == text


@given(texts, texts, texts)
def test_whose_change_comes_first_does_not_matter(base, mine, theirs):
    assert merged(base, mine, theirs) == merged(base, theirs, mine)


@given(texts, st.text(alphabet="xyz", min_size=1), st.text(alphabet="xyz", min_size=1))
def test_words_put_at_either_end_are_both_kept(base, first, last):
    base = f"A.\n{base}\nZ."
    assert merged(base, f"{first}\n{base}", f"{base}\n{last}") == f"{first}\n{base}\n{last}"
