"""Two people at two browsers change the same text: nobody's words are lost."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import AtBrowser
from tests.journeys.doing import press
from tests.journeys.looking import faults_of_errors
from tests.themes import build as themes
from themes.models import Finding

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIRST, SECOND, BOTH = "Five agencies answered.", "Six were asked.", "Six were asked; five agencies answered."


def test_the_second_to_save_a_finding_meets_both_texts_and_decides(at_browser: AtBrowser) -> None:
    home = themes.house()
    finding = themes.finding(home, "Agencies were asked.")
    address = f"/reviews/{home.review.slug}/cases/{home.cases[0].public_id}/findings/{finding.public_id}/"
    first, second = at_browser(home.reviewer), at_browser(home.colleague)
    for page in (first, second):
        page.goto(address)
    save(first, FIRST)
    expect(first.locator("main")).to_contain_text(FIRST)
    save(second, SECOND)
    expect(second.locator(".house-theirs")).to_contain_text(FIRST)
    expect(second.get_by_label("Finding", exact=True)).to_have_value(SECOND)
    assert text_of(finding) == FIRST
    assert faults_of_errors(second) == []
    second.get_by_label("Finding", exact=True).fill(BOTH)
    press(second, "Save mine instead")
    expect(second.locator("[data-text]")).to_have_text(BOTH)
    assert text_of(finding) == BOTH
    assert list(finding.history.order_by("pk").values_list("text", flat=True)) == [
        "Agencies were asked.",
        FIRST,
        BOTH,
    ]


def test_the_second_may_keep_what_the_first_saved(at_browser: AtBrowser) -> None:
    home = themes.house()
    finding = themes.finding(home, "Agencies were asked.")
    address = f"/reviews/{home.review.slug}/cases/{home.cases[0].public_id}/findings/{finding.public_id}/"
    first, second = at_browser(home.reviewer), at_browser(home.colleague)
    for page in (first, second):
        page.goto(address)
    save(first, FIRST)
    save(second, SECOND)
    second.get_by_role("link", name="Keep what is saved now").click()
    expect(second.locator("[data-text]")).to_have_text(FIRST)
    assert text_of(finding) == FIRST


def save(page: Page, text: str) -> None:
    page.get_by_label("Finding", exact=True).fill(text)
    press(page, "Save the finding")


def text_of(finding: Finding) -> str:
    return Finding.objects.get(pk=finding.pk).text
