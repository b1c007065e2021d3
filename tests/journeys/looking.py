"""What may be wrong with a page, whoever sees it."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

DESKTOP, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
AXE = Axe()
# Empties every field of the page's form that a person can empty, without sending anything.
EMPTY_THE_FORM = """form => {
  for (const field of form.elements) {
    if (field.type === "hidden" || field.type === "submit") continue;
    if (field.type === "radio" || field.type === "checkbox") field.checked = false;
    else if (field.tagName === "SELECT") field.selectedIndex = 0;
    else field.value = "";
  }
}"""


def faults_of(page: Page, *, colours: bool = True) -> list[str]:
    """Axe's violations, a page that scrolls sideways at 320 px, and a heading or title out of place.

    Without `colours` contrast is left out, which takes most of the time: for a page seen with it before.
    """
    page.wait_for_load_state()  # a click waits for an answer's first line only; axe needs a whole document
    rules = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": colours}}}
    violations = AXE.run(page, options=rules).response["violations"]
    faults = [f"{found['id']}: {_where(found)}" for found in violations]
    headings = page.locator("h1").count()
    if headings != 1:
        faults.append(f"{headings} h1 headings")
    if not page.title().partition(" – ")[2]:
        faults.append(f"the title is “{page.title()}”")
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]  # a plain dict of the same keys
    if (width := page.evaluate("document.scrollingElement.scrollWidth")) > NARROW["width"]:
        faults.append(f"{width} px wide on a screen of {NARROW['width']}")
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    return faults


def _where(found: dict[str, object]) -> str:
    nodes = found["nodes"]
    assert isinstance(nodes, list)
    return "; ".join(str(node["target"][0]) for node in nodes[:3]) + f" ({len(nodes)} in all)"


def faults_of_errors(page: Page) -> list[str]:
    """What is wrong with a page that refuses a form; where each link of its summary lands, too."""
    refused = comes_back_refused(page)
    faults = faults_of(page)
    if not refused:
        faults.append(f"an error under the title “{page.title()}”")
    links = page.locator(".govuk-error-summary__list a")
    for position in range(links.count()):
        link = links.nth(position)
        target = (link.get_attribute("href") or "").removeprefix("#")
        link.click()
        if page.evaluate("document.activeElement.id") != target:
            faults.append(f"“{link.inner_text()}” does not land on its field")
    return faults


def comes_back_refused(page: Page) -> bool:
    """Whether the page that refuses a form comes, which may be a moment after the form was sent."""
    try:
        expect(page).to_have_title(re.compile("^Error: "))
    except AssertionError:
        return False
    return True


def send_empty(page: Page) -> bool:
    """Empty the main form and send it; whether the page came back with an error summary."""
    form = page.locator("main form[method=post]:has(.govuk-form-group)").first
    form.evaluate(EMPTY_THE_FORM)
    form.locator("button[type=submit]").first.click()
    return comes_back_refused(page) and page.locator(".govuk-error-summary").count() == 1
