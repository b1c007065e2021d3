"""The words of a text as they are searched for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themes.coding.words import AROUND, LONGEST_WORD, excerpt, folded, holds, terms

TEXT = st.text(alphabet="abcé ß\u0301-.’1\U0001f600\n", max_size=80)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Pre-birth, élan!", ["pre", "birth", "elan"]),
        ("STRAẞE", ["strasse"]),
        ("don’t", ["don", "t"]),
        ("\U0001f600 5 March", ["5", "march"]),
        ("שלום", ["שלום"]),
        ("x" * 200, ["x" * LONGEST_WORD]),
        (" \n", []),
    ],
)
def test_folding(text: str, words: list[str]) -> None:
    assert folded(text) == words


def test_a_query_has_its_words_once_and_not_too_many() -> None:
    assert terms("Early early HELP") == ["early", "help"]
    assert len(terms(" ".join(f"w{number}" for number in range(40)))) == 10


@given(TEXT, TEXT)
def test_the_parts_of_an_excerpt_are_a_stretch_of_the_text(text: str, query: str) -> None:
    cut = excerpt(text, terms(query))
    shown = "".join(part for part, _ in cut.parts)
    assert shown in text
    assert (len(shown) < len(text)) == (cut.before or cut.after)


@given(TEXT)
def test_each_word_of_a_text_is_found_in_it_and_marked(text: str) -> None:
    for word in folded(text):
        assert holds(text, [word])
    short = [word for word in folded(text) if word.isascii()]
    if short:
        marked = [part for part, wanted in excerpt(text, short[:1]).parts if wanted]
        assert marked


def test_an_excerpt_stands_around_the_first_word_found() -> None:
    text = "word " * 200 + "Housing was found early. " + "word " * 200
    cut = excerpt(text, ["hous"])
    assert cut.before
    assert cut.after
    assert ("Housing", True) in cut.parts
    assert sum(len(part) for part, _ in cut.parts) < 4 * AROUND
    assert not cut.parts[0][0].startswith("ord")
