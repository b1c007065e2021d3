"""A reviewer notes a thought on a passage: it is kept while it is typed, whatever happens to the page."""

import pytest
from playwright.sync_api import Page, expect

from kscmp_review.accounts.models import Session
from tests.journeys.conftest import AtBrowser, sign_in
from tests.journeys.doing import press, select_words
from tests.journeys.looking import faults_of
from tests.themes import build as themes
from themes.actions import passages
from themes.models import Passage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def at_memo(at_browser: AtBrowser) -> tuple[themes.House, Passage, Page]:
    """A case whose one passage has no memo yet, where the reviewer has begun one."""
    home = themes.house()
    finding = themes.finding(home, "Five agencies were asked.")
    theme = themes.theme(home, "Agency checks")
    passage = passages.tag(source=finding, start=0, end=13, themes=[theme], by=home.reviewer)
    page = at_browser(home.reviewer)
    page.goto(f"/reviews/{home.review.slug}/cases/{home.cases[0].public_id}/")
    page.get_by_text("Add a memo on passage 1").click()
    return home, passage, page


def test_what_is_typed_outlives_the_tab_and_a_page_drawn_again(at_browser: AtBrowser) -> None:
    home = themes.house()
    theme = themes.theme(home, "Agency checks")
    finding = themes.finding(home, "Five agencies were asked, and four replied.")
    passage = passages.tag(source=finding, start=0, end=13, themes=[theme], by=home.reviewer)
    address = f"/reviews/{home.review.slug}/cases/{home.cases[0].public_id}/"
    page = at_browser(home.reviewer)
    page.goto(address)
    page.get_by_text("Add a memo on passage 1").click()
    memo = page.get_by_label("Memo on passage 1")
    memo.fill("Who did not")
    expect(page.locator("[data-draft-state]")).to_contain_text("Draft saved at")
    assert faults_of(page) == []
    # Tagging other words draws the text again: what stands in the memo by then goes on standing there.
    memo.fill("Who did not reply?")
    select_words(page, page.locator("[data-text]"), "four replied")
    page.keyboard.press("1")
    expect(page.locator("[data-tag-state]")).to_contain_text("Tagged “four replied”")
    expect(memo).to_have_value("Who did not reply?")
    expect(page.locator("[data-draft-state]").first).to_contain_text("Draft saved at")
    expect(page.locator("[name=draft_revision]").first).to_have_value("2")
    page.close()
    again = at_browser(home.reviewer)
    again.goto(address)
    memo = again.get_by_label("Memo on passage 1")
    expect(memo).to_have_value("Who did not reply?")
    expect(again.locator("main")).to_contain_text("What you typed and did not save")
    assert faults_of(again) == []
    again.locator("form", has=memo).get_by_role("button", name="Save the memo").click()
    expect(again.locator("main")).to_contain_text("Memo: Who did not reply?")
    expect(again.locator("main")).not_to_contain_text("What you typed and did not save")
    assert Passage.objects.get(pk=passage.pk).memo == "Who did not reply?"


def test_a_memo_a_colleague_was_quicker_with_is_decided_with_both_in_sight(at_browser: AtBrowser) -> None:
    home, passage, page = at_memo(at_browser)
    page.get_by_label("Memo on passage 1").fill("Mine.")
    passages.write_memo(passage=passage, memo="Theirs.", seen="", by=home.colleague)
    press(page, "Save the memo")
    expect(page.locator("main")).to_contain_text("A colleague has saved since: “Theirs.”")
    expect(page.get_by_label("Memo on passage 1")).to_have_value("Mine.")
    assert faults_of(page) == []
    page.get_by_label("Memo on passage 1").fill("Mine, and theirs.")
    press(page, "Save the memo")
    expect(page.locator("main")).to_contain_text("Memo: Mine, and theirs.")
    assert Passage.objects.get(pk=passage.pk).memo == "Mine, and theirs."


def test_a_memo_whose_passage_is_gone_stays_in_sight_and_is_to_be_copied(at_browser: AtBrowser) -> None:
    home, passage, page = at_memo(at_browser)
    page.get_by_label("Memo on passage 1").fill("Who asked them?")
    passages.untag(passage=passage, theme=passage.tags.get().theme, by=home.colleague)
    press(page, "Save the memo")
    expect(page.get_by_role("alert")).to_contain_text("not there any more. Copy what you typed first.")
    expect(page.get_by_label("Memo on passage 1")).to_have_value("Who asked them?")
    expect(page.locator("[data-draft-state]")).to_contain_text(
        "Copy what you typed before you leave this page."
    )


def test_a_memo_saved_after_a_time_out_is_kept_once_signed_in_again(at_browser: AtBrowser) -> None:
    home, passage, page = at_memo(at_browser)
    memo = page.get_by_label("Memo on passage 1")
    memo.fill("Who asked them?")
    expect(page.locator("[data-draft-state]")).to_contain_text("Draft saved at")
    Session.objects.all().delete()
    memo.fill("Who asked them, and when?")
    page.locator("form", has=memo).get_by_role("button", name="Save the memo").click()
    expect(page.get_by_role("alert")).to_contain_text("Not done: you have been signed out.")
    expect(page.locator("[data-draft-state]")).to_contain_text("Not saved: you have been signed out.")
    expect(memo).to_have_value("Who asked them, and when?")
    sign_in(page.context, home.reviewer, page.url)
    expect(page.locator("[data-draft-state]")).to_contain_text("Draft saved at")
    page.reload()
    expect(page.get_by_label("Memo on passage 1")).to_have_value("Who asked them, and when?")
    assert Passage.objects.get(pk=passage.pk).memo == ""


def test_a_learning_point_typed_halfway_is_there_in_another_tab(at_browser: AtBrowser) -> None:
    home = themes.house()
    page = at_browser(home.reviewer)
    address = f"/reviews/{home.review.slug}/learning/new/"
    page.goto(address)
    page.get_by_label("Learning point").fill("Ask who has not")
    page.get_by_label("Health", exact=True).check()
    expect(page.locator("[data-draft-state]")).to_contain_text("Draft saved at")
    page.close()
    again = at_browser(home.reviewer)
    again.goto(address)
    expect(again.get_by_label("Learning point")).to_have_value("Ask who has not")
    expect(again.get_by_label("Health", exact=True)).to_be_checked()
    assert faults_of(again) == []
    press(again, "Discard it and show what is saved")
    expect(again.get_by_label("Learning point")).to_be_empty()
