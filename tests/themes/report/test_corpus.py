"""Each check held against its corpus: what it finds and misses is at or above what the corpus states."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.themes.report import measuring
from tests.themes.report.finders import FINDERS
from themes.report.checks import CHECKS, liberi_ids, patterns, quantifiers
from themes.report.checks.tables import Table, count_in, tables_of
from themes.report.checks.texts import sentences_of, smooth

SEPARATORS = ["", " ", "-", "–", ".", "/", "\u200b", "\u00a0", "**", "_", " - ", "\u2009", "\n", ", ", "|"]
SCRIPTS = ["0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"]


def test_every_check_has_its_corpus_and_its_finder():
    assert set(measuring.slugs()) == set(FINDERS) == set(CHECKS)


@pytest.mark.parametrize("slug", CHECKS)
def test_a_check_finds_as_much_as_its_corpus_states(slug, record_property):
    measured = measuring.measure(slug)
    record_property("recall", measured.recall)
    record_property("precision", measured.precision)
    recall, precision = measured.stated
    assert measured.recall >= recall, f"missed: {measured.missed}"
    assert measured.precision >= precision, f"found in vain: {measured.alarms}"
    assert min(measured.holds, measured.clean) >= 4


@pytest.mark.parametrize("slug", CHECKS)
def test_a_check_that_finds_nothing_falls_short_of_its_corpus(slug, monkeypatch):
    monkeypatch.setitem(FINDERS, slug, lambda entry: [])
    assert measuring.measure(slug).recall == 0


@pytest.mark.parametrize("slug", CHECKS)
def test_a_check_that_finds_everything_falls_short_of_its_corpus(slug, monkeypatch):
    monkeypatch.setitem(FINDERS, slug, lambda entry: [entry])
    measured = measuring.measure(slug)
    assert measured.precision < measured.stated[1]


def test_the_page_of_figures_says_what_was_measured():
    assert measuring.PAGE.read_text(encoding="utf-8") == measuring.page()


@given(
    number=st.from_regex(r"[0-9]{1,20}", fullmatch=True),
    script=st.sampled_from(SCRIPTS),
    separators=st.lists(st.sampled_from(SEPARATORS), min_size=20, max_size=20),
    around=st.sampled_from(["{}", "See {} in Liberi.", "ID:{},", "({})", "L{}"]),
)
def test_a_liberi_id_is_found_whatever_stands_between_its_digits(number, script, separators, around):
    digits = [script[int(digit)] for digit in number]
    written = "".join(digit + sign for digit, sign in zip(digits, separators, strict=False))
    text = around.format(written.rstrip("".join(SEPARATORS)))
    assert number in liberi_ids.numbers(smooth(text))


@given(number=st.from_regex(r"[0-9]{9}", fullmatch=True), sign=st.sampled_from([" ", "-", "", "\u00a0", "."]))
def test_every_nhs_number_is_found_and_no_other(number, sign):
    total = sum(int(digit) * weight for digit, weight in zip(number, range(10, 1, -1), strict=True))
    check = (11 - total % 11) % 11
    for last in range(10):
        written = sign.join((number[:3], number[3:6], number[6:] + str(last)))
        assert bool(list(patterns.nhs_numbers(f"See {written} there."))) == (last == check)


@given(st.text(alphabet="ab1. \n-\u200bＡ１", max_size=60))
def test_smoothing_twice_changes_nothing_more(text):
    assert smooth(smooth(text)) == smooth(text)


@pytest.mark.parametrize(
    ("said", "count", "total"),
    [
        ("The vast majority of the families", 4, 6),
        ("Two-thirds of the families", 4, 6),
        ("One third of the families", 2, 6),
        ("A quarter of the families", 1, 4),
        ("Half-a-dozen families", 6, 9),
        ("Nearly everybody interviewed", 5, 6),
        ("Nearly nobody who was asked", 0, 6),
        ("No-one of the parents", 0, 6),
        ("The families were all seen", 6, 6),
        ("None were told", 0, 6),
    ],
)
def test_a_quantifier_says_of_a_count_what_people_mean_by_it(said, count, total):
    fits = [meaning for _, meaning in quantifiers.quantifiers(said)]
    assert any(meaning(count, total) for meaning in fits)


def test_a_wrapped_line_goes_on_the_sentence_and_a_list_does_not():
    assert sentences_of("Most\nfamilies came.\n\n- one\n- two") == ["Most families came.", "- one", "- two"]


def test_tables_are_read_back_from_the_document():
    html = (
        "<table><caption>By  theme</caption><thead><tr><th>Theme</th><th>Cases</th></tr></thead>"
        "<tbody><tr><th>A &amp; B</th><td>3 of 6</td></tr></tbody></table><p>3</p>"
    )
    assert tables_of(html) == [Table("By theme", ("Theme", "Cases"), (("A & B", "3 of 6"),))]
    assert [count_in(cell) for cell in ("3", "3 of 6", "3 of the 6", "22% to 96%", "", "–")] == [
        3, 3, 3, None, None, None,
    ]  # fmt: skip
