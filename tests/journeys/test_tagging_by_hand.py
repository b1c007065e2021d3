"""Words are selected and tagged with the mouse and with the keyboard alone, in short and in long texts."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.bench.long_text import material
from tests.journeys.conftest import AtBrowser
from tests.journeys.doing import arrive, select_words
from tests.journeys.looking import faults_of
from tests.themes import build as themes
from themes.actions import passages
from themes.models import Passage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# More words selected and a key pressed, before the browser has told the page of the new selection.
GROW_AND_PRESS = """() => {
  const text = document.activeElement;
  document.getSelection().setBaseAndExtent(text.firstChild, 0, text.firstChild, "She smiled".length);
  text.dispatchEvent(new KeyboardEvent("keydown", { key: "2", bubbles: true }));
}"""
TEXT = "She smiled 🙂🙂 at the café. Five agencies were asked, and four replied."


def state(page: Page, words: str) -> None:
    expect(page.locator("[data-tag-state]")).to_contain_text(words)


def tagged() -> set[tuple[str, str]]:
    found = Passage.objects.with_source().prefetch_related("tags__theme")
    return {(passage.words, tag.theme.name) for passage in found for tag in passage.tags.all()}


def at_case(at_browser: AtBrowser) -> Page:
    """A case with a finding, and two themes to tag it with."""
    home = themes.house()
    for name in ("Supervision", "Agency checks"):
        themes.theme(home, name)
    themes.finding(home, TEXT)
    page = at_browser(home.reviewer)
    page.goto(f"/reviews/{home.review.slug}/cases/{home.cases[0].public_id}/")
    return page


def test_words_are_selected_tagged_and_untagged_with_the_keyboard_alone(at_browser: AtBrowser) -> None:
    page = at_case(at_browser)
    text = page.locator("[data-text]")
    text.focus()
    for key, words in (
        ("ArrowRight", "She"),
        ("ArrowRight", "smiled"),
        ("Shift+ArrowRight", "smiled 🙂🙂"),
        ("ArrowRight", "at"),
        ("ArrowLeft", "🙂🙂"),
        ("ArrowRight", "at"),
        ("ArrowRight", "the"),
        ("ArrowRight", "café"),
        ("ArrowRight", "."),
        ("ArrowRight", "Five"),
    ):
        page.keyboard.press(key)
        state(page, f"Selected: “{words}”")
    page.keyboard.press("Shift+ArrowRight")
    state(page, "Selected: “Five agencies”")
    page.keyboard.press("2")
    state(page, "Tagged “Five agencies” with Agency checks.")
    expect(text.locator("mark")).to_have_text(re.compile("Five agencies$"))
    expect(text).to_be_focused()
    page.keyboard.press("ArrowRight")
    state(page, "Selected: “were”")
    page.keyboard.press("/")
    page.keyboard.type("superv")
    page.keyboard.press("Enter")
    state(page, "Tagged “were” with Supervision.")
    assert tagged() == {("Five agencies", "Agency checks"), ("were", "Supervision")}
    page.keyboard.press("u")
    expect(text.locator("mark")).to_have_count(1)
    assert tagged() == {("Five agencies", "Agency checks")}
    assert faults_of(page) == []


def test_who_is_quicker_than_the_browser_tags_the_words_that_are_selected(at_browser: AtBrowser) -> None:
    page = at_case(at_browser)
    page.locator("[data-text]").focus()
    page.keyboard.press("ArrowRight")
    state(page, "Selected: “She”")
    page.evaluate(GROW_AND_PRESS)
    state(page, "Tagged “She smiled” with Agency checks.")
    assert tagged() == {("She smiled", "Agency checks")}


def test_a_long_text_is_tagged_with_the_mouse_and_its_passages_looked_at(at_browser: AtBrowser) -> None:
    home = themes.house()
    theme, other = themes.theme(home, "Agency checks"), themes.theme(home, "Supervision")
    made = material(40, size=12_000)
    finding = themes.finding(home, made.text)
    for each in made.passages:
        passages.tag(source=finding, start=each.start, end=each.end, themes=[theme], by=home.reviewer)
    start = made.text.index(". ", 5_000) + 2
    words = made.text[start : start + 30].rsplit(" ", 1)[0]
    Passage.objects.filter(start__lt=start + 200, end__gt=start - 200).delete()
    page = at_browser(home.reviewer)
    page.goto(f"/reviews/{home.review.slug}/cases/{home.cases[0].public_id}/")
    arrive(page.get_by_role("link", name=re.compile("^Read and tag the whole text")))
    text = page.locator("[data-text]")
    before = page.locator("[data-passage]").count()
    select_words(page, text, words)
    page.keyboard.press("2")
    state(page, "with Supervision.")
    expect(page.locator("[data-passage]")).to_have_count(before + 1)
    assert (words, "Supervision") in tagged()
    number = page.get_by_role("link", name="Supervision", exact=True)
    number.click()
    here = page.get_by_role("region", name="The chosen passage")
    expect(here).to_contain_text(words)
    here.get_by_role("button", name="Mark as quotable").click()
    expect(here).to_contain_text("Quotable.")
    assert faults_of(page) == []
    here.get_by_role("button", name="Remove Supervision").click()
    expect(page.locator("[data-passage]")).to_have_count(before)
    page.get_by_label("Show passages of").select_option(label=other.name)
    page.get_by_role("button", name="Show").click()
    expect(page.locator("[data-passage]")).to_have_count(0)
