"""Passages follow an edit of their text, and say so when their own words changed."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.themes.coding.test_passages import TEXTS, texts_with_passages
from themes.coding.carrying import Carried, carried
from themes.coding.passages import Passage

OLD = "The worker visited weekly. She kept her promises. The family trusted her."
PROMISES = OLD.index("She kept"), OLD.index(" The family")


def times_in(text: str, words: str) -> int:
    """How often `words` begin somewhere in `text`, overlapping or not."""
    return sum(text.startswith(words, start) for start in range(len(text)))


def one(old: str, new: str, start: int, end: int) -> Carried:
    return carried({1: Passage(start, end)}, old, new)[1]


@pytest.mark.parametrize(
    "new",
    [
        "In spring, " + OLD,
        OLD + " Later she moved on.",
        OLD.replace("weekly", "every week, and often twice"),
        OLD.replace("The worker visited weekly. ", ""),
        OLD.replace(" The family trusted her.", ""),
        OLD.replace(" She", " At last. She"),
        OLD.replace("promises.", "promises. Always."),
        OLD.replace("weekly. ", "weekly.\n\n🙂 "),
    ],
)
def test_edits_around_a_passage_move_it_and_leave_its_words(new: str) -> None:
    now = one(OLD, new, *PROMISES)
    assert now.passage is not None
    assert now.passage.of(new) == "She kept her promises."
    assert not now.needs_look


@pytest.mark.parametrize(
    ("new", "words"),
    [
        (OLD.replace("kept her", "kept all her"), "She kept all her promises."),
        (OLD.replace("She kept", "They kept"), "They kept her promises."),
        (OLD.replace("promises.", "word."), "She kept her word."),
        (OLD.replace("her promises. The", "The"), "She kept"),
        (OLD.replace("She kept her promises.", "Promises were fulfilled."), "Promises were fulfilled."),
    ],
)
def test_a_passage_whose_own_words_changed_needs_a_look(new: str, words: str) -> None:
    now = one(OLD, new, *PROMISES)
    assert now.needs_look
    assert now.passage is not None
    assert words in now.passage.of(new) or now.passage.of(new) in words


def test_a_passage_whose_words_are_gone_has_no_place() -> None:
    assert one(OLD, OLD.replace("She kept her promises. ", ""), *PROMISES) == Carried(None, needs_look=True)
    assert one(OLD, "", *PROMISES) == Carried(None, needs_look=True)


def test_a_sentence_moved_as_a_whole_is_found_and_needs_a_look() -> None:
    old = "Agency checks came early.\nThe chronology was complete.\nSupervision was monthly.\nNo gaps."
    lines = old.split("\n")
    new = "\n".join([lines[1], lines[2], lines[3], lines[0]])
    now = one(old, new, 0, len(lines[0]))
    assert now.needs_look
    assert now.passage is not None
    assert now.passage.of(new) == lines[0]


@pytest.mark.parametrize(
    ("old", "new"), [("rest now", "rested now"), ("cafe now", "cafe\u0301 now"), ("👍 ok", "👍🏽 ok")]
)
def test_letters_and_accents_joined_to_the_last_word_need_a_look(old: str, new: str) -> None:
    assert one(old, new, 0, old.index(" ")).needs_look


@given(texts_with_passages())
def test_without_an_edit_every_passage_stays(example: tuple[str, dict[int, Passage]]) -> None:
    text, passages = example
    unmoved = {name: Carried(passage, needs_look=False) for name, passage in passages.items()}
    assert carried(passages, text, text) == unmoved


@given(texts_with_passages(), TEXTS)
def test_words_before_shift_a_passage(example: tuple[str, dict[int, Passage]], before: str) -> None:
    text, passages = example
    new = before + "\n" + text
    shift = len(before) + 1
    for name, now in carried(passages, text, new).items():
        if not now.needs_look and times_in(new, passages[name].of(text)) == 1:
            assert now.passage == Passage(passages[name].start + shift, passages[name].end + shift)


@given(texts_with_passages(), TEXTS, st.data())
def test_a_passage_not_flagged_holds_the_words_it_held(
    example: tuple[str, dict[int, Passage]], inserted: str, draw: st.DataObject
) -> None:
    text, passages = example
    start = draw.draw(st.integers(0, len(text)))
    end = draw.draw(st.integers(start, len(text)))
    new = text[:start] + inserted + text[end:]
    for name, now in carried(passages, text, new).items():
        if now.passage is None:
            assert now.needs_look
        else:
            assert 0 <= now.passage.start < now.passage.end <= len(new)
            assert now.needs_look or now.passage.of(new) == passages[name].of(text)


def test_a_long_text_written_anew_is_not_compared_word_by_word() -> None:
    dice = random.Random(5)
    words = ["visit", "family", "plan", "the", "a", "support", "trust", "network", "and", "early"]
    old, new = (" ".join(dice.choice(words) for _ in range(30_000)) for _ in range(2))
    inside = {n: Passage(n * 80 + 1_000, n * 80 + 1_060) for n in range(1_900)}
    assert all(now.needs_look for now in carried(inside, old, new).values())


def test_two_thousand_passages_follow_an_edit_at_both_ends_of_a_long_text() -> None:
    old = " ".join(f"Visit {n} went well." for n in range(8_000))
    passages = {n: Passage(n * 80 + 100, n * 80 + 160) for n in range(2_000)}
    now = carried(passages, old, "First. " + old + " Last.")
    assert now == {n: Carried(Passage(p.start + 7, p.end + 7), needs_look=False) for n, p in passages.items()}
