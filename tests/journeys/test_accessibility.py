"""No page, empty, filled or refusing a form, breaks an accessibility rule or scrolls sideways at 320 px."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from django.urls import reverse

from cases.actions import selections
from cases.models import Case, Stage
from kscmp_review.accounts.models import User
from tests import build
from tests.journeys import places
from tests.journeys.conftest import AtBrowser
from tests.journeys.doing import press
from tests.journeys.looking import faults_of, faults_of_errors
from tests.journeys.places import FILES
from tests.journeys.test_account_pages import ACCOUNT_PAGES
from tests.journeys.walking import Walk
from tests.test_authorisation import OUTSIDE_REVIEWS, ROLES, ROWS, names
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

# Met at their own stage, in the tests of that stage below.
BEFORE_SELECTION = {
    "submission_new",
    "submission_check",
    "submission_change",
    "submission_change_check",
    "submissions_upload",
    "submissions_upload_check",
    "selection_confirm",
    "selection_decide",
    "case_verify",
    "review_stage",
    "profile_change",
    "profile_add",
    "profile_line",
    "profile_split",
}
REFUSED_TO_TEAM = (
    "review_settings",
    "review_stage",
    "members",
    "follow_up_point",
    "retention_change",
    "legal_hold",
    "stays_open",
)
REFUSED_TO_REVIEWER = (
    "finding_new",
    "finding_change",
    "passage_tag",
    "interview",
    "interview_note",
    "theme_new",
    "theme_change",
    "topic_guide",
    "topic_question_change",
    "report_section",
    "report_section_new",
    "learning_change",
    "learning_withdraw",
    "case_liberi_id",
)
EMPTY_FOR_TEAM = (
    "review",
    "profile",
    "profile_change",
    "profile_add",
    "index_cases",
    "index_case_new",
    "index_cases_upload",
    "robustness",
    "agreement",
    "members",
    "audit",
    "submissions",
    "submissions_upload",
    "selection",
    "selection_compare",
    "cases",
    "codebook",
    "matrix",
    "interviews",
    "topic_guide",
    "report",
    "learning",
    "follow_up",
    "briefing",
)
EMPTY_FOR_REVIEWER = ("cases", "codebook", "theme_new", "matrix", "interviews", "topic_guide", "report")
SLUGS = ",".join(line.slug for line in build.LINES)


@dataclass(frozen=True)
class Stop:
    """One address as one person; `name` and `role` say which in a failure."""

    name: str
    role: str
    url: str
    user: User


def stops(here: World) -> list[Stop]:
    """Every address that a role may open, as each of these roles."""
    return [
        Stop(str(row), role, reverse(row.name, args=row.arguments(here)), here.people[role])
        for row in ROWS
        if row.name not in FILES | BEFORE_SELECTION
        # Those who may do more on a page come first: its colours are looked at once.
        for role, expected in reversed(list(zip(ROLES, row.get.split(), strict=True)))
        if expected == "ok"
    ]


def address(name: str, here: World) -> str:
    """The first of a page's rows; the stage to go back to, where a stage is named."""
    row = next(row for row in ROWS if row.name == name)
    if name == "review_stage":
        return reverse(name, args=[here.review.slug, "reviewing"])
    return reverse(name, args=row.arguments(here))


@pytest.mark.browser
def test_a_faulty_page_is_noticed(at_browser: AtBrowser) -> None:
    page = at_browser()
    page.set_content('<html><body><h2>None</h2><img src=""><pre>' + "wide " * 100 + "</pre></body></html>")
    faults = " ".join(faults_of(page))
    for fault in ("html-has-lang", "image-alt", "0 h1 headings", "the title is “”", "px wide"):
        assert fault in faults
    page.set_content('<html lang="en"><p style="color: #999; background: #fff">Pale</p></html>')
    assert "color-contrast" in " ".join(faults_of(page))
    assert "color-contrast" not in " ".join(faults_of(page, colours=False))


@pytest.mark.browser
def test_every_page_of_the_demonstration_review(at_browser: AtBrowser) -> None:
    here = places.demonstration()
    walk = Walk(at_browser)
    for stop in stops(here):
        walk.see(stop.user, stop.url)
    assert walk.faults == []


@pytest.mark.browser
def test_every_form_of_the_demonstration_review_that_is_refused(at_browser: AtBrowser) -> None:
    here = places.demonstration()
    walk = Walk(at_browser)
    for name in REFUSED_TO_TEAM:
        walk.refuse(here.people["business"], address(name, here), seen=name != "review_stage")
    for name in REFUSED_TO_REVIEWER:
        walk.refuse(here.people["reviewer"], address(name, here), seen=True)
    assert walk.faults == []


@pytest.mark.browser
def test_every_page_of_a_review_that_is_being_set_up(at_browser: AtBrowser) -> None:
    young = places.Young("young", Stage.SETTING_UP)
    walk = Walk(at_browser)
    walk.see(build.user("new"), "/")
    walk.see(build.user("ada", is_administrator=True), "/")
    walk.refuse(young.team, "/reviews/new/")
    for name in EMPTY_FOR_TEAM:
        walk.see(young.team, young.at(name))
    for name in EMPTY_FOR_REVIEWER:
        walk.see(young.reviewer, young.at(name))
    for user in (young.team, young.lead, young.reviewer):
        walk.see(user, "/")
    walk.see(young.lead, young.at("submissions"))
    assert walk.faults == []


@pytest.mark.browser
def test_every_page_of_submitting(at_browser: AtBrowser, tmp_path: Path) -> None:
    young, case = places.with_cases("young", Stage.OPEN, first_id=7001001)
    walk = Walk(at_browser)
    walk.see(young.team, young.at("submissions"))
    page = walk.refuse(young.lead, young.at("submission_new"))
    page.get_by_label("Liberi ID").fill("0012345")
    for part, typed in (("Day", "5"), ("Month", "3"), ("Year", "2021")):
        page.get_by_label(part, exact=True).fill(typed)
    page.get_by_role("button", name="Check your answers").click()
    walk.look(page)
    page.get_by_role("button", name="Submit the case").click()
    walk.look(page)
    walk.refuse(young.lead, young.at("submission_change", case.public_id))
    page.goto(young.at("submission_change", case.public_id))
    page.get_by_role("button", name="Check your answers").click()
    walk.look(page)
    walk.see(young.lead, young.at("submission_withdraw", case.public_id))
    page = walk.see(young.lead, young.at("submissions"))
    page.get_by_role("button", name="Save answer").click()
    walk.look_at_errors(page)
    walk.refuse(young.lead, young.at("submissions_upload"))
    for marks in ("present", "perhaps"):
        sheet = tmp_path / f"{marks}.csv"
        sheet.write_text(
            f"liberi_id,district,assessment_date,{SLUGS}\n7009,North,2021-03-05{f',{marks}' * 4}\n"
        )
        page.goto(young.at("submissions_upload"))
        page.locator("input[type=file]").set_input_files(sheet)
        page.get_by_role("button", name="Check the sheet").click()
        walk.note(page, faults_of(page) if marks == "present" else faults_of_errors(page))
    assert walk.faults == []


@pytest.mark.browser
def test_every_page_of_selecting(at_browser: AtBrowser) -> None:
    young, case = places.with_cases("young", Stage.SELECTING, first_id=7001001)
    other = Case.objects.of(young.review).exclude(pk=case.pk).earliest("pk")
    walk = Walk(at_browser)
    walk.see(young.team, young.at("selection"))
    walk.see(young.team, young.at("selection") + "?wanted=0&minimum=9")
    walk.see(young.team, young.at("selection") + "?suggestion=no&answer=present")
    walk.see(young.team, young.at("selection_compare") + f"?a={case.public_id}&b={other.public_id}")
    walk.see(young.team, young.at("selection_compare") + f"?a={case.public_id}&b={case.public_id}")
    walk.see(young.team, young.at("case_answers", case.public_id))
    walk.refuse(young.team, young.at("selection_decide", case.public_id))
    walk.see(young.team, young.at("case_verify", case.public_id))
    walk.see(young.team, young.at("agreement"))
    walk.see(young.team, young.at("robustness"))
    walk.see(young.team, young.at("selection") + "?without=housing-issues")
    walk.see(young.team, young.at("selection_confirm"))
    for each in Case.objects.of(young.review):
        outcome = "selected" if each == case else "not selected"
        selections.decide(case=each, outcome=outcome, reason="For the test.", by=young.team)
    walk.refuse(young.team, young.at("selection_confirm"))
    walk.see(young.lead, young.at("submissions"))
    assert walk.faults == []


@pytest.mark.browser
def test_every_page_of_changing_the_profile(at_browser: AtBrowser) -> None:
    young, _ = places.with_cases("young", Stage.OPEN, first_id=7001001)
    walk = Walk(at_browser)
    walk.see(young.team, young.at("profile_change"))
    page = walk.refuse(young.team, young.at("profile_add"))
    walk.refuse(young.team, young.at("profile_line", "housing-issues"))
    walk.refuse(young.team, young.at("profile_split", "housing-issues"))
    page.goto(young.at("profile_change"))
    press(page, "Remove Housing issues")
    walk.look(page)
    page.get_by_label("Why is the profile changed?").fill("For the test.")
    press(page, "See what this does to the ranking")
    walk.look(page)
    walk.see(young.team, young.at("index_case_new"))
    walk.refuse(young.team, young.at("index_cases_upload"))
    assert walk.faults == []


def test_every_address_is_walked_or_met_at_its_stage() -> None:
    walked = {row.name for row in ROWS if "ok" in row.get.split()}
    only_checked = {row.name for row in ROWS if "ok" not in row.get.split() and "go" in row.get.split()}
    assert only_checked <= BEFORE_SELECTION <= walked | only_checked
    for_posts = {row.name for row in ROWS if set(row.get.split()) == {"405"}}
    assert names() - ACCOUNT_PAGES - set(OUTSIDE_REVIEWS) == walked | only_checked | for_posts
