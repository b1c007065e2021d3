"""What is typed while the server is slow, the line is cut or the session has ended is not lost."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from cases import drafts
from kscmp_review.accounts.models import Session
from tests.journeys.conftest import AtBrowser, sign_in
from tests.journeys.doing import choose
from tests.themes import build as themes
from themes.models import Finding, WritingDraft

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DRAFT = re.compile("/drafts?/")
HIDE = """() => {
  Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture
def home() -> themes.House:
    return themes.house()


@pytest.fixture
def page(home: themes.House, at_browser: AtBrowser) -> Iterator[Page]:
    """The form of a new finding, filled in but for its words."""
    page = at_browser(home.reviewer)
    page.clock.install()
    open_form(page, home)
    yield page
    page.context.set_offline(False)


def open_form(page: Page, home: themes.House) -> None:
    page.goto(f"/reviews/{home.review.slug}/cases/{home.cases[0].public_id}/findings/new/")
    choose(page, "Kind of record", "Case note")
    choose(page, "Was the practice", "Expected")
    choose(page, "Is it a strength", "Strength")
    expect(state(page)).to_contain_text("Draft saved at")


def words(page: Page) -> Locator:
    return page.get_by_label("Finding", exact=True)


def state(page: Page) -> Locator:
    return page.locator("[data-draft-state]")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save the finding").click()
    # A second click within a second is taken for a double click.
    page.clock.run_for(1_100)


def typed() -> str:
    held = drafts.typed_of(WritingDraft.objects.get()).fields
    assert held is not None
    return str(held["text"])


def test_a_tab_left_while_a_save_is_under_way_is_saved_and_goes_on(page: Page) -> None:
    held: list[Route] = []
    page.route(DRAFT, lambda route: held.append(route))
    words(page).fill("Six")
    expect(state(page)).to_have_text("Saving the draft…")
    words(page).fill("Six came")
    with page.expect_request(DRAFT):
        page.evaluate(HIDE)
    for route in held:
        route.continue_()
    page.unroute(DRAFT)
    expect(state(page)).to_contain_text("Draft saved at")
    with page.expect_response(lambda said: "early" in (said.request.post_data or "")) as answer:
        words(page).fill("Six came early.")
    assert answer.value.status == 200
    assert typed() == "Six came early."


def test_a_long_text_is_saved_at_once_when_its_tab_is_left(page: Page) -> None:
    page.clock.pause_at(page.evaluate("Date.now() + 1000"))
    with page.expect_response(DRAFT) as answer:
        words(page).fill("Six came. " * 7_000)
        page.evaluate(HIDE)
    assert answer.value.status == 200
    expect(state(page)).to_contain_text("Draft saved at")


def test_a_form_is_not_sent_where_there_is_no_connection(page: Page) -> None:
    page.context.set_offline(True)
    words(page).fill("Six came.")
    expect(state(page)).to_contain_text("there is no connection")
    save(page)
    expect(words(page)).to_have_value("Six came.")
    page.context.set_offline(False)
    expect(state(page)).to_contain_text("Draft saved at")
    save(page)
    expect(page.locator("[data-text]")).to_have_text("Six came.")


def test_what_one_typed_is_no_draft_of_the_next_at_this_browser(page: Page, home: themes.House) -> None:
    sign_in(page.context, home.colleague, page.url.partition("/reviews/")[0])
    words(page).fill("Six came.")
    expect(state(page)).to_contain_text("Somebody else has signed in at this browser")
    expect(words(page)).to_have_value("Six came.")
    assert [draft.user for draft in WritingDraft.objects.all()] == [home.reviewer]
    assert typed() == ""


@pytest.mark.parametrize("known", [True, False], ids=["told", "after half an hour"])
def test_a_form_does_not_meet_the_sign_in_page_with_words_nowhere_else(
    page: Page, home: themes.House, known: bool
) -> None:
    Session.objects.all().delete()
    if known:
        words(page).fill("Six came.")
        expect(state(page)).to_contain_text("you have been signed out")
    else:
        page.clock.pause_at(page.evaluate("Date.now() + 1_860_000"))
        words(page).fill("Six came.")
    save(page)
    expect(state(page)).to_contain_text("you have been signed out")
    expect(words(page)).to_have_value("Six came.")
    sign_in(page.context, home.reviewer, page.url.partition("/reviews/")[0])
    save(page)
    expect(page.locator("[data-text]")).to_have_text("Six came.")
    assert Finding.objects.get().text == "Six came."
