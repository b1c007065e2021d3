"""The business team goes through a case's answers, and prints a confirmed selection on one sheet."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from cases.models import Selection, Stage
from kscmp_review.accounts.models import User
from tests.journeys.conftest import AtBrowser
from tests.journeys.doing import choose, follow, press
from tests.journeys.looking import faults_of, faults_of_errors
from tests.journeys.places import PEOPLE, with_cases
from themes.demonstration import load

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_case_is_verified_with_its_evidence_beside_each_answer(at_browser: AtBrowser) -> None:
    young, asked = with_cases("verifying", Stage.SELECTING, first_id=880011)
    page = at_browser(young.team)
    page.goto(young.at("agreement"))
    expect(page.locator("main")).to_contain_text("0 of the 16 answers have been verified")
    follow(page, f"Verify {asked.reference}")
    first = page.locator("#verify-parental-mental-health")
    expect(first).to_contain_text("At the visit.")
    page.get_by_label("Where in the record: parental mental health issues").fill("Chronology, May.")
    press(page, "Save, then the next case to verify")
    assert faults_of_errors(page) == []
    choose(page, "What the record shows of parental mental health issues", "Absent")
    press(page, "Save, then the next case to verify")
    expect(page.locator("main")).to_contain_text("1 answer verified")
    expect(page.get_by_role("heading", level=1)).not_to_contain_text(asked.reference)
    page.goto(young.at("agreement"))
    disagreements = page.get_by_role("region", name="Answers that were found to be other than reported")
    expect(disagreements).to_contain_text("Chronology, May.")
    expect(page.locator("main")).to_contain_text("1 of the 16 answers has been verified")
    assert faults_of(page) == []


def test_a_selection_on_record_prints_on_one_sheet(at_browser: AtBrowser) -> None:
    review = load.load().review
    selection = Selection.objects.get(review=review)
    page = at_browser(User.objects.get(email=f"{PEOPLE['business']}@kscmp.example"))
    page.goto(reverse("selection_record", args=[review.slug, selection.number]))
    expect(page.locator("main")).to_contain_text("12 − 0 = 12")
    expect(page.locator("main")).to_contain_text("6 + 3 + 3 = 12")
    expect(page.locator("main")).to_contain_text(selection.digest)
    assert faults_of(page) == []
    sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))
    assert len(sheets) == 1
