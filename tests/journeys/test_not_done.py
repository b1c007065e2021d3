"""A tag that the service did not take is never said to be one: the page stays, and so does the selection."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from kscmp_review.accounts.models import Session
from tests.journeys.conftest import AtBrowser, sign_in
from tests.journeys.doing import select_words
from tests.journeys.looking import faults_of
from tests.themes import build as themes
from themes.models import Passage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = "Five agencies were asked before the plan was made."
Hindering = Callable[[Page, list[int]], None]
TAGGING = re.compile("/texts/[a-z0-9]+/$")


@pytest.fixture
def home() -> themes.House:
    home = themes.house()
    themes.theme(home, "Agency checks")
    themes.finding(home, TEXT)
    return home


@pytest.fixture
def refusals() -> list[int]:
    """With which status tagging is refused, where a test puts one in."""
    return []


@pytest.fixture
def page(home: themes.House, at_browser: AtBrowser, refusals: list[int]) -> Page:
    """A case with some words selected."""

    def answer(route: Route) -> None:
        if refusals:
            route.fulfill(status=refusals[0], body="An error page.")
        else:
            route.continue_()

    page = at_browser(home.reviewer)
    # Before the page is opened: a request sent while a route is new may pass it by.
    page.route(TAGGING, answer)
    page.goto(f"/reviews/{home.review.slug}/cases/{home.cases[0].public_id}/")
    select_words(page, page.locator("[data-text]"), "Five agencies")
    return page


def cut_the_line(page: Page, refusals: list[int]) -> None:
    page.context.set_offline(True)


def end_the_session(page: Page, refusals: list[int]) -> None:
    Session.objects.all().delete()


def answered(status: int) -> Hindering:
    return lambda page, refusals: refusals.append(status)


@pytest.mark.parametrize(
    ("hinder", "why"),
    [
        (cut_the_line, "there is no connection"),
        (end_the_session, "you have been signed out"),
        (answered(403), "you have signed in anew"),
        (answered(404), "what this was about is not there any more"),
        (answered(429), "something went wrong here"),
    ],
    ids=["no connection", "signed out", "refused", "not there", "too often"],
)
def test_what_was_not_tagged_is_said_and_the_page_stays(
    page: Page, refusals: list[int], hinder: Hindering, why: str
) -> None:
    hinder(page, refusals)
    page.keyboard.press("1")
    expect(page.get_by_role("alert")).to_contain_text(f"Not done: {why}")
    expect(page.locator("[data-tag-state]")).to_have_text("Not tagged.")
    expect(page.locator("[data-text]")).to_have_text(TEXT)
    assert page.evaluate("getSelection().toString()") == "Five agencies"
    assert not Passage.objects.exists()
    page.context.set_offline(False)
    assert faults_of(page) == []


def test_the_same_words_are_tagged_when_the_line_is_back(page: Page) -> None:
    page.context.set_offline(True)
    page.keyboard.press("1")
    expect(page.get_by_role("alert")).to_contain_text("Not done")
    page.context.set_offline(False)
    page.keyboard.press("1")
    expect(page.locator("[data-tag-state]")).to_have_text("Tagged “Five agencies” with Agency checks.")
    expect(page.get_by_role("alert")).to_be_hidden()
    page.context.set_offline(True)
    page.keyboard.press("u")
    expect(page.locator("[data-tag-state]")).to_have_text("Not undone.")
    page.context.set_offline(False)
    page.keyboard.press("u")
    expect(page.locator("[data-tag-state]")).to_have_text("Undone.")
    assert not Passage.objects.exists()


def test_whoever_was_signed_out_signs_in_in_another_tab_and_goes_on(page: Page, home: themes.House) -> None:
    Session.objects.all().delete()
    page.keyboard.press("1")
    link = page.get_by_role("alert").get_by_role("link", name="Sign in")
    with page.context.expect_page() as opened:
        link.click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Sign in")
    sign_in(page.context, home.reviewer, page.url)
    page.reload()
    select_words(page, page.locator("[data-text]"), "Five agencies")
    page.keyboard.press("1")
    expect(page.locator("[data-tag-state]")).to_have_text("Tagged “Five agencies” with Agency checks.")
