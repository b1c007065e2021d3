"""With JavaScript off everything can still be done: submitting a case, deciding, tagging."""

import re

import pytest
from playwright.sync_api import expect

from cases.models import Case, Decision, Stage
from tests import build
from tests.journeys import places
from tests.journeys.conftest import AtBrowser
from tests.journeys.doing import choose, follow, press, submit_case
from tests.themes import build as themes
from themes.models import Passage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAMES = [line.name for line in build.LINES]
FINDING = "Checks were sent to five agencies. Four answered within ten days. The fifth was chased."


def test_district_lead_submits_a_case(at_browser: AtBrowser) -> None:
    young = places.Young("young", Stage.OPEN)
    page = at_browser(young.lead, scripts=False)
    page.goto(young.at("submissions"))
    reference = submit_case(page, "0012345", NAMES, "pa?p")
    case = Case.objects.get(review=young.review)
    assert (case.reference, case.liberi_id, case.match_count) == (reference, "0012345", 2)


def test_business_team_decides_with_a_reason(at_browser: AtBrowser) -> None:
    young, case = places.with_cases("young", Stage.SELECTING, first_id=7001001)
    page = at_browser(young.team, scripts=False)
    page.goto(young.at("selection"))
    follow(page, f"Decide {case.reference}")
    choose(page, "Decision", "Selected")
    press(page, "Save the decision")
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    page.get_by_label(re.compile("^Reason")).fill("Its records are not to hand.")
    press(page, "Save the decision")
    expect(page.locator("main")).to_contain_text(f"{case.reference}: selected.")
    assert Decision.objects.get(case=case).reason == "Its records are not to hand."


def test_reviewer_tags_a_sentence_and_a_whole_text(at_browser: AtBrowser) -> None:
    home = themes.house()
    for name in ("Agency checks", "Chasing replies"):
        themes.theme(home, name)
    finding = themes.finding(home, FINDING)
    page = at_browser(home.reviewer, scripts=False)
    page.goto(f"/reviews/{home.review.slug}/cases/{home.cases[0].public_id}/")
    for sentence, theme in (("The fifth was chased.", "Chasing replies"), (None, "Agency checks")):
        follow(page, "Tag by sentence or as a whole: Agency check")
        if sentence:
            choose(page, "Which sentences?", sentence)
        choose(page, "With which themes?", theme)
        press(page, "Tag")
    passages = page.get_by_role("list", name="Passages and their themes")
    expect(passages).to_contain_text("“The fifth was chased.”")
    expect(passages).to_contain_text("The whole text")
    expect(page.locator("mark")).to_contain_text("The fifth was chased.")
    start = FINDING.index("The fifth")
    spans = Passage.objects.filter(finding=finding).values_list("start", "end", "tags__theme__name")
    assert set(spans) == {(start, len(FINDING), "Chasing replies"), (None, None, "Agency checks")}
