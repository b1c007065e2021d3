"""The change of 2022: premature birth goes, substance misuse is split, its effect is seen first."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from cases.actions.profiles import Line
from cases.models import Review, Stage
from tests import build
from tests.journeys.conftest import AtBrowser
from tests.journeys.doing import follow, press
from tests.journeys.looking import faults_of, faults_of_errors
from themes.demonstration.content import read

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])
def test_the_change_of_2022(at_browser: AtBrowser, *, scripts: bool) -> None:
    team = build.user("bola", opens_reviews=True)
    asked = read("review")
    lines = [
        Line(slug=line["slug"], name=line["name"], tier=line["tier"]) for line in asked["characteristics"]
    ]
    review = build.review("nai", by=team, lines=lines, stage=Stage.OPEN, minimum_matches=6)
    case = build.case(review, "North", "880011", "pppppp???", by=team)
    (substances,) = (line.name for line in lines if line.slug == "parental-substance-misuse")
    page = at_browser(team, scripts=scripts)
    page.goto(reverse("profile", args=[review.slug]))
    follow(page, "Change the profile")
    press(page, "Remove Premature birth")
    follow(page, f"Split {substances}")
    page.get_by_label("First part").fill("Parental substance misuse")
    page.get_by_label("Second part").fill("Parental mental health issues")
    press(page, "Put the two in the proposal")
    if scripts:
        assert faults_of_errors(page) == []
    page.get_by_label("Second part").fill("Maternal use during pregnancy")
    page.get_by_label("To both, as they are").check()
    page.get_by_label("Problem both speak of").fill("substance use")
    press(page, "Put the two in the proposal")
    expect(page.locator("main")).to_contain_text("“Premature birth” is removed.")
    if scripts:
        assert faults_of(page) == []
    page.get_by_label("Why is the profile changed?").fill("Every assessment was made before birth.")
    press(page, "See what this does to the ranking")
    expect(page.locator("main")).to_contain_text("Nothing is saved yet. Of 1 case")
    if scripts:
        assert faults_of(page) == []
    press(page, "Save the new version")
    expect(page.locator("main")).to_contain_text("Version 2 (current)")
    expect(page.locator("main")).to_contain_text("2 characteristics speak of one problem, substance use")
    current = Review.objects.get(pk=review.pk).current_profile.lines
    assert current.filter(tier="key").count() == 4
    assert current.count() == 9
    case.refresh_from_db()
    assert case.match_count == 6
