"""Two reviewers at two browsers read one case: unseen by each other, compared once both have finished."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import AtBrowser
from tests.journeys.doing import follow, press, select_words
from tests.journeys.looking import faults_of
from tests.themes import build as themes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = "Five agencies were asked. Four replied within a week. The family was told why."


def tag(page: Page, words: str, key: str) -> None:
    select_words(page, page.locator("[data-text]").first, words)
    page.keyboard.press(key)
    expect(page.locator("[data-tag-state]")).to_contain_text("Tagged")


def test_two_reviewers_tag_unseen_finish_and_settle(at_browser: AtBrowser) -> None:
    home = themes.house()
    for name in ("Agency checks", "Openness"):
        themes.theme(home, name)
    themes.finding(home, TEXT)
    first, second = at_browser(home.reviewer), at_browser(home.colleague)
    case = f"/reviews/{home.review.slug}/cases/{home.cases[0].public_id}/"
    first.goto(f"/reviews/{home.review.slug}/second-readings/")
    first.get_by_label("Case").select_option(label=f"Case {home.cases[0].letter}")
    first.get_by_label("First reader").select_option(label=home.reviewer.name)
    first.get_by_label("Second reader").select_option(label=home.colleague.name)
    press(first, "Begin the second reading")
    expect(first.locator("main")).to_contain_text("is now read a second time")
    for page in (first, second):
        page.goto(case)
    tag(first, "Five agencies were asked", "1")
    tag(first, "The family was told why", "2")
    second.reload()
    expect(second.locator("main")).to_contain_text("You are reading this case a second time")
    expect(second.locator("mark")).to_have_count(0)
    tag(second, "Five agencies", "1")
    assert faults_of(second) == []
    first.reload()
    expect(first.locator("mark")).to_have_count(2)
    for page in (first, second):
        page.goto(f"{case}second-reading/")
        expect(page.locator("main")).not_to_contain_text("Where the readers differ")
        press(page, "I have finished")
    expect(second.locator("main")).to_contain_text("Where the readers differ")
    expect(second.locator("main")).to_contain_text("1 of 1 disagreements is still to be settled.")
    expect(second.locator("main")).to_contain_text(f"Openness: {home.reviewer.name} alone")
    assert faults_of(second) == []
    second.get_by_role("button", name=re.compile("^Leave it out")).click()
    expect(second.locator("main")).to_contain_text("Every disagreement is settled.")
    first.goto(case)
    expect(first.locator("mark")).to_have_count(1)
    follow(first, "The second reading of this case")
    expect(first.locator("main")).to_contain_text(f"Left out by {home.colleague.name}")
