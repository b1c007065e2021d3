"""Whoever sends a sheet is told that it is being read, and for how long already, until the answer comes."""

import re

import pytest
from playwright.sync_api import Route, expect

from cases.models import Stage
from tests.journeys.conftest import AtBrowser
from tests.journeys.places import Young

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HEADS = "liberi_id,district,assessment_date,parental-mental-health"
SHEET = {"name": "c.csv", "mimeType": "text/csv", "buffer": f"{HEADS}\n0077,North,2021-03-05,yes\n".encode()}
# A page that is being left answers no question: it tells by itself what it comes to say.
TELL = """state => new MutationObserver(() => window.told(state.innerHTML))
  .observe(state, { childList: true, subtree: true, characterData: true })"""
# Said once to those who listen; the seconds are for those who look.
SAID = re.compile(
    r"<span>The sheet is being read and checked\. Keep this page open\. </span>"
    r'<span aria-hidden="true">\d+ seconds? so far\.</span>'
    r'<progress class="[\w-]+" aria-label="The sheet is being read and checked"></progress>'
)


def test_the_page_says_so_until_the_answer_comes(at_browser: AtBrowser) -> None:
    young = Young("waiting", Stage.OPEN)
    page = at_browser(young.lead)
    held: list[Route] = []
    said: list[str] = []

    def hold(route: Route) -> None:
        """The answer, until the page has said what it is to say."""
        if route.request.method == "POST" and not is_whole():
            held.append(route)
        else:
            route.continue_()

    def told(words: str) -> None:
        said.append(words)
        if held and is_whole():
            held.pop().continue_()

    def is_whole() -> bool:
        return any(map(SAID.fullmatch, said))

    page.expose_function("told", told)
    page.route(re.compile("/upload/$"), hold)
    page.goto(young.at("submissions_upload"))
    page.locator("input[type=file]").set_input_files(SHEET)  # type: ignore[arg-type]  # a dict of its keys
    page.locator("[data-working-state]").evaluate(TELL)
    page.get_by_role("button", name="Check the sheet").click()
    expect(page).to_have_url(re.compile("/upload/check/$"))
    assert is_whole(), said
    assert not held
