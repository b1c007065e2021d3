"""What people do on the pages, in their words: sign in, submit a case, select words with the mouse."""

import re

from playwright.sync_api import Locator, Page, expect

from tests import build

ANSWERS = {"p": "Present", "a": "Absent", "?": "Not known"}
# Where some words stand on the screen: the middle of the line at their start and at their end.
ENDS_OF_WORDS = """([text, words]) => {
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.textContent.indexOf(words);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + words.length);
    text.scrollIntoView({ block: "center" });
    const lines = range.getClientRects();
    const first = lines[0], last = lines[lines.length - 1];
    return [first.left + 1, first.top + first.height / 2, last.right, last.top + last.height / 2];
  }
  throw new Error(`no “${words}” in one piece`);
}"""


def sign_in(page: Page, name: str) -> None:
    """From the front door, with the password every made-up account has."""
    page.goto("/")
    page.get_by_label("Email address").fill(f"{name}@kscmp.example")
    page.get_by_label("Password", exact=True).fill(build.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your reviews")


def go_to(page: Page, tab: str) -> None:
    page.get_by_role("navigation", name="This review").get_by_role("link", name=tab, exact=True).click()
    page.wait_for_load_state()


def called(name: str) -> re.Pattern[str]:
    """A whole name, whatever white space stands between what is seen and what is only read out."""
    return re.compile(r"^\s*" + r"\s*".join(map(re.escape, re.findall(r"\w+|[^\w\s]", name))) + r"\s*$")


def press(page: Page | Locator, button: str) -> None:
    arrive(page.get_by_role("button", name=called(button)))


def follow(page: Page, link: str) -> None:
    arrive(page.locator("main").get_by_role("link", name=called(link)).first)


def arrive(target: Locator) -> None:
    """Click, and wait for the whole of the page it leads to: a click waits for its first line only."""
    target.click()
    target.page.wait_for_load_state()


def group(page: Page, name: str) -> Locator:
    """The radio buttons or checkboxes under one question."""
    return page.get_by_role("group", name=re.compile(f"^{re.escape(name)}"))


def choose(page: Page, question: str, answer: str) -> None:
    group(page, question).get_by_label(answer, exact=True).check()


def type_day(page: Page, day: str, month: str, year: str) -> None:
    for part, typed in (("Day", day), ("Month", month), ("Year", year)):
        page.get_by_label(part, exact=True).fill(typed)


def submit_case(page: Page, liberi_id: str, characteristics: list[str], marks: str) -> str:
    """The form, the answers checked, the confirmation; gives the reference that it shows."""
    page.get_by_role("link", name=re.compile("^Add (a|another) case$")).click()
    page.get_by_label("Liberi ID").fill(liberi_id)
    type_day(page, "5", "3", "2021")
    for name, mark in zip(characteristics, marks, strict=True):
        choose(page, name, ANSWERS[mark])
    press(page, "Check your answers")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Check your answers")
    expect(page.locator("main")).to_contain_text(liberi_id)
    press(page, "Submit the case")
    panel = page.locator(".govuk-panel")
    expect(panel).to_contain_text("Case submitted")
    return panel.locator("strong").inner_text()


def select_words(page: Page, text: Locator, words: str) -> None:
    """Drag the mouse over words that stand in one piece of a text."""
    handle = text.element_handle()
    from_x, from_y, to_x, to_y = page.evaluate(ENDS_OF_WORDS, [handle, words])
    page.mouse.move(from_x, from_y)
    page.mouse.down()
    page.mouse.move(to_x, to_y, steps=4)
    page.mouse.up()
    expect(page.locator("[data-tag-state]")).to_contain_text("Selected:")
