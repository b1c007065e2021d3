"""The business team tries things out, asks a district, and sees its answer arrive in the ranking."""

import pytest
from playwright.sync_api import expect

from cases.models import IndexCase, Stage
from tests.journeys.conftest import AtBrowser
from tests.journeys.doing import choose, follow, press
from tests.journeys.looking import faults_of
from tests.journeys.places import with_cases

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_question_comes_back_into_the_ranking(at_browser: AtBrowser) -> None:
    young, case = with_cases("asking", Stage.SELECTING, first_id=880031)
    team, lead = at_browser(young.team), at_browser(young.lead)
    team.goto(young.at("selection"))
    expect(team.locator("main")).to_contain_text("Asked on")
    lead.goto(young.at("submissions"))
    question = lead.get_by_role("group", name="Housing issues").first
    question.get_by_label("Present", exact=True).check()
    press(lead, f"Save answer about case {case.reference}")
    expect(lead.locator("main")).to_contain_text("has been saved")
    team.reload()
    expect(team.locator("main")).to_contain_text("Answers that have arrived")
    row = team.get_by_role("row").filter(has_text=case.reference).last
    expect(row).to_contain_text("answered")
    assert faults_of(team) == []


def test_leaving_one_out_is_tried_without_saving(at_browser: AtBrowser) -> None:
    young, _ = with_cases("trying", Stage.SELECTING, first_id=880041)
    page = at_browser(young.team)
    page.goto(young.at("selection"))
    page.get_by_text("What if: try another number").click()
    page.get_by_label("Leave out").select_option(label="Housing issues")
    press(page, "Show without saving")
    expect(page.locator("main")).to_contain_text("without Housing issues")
    expect(page.locator("main")).to_contain_text("You cannot decide here")
    assert faults_of(page) == []
    page.get_by_role("link", name="Back to the ranking as it is").first.click()
    expect(page.locator("main")).not_to_contain_text("You cannot decide here")
    follow(page, "How firm the selection is")
    expect(page.get_by_role("heading", level=1)).to_have_text("How firm the selection is")
    expect(page.locator("main")).to_contain_text("Without Housing issues")
    assert faults_of(page) == []


def test_index_cases_are_entered_and_closeness_explained(at_browser: AtBrowser) -> None:
    young, case = with_cases("index", Stage.OPEN, first_id=880051)
    page = at_browser(young.team)
    page.goto(young.at("profile"))
    follow(page, "Index cases: what the review sets out from")
    assert faults_of(page) == []
    follow(page, "Add an index case")
    choose(page, "Parental mental health issues", "Present")
    choose(page, "Parental substance misuse", "Absent")
    assert faults_of(page) == []
    press(page, "Save")
    expect(page.locator("main")).to_contain_text("Index case 1 has been added")
    follow(page, "Upload a sheet instead")
    heads = "parental-mental-health,parental-substance-misuse,housing-issues,family-history"
    sheet = {"name": "i.csv", "mimeType": "text/csv", "buffer": f"{heads}\nyes,no,?,yes\n".encode()}
    page.locator("input[type=file]").set_input_files(sheet)  # type: ignore[arg-type]  # a dict of its keys
    press(page, "Add the index cases")
    expect(page.locator("main")).to_contain_text("1 index case added")
    expect(page.locator("main")).to_contain_text("How common each characteristic is")
    assert faults_of(page) == []
    assert IndexCase.objects.count() == 2
    page.goto(young.at("case_answers", case.public_id))
    page.get_by_text("By index case").click()
    expect(page.locator("main")).to_contain_text("Index case 1: alike on 1 of the 2 answers known in both")
    assert faults_of(page) == []


def test_the_table_keeps_its_head_and_first_column_in_sight(at_browser: AtBrowser) -> None:
    young, case = with_cases("sticky", Stage.SELECTING, first_id=880061)
    page = at_browser(young.team)
    page.set_viewport_size({"width": 640, "height": 500})
    page.goto(young.at("selection"))
    table = page.get_by_role("region", name="Cases by rank")
    cell = table.get_by_role("rowheader").filter(has_text=case.reference).first
    cell.scroll_into_view_if_needed()
    places = []
    for left in (300, 600):
        table.evaluate("(region, left) => { region.scrollLeft = left; }", left)
        box = cell.bounding_box()
        assert box is not None
        places.append(box["x"])
    assert places[0] == places[1] >= 0
    head = table.get_by_role("columnheader", name="Housing issues")
    table.evaluate("region => { region.scrollTop = 200; }")
    top, region = head.bounding_box(), table.bounding_box()
    assert top is not None
    assert region is not None
    assert top["y"] + top["height"] > region["y"]
