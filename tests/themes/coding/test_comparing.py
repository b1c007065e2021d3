"""Two versions of a report are told apart by section, word and figure, and nothing of either is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themes.coding.comparing import CUT, Figure, changed_figures, compared, sections_of, shortened
from themes.coding.differences import Piece

BEFORE = """<html><head><title>x</title></head><main><h1>Title</h1><p>Version 1</p>
<section><h2 id="a">First</h2><p>One <em>small</em> word.</p><ul><li>Six</li><li>Two</li></ul></section>
<section><h2 id="b">Second</h2><figure><svg><text>drawn</text></svg><figcaption>Chart</figcaption></figure>
<table><tr><th>Theme</th><td>4</td></tr></table></section>
<section><h2 id="c">Third</h2></section></main></html>"""
AFTER = (
    BEFORE.replace("One <em>small</em> word.", "One big word.")
    .replace("Version 1", "Version 2")
    .replace('<h2 id="c">Third</h2>', '<h2 id="d">Fourth</h2><p>New.</p>')
)


def test_a_report_is_read_as_lines_under_its_headings():
    first, second, third = sections_of(BEFORE)
    assert (first.heading, first.text) == ("First", "One small word.\nSix\nTwo")
    assert second.text == "Chart\nTheme | 4"
    assert (third.key, third.text) == ("c", "")


def test_each_section_says_whether_and_how_it_changed():
    found = compared(BEFORE, AFTER)
    assert [(section.heading, section.what) for section in found] == [
        ("First", "changed"),
        ("Second", "same"),
        ("Fourth", "new"),
        ("Third", "gone"),
    ]
    assert [piece for piece in found[0].pieces if piece.what != "same"] == [
        Piece("gone", "small"),
        Piece("new", "big"),
    ]


def test_a_heading_that_changed_is_told():
    found = compared(BEFORE, BEFORE.replace("Second", "Afterwards"))[1]
    assert (found.what, found.heading) == ("changed", "Afterwards")
    assert Piece("new", "Afterwards\n") in found.pieces or "Afterwards" in str(found.pieces)


def test_the_same_report_has_no_differences():
    assert {section.what for section in compared(BEFORE, BEFORE)} == {"same"}


@pytest.mark.parametrize(("place", "begins", "ends"), [(0, False, True), (1, True, True), (2, True, False)])
def test_long_unchanged_stretches_are_cut_to_what_stands_beside_a_change(place, begins, ends):
    long = "word " * 200
    pieces = [Piece("gone", "x"), Piece("new", "y")]
    pieces.insert(place, Piece("same", f"start {long}end"))
    cut = shortened(pieces)[place].text
    assert CUT in cut
    assert len(cut) < 400
    assert (cut.startswith("start"), cut.endswith("end")) == (begins, ends)


@given(
    st.lists(st.builds(Piece, st.sampled_from(["same", "gone", "new"]), st.text(max_size=900)), max_size=5)
)
def test_nothing_that_changed_is_cut(pieces):
    told = [piece for piece in shortened(pieces) if piece.what != "same"]
    assert told == [piece for piece in pieces if piece.what != "same"]


def test_figures_that_read_otherwise_are_listed_with_both():
    before = {"a": ["Cases", "4 cases"], "b": ["Themes", "all 6"], "old": ["Gone", "1 case"]}
    after = {"a": ["Cases", "5 cases"], "b": ["Themes", "all 6"], "new": ["Fresh", "none"]}
    assert changed_figures(before, after) == [
        Figure("Cases", "4 cases", "5 cases"),
        Figure("Fresh", "", "none"),
        Figure("Gone", "1 case", ""),
    ]
