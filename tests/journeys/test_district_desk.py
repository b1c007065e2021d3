"""A district lead between two meetings: nothing typed is lost to a closed tab, a time-out or a lost line."""

import pytest
from playwright.sync_api import expect

from cases.models import Case, Stage
from kscmp_review.accounts.models import Session
from tests.journeys.conftest import AtBrowser
from tests.journeys.doing import choose, press, sign_in, type_day
from tests.journeys.looking import faults_of
from tests.journeys.places import Young

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ID = "0077001234"
MENTAL_HEALTH = "Parental mental health issues"


def test_what_is_typed_survives_a_closed_tab(at_browser: AtBrowser) -> None:
    young = Young("closed", Stage.OPEN)
    page = at_browser(young.lead)
    page.goto(young.at("submission_new"))
    page.get_by_label("Liberi ID").fill(ID)
    choose(page, MENTAL_HEALTH, "Present")
    expect(page.locator("[data-draft-state]")).to_contain_text("Draft saved at")
    assert faults_of(page) == []
    page.close()
    again = at_browser(young.lead)
    again.goto(young.at("submissions"))
    expect(again.locator("main")).to_contain_text("A case you have started")
    assert faults_of(again) == []
    again.get_by_role("link", name="Continue with it").click()
    expect(again.get_by_label("Liberi ID")).to_have_value(ID)
    expect(again.get_by_role("group", name=MENTAL_HEALTH).get_by_label("Present")).to_be_checked()
    assert faults_of(again) == []
    press(again, "Discard the draft and start empty")
    expect(again.locator("main")).to_contain_text("The draft has been discarded")
    assert not Case.objects.exists()


def test_signed_out_in_the_middle_the_form_goes_on_after_signing_in(at_browser: AtBrowser) -> None:
    young = Young("timed", Stage.OPEN)
    page = at_browser(young.lead)
    page.goto(young.at("submission_new"))
    page.get_by_label("Liberi ID").fill(ID)
    expect(page.locator("[data-draft-state]")).to_contain_text("Draft saved at")
    Session.objects.all().delete()
    type_day(page, "5", "3", "2021")
    expect(page.locator("[data-draft-state]")).to_contain_text("you have been signed out")
    other = page.context.new_page()
    sign_in(other, "timed-nora")
    other.close()
    expect(page.locator("[data-draft-state]")).to_contain_text("Draft saved at")
    press(page, "Check your answers")
    press(page, "Submit the case")
    expect(page.locator(".govuk-panel")).to_contain_text("Case submitted")
    assert Case.objects.get().liberi_id == ID


def test_a_lost_connection_is_said_and_made_up_for(at_browser: AtBrowser) -> None:
    young = Young("offline", Stage.OPEN)
    page = at_browser(young.lead)
    page.goto(young.at("submission_new"))
    page.context.set_offline(True)
    page.get_by_label("Liberi ID").fill(ID)
    expect(page.locator("[data-draft-state]")).to_contain_text("Not saved: there is no connection")
    page.context.set_offline(False)
    expect(page.locator("[data-draft-state]")).to_contain_text("Draft saved at")
    page.reload()
    expect(page.get_by_label("Liberi ID")).to_have_value(ID)


def test_a_case_changed_and_withdrawn_keeps_its_history(at_browser: AtBrowser) -> None:
    young = Young("history", Stage.OPEN)
    page = at_browser(young.lead, scripts=False)
    page.goto(young.at("submission_new"))
    page.get_by_label("Liberi ID").fill(ID)
    type_day(page, "5", "3", "2021")
    press(page, "Save and come back later")
    page.get_by_role("link", name="Continue with it").click()
    press(page, "Check your answers")
    press(page, "Submit the case")
    case = Case.objects.get()
    page.goto(young.at("submission_change", case.public_id))
    choose(page, MENTAL_HEALTH, "Present")
    press(page, "Check your answers")
    press(page, "Save the change")
    page.goto(young.at("case_history", case.public_id))
    expect(page.locator("main")).to_contain_text("not known became present")
    page.goto(young.at("submission_withdraw", case.public_id))
    page.locator("main form button").first.click()
    expect(page.locator("main")).to_contain_text(f"Case {case.reference}, withdrawn on")
