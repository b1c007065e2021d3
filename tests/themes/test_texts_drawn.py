"""Texts, passages and themes drawn from patterns: escaped, and with what each reader may do and no more."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.themes import build
from themes.actions import codebook, passages, second_reading
from themes.models import Finding, Theme

pytestmark = pytest.mark.django_db
HARD = '<i>Trust</i> & "care" 100% %(name)s'
ESCAPED = "&lt;i&gt;Trust&lt;/i&gt; &amp; &quot;care&quot; 100% %(name)s"


@pytest.fixture
def home() -> build.House:
    return build.house()


@pytest.fixture
def finding(home) -> Finding:
    return build.finding(home, f"Checks were sent. {HARD} was built.")


@pytest.fixture
def theme(home) -> Theme:
    return build.theme(home, HARD)


def shown(home, person=None) -> str:
    client = Client()
    client.force_login(person or home.reviewer)
    address = reverse("case", args=[home.review.slug, home.cases[0].public_id])
    return client.get(address).content.decode()


def test_what_people_wrote_is_escaped_wherever_it_stands(home, finding, theme):
    start = finding.text.index(HARD)
    passage = passages.tag(
        source=finding, start=start, end=start + len(HARD), themes=[theme], by=home.reviewer
    )
    passages.write_memo(passage=passage, memo=HARD, seen="", by=home.reviewer)
    page = shown(home)
    assert HARD not in page
    assert f"{ESCAPED}</mark>" in page
    assert f'aria-label="Passage 1: {ESCAPED}"' in page
    assert f"“{ESCAPED}”" in page
    assert f"Memo: {ESCAPED}" in page
    assert f'name="seen" value="{ESCAPED}"' in page
    assert f">{ESCAPED}</textarea>" in page
    assert f"Remove {ESCAPED} from passage 1" in page
    assert f'data-name="{ESCAPED}"' in page


def test_a_retired_theme_stays_on_its_passages_and_is_offered_no_more(home, finding, theme):
    passages.tag(source=finding, themes=[theme], by=home.reviewer)
    codebook.retire(theme=theme, by=home.reviewer)
    page = shown(home)
    assert f'<li class="house-theme">{ESCAPED} (retired)' in page
    assert "data-name=" not in page
    assert "<strong>The whole text</strong>" in page


def test_whoever_only_reads_is_shown_nothing_to_do(home, finding, theme):
    passage = passages.tag(source=finding, start=0, end=6, themes=[theme], by=home.reviewer)
    passages.mark_quotable(passage=passage, by=home.reviewer)
    page = shown(home, home.team)
    assert f'<li class="house-theme">{ESCAPED}</li>' in page
    assert "<strong>Quotable</strong>" in page
    for absent in ("Remove ", "data-tag-url", "Mark as quotable", "Do not quote", "memo", "Delete"):
        assert absent not in page, absent


def test_a_second_reader_is_shown_their_own_tags_and_takes_off_those_alone(home, finding, theme):
    other = build.theme(home, "Other")
    passages.tag(source=finding, start=0, end=6, themes=[theme], by=home.reviewer)
    second_reading.begin(case=home.cases[0], first=home.reviewer, second=home.colleague, by=home.reviewer)
    second_reading.tag(source=finding, start=0, end=6, themes=[other], by=home.colleague)
    page = shown(home, home.colleague)
    assert f'<li class="house-theme">{ESCAPED}' not in page
    assert '<li class="house-theme">Other<form' in page
    untag = reverse("second_untag", args=[home.review.slug, home.cases[0].public_id, 7]).split("/7/")[0]
    assert untag in page
    assert "Mark as quotable" not in page
    assert "<summary>" not in page


def test_what_needs_a_look_says_so_and_may_be_settled(home, finding, theme):
    passage = passages.tag(source=finding, start=0, end=6, themes=[theme], by=home.reviewer)
    passage.needs_look = True
    passage.save()
    page = shown(home)
    assert "Its words have changed" in page
    assert "They still fit<span" in page
    assert 'class="house-mark house-mark--1 house-mark--look"' in page
    assert "1 passage to look at again" in page


def test_a_note_says_how_it_was_asked_and_whether_it_may_be_quoted(home, theme):
    about = build.question(home, HARD)
    build.interview(home, agreed=False)
    note = build.note(home, about)
    about.text = "Reworded?"
    about.save()
    passages.tag(source=note, start=0, end=3, themes=[theme], by=home.reviewer)
    page = shown(home)
    assert f"Asked as: {ESCAPED}" in page
    assert "Quoting not agreed" in page
    assert "Mark as quotable" not in page


def test_a_long_text_is_begun_with_the_number_of_its_passages(home, theme):
    finding = build.finding(home, "Checks were sent. " * 800)
    for start in (0, 18):
        passages.tag(source=finding, start=start, end=start + 6, themes=[theme], by=home.reviewer)
    page = shown(home)
    assert "2 passages in 14,399 characters." in page
    assert reverse("text_read", args=[home.review.slug, home.cases[0].public_id, finding.public_id]) in page
    assert "without a tag" not in page
