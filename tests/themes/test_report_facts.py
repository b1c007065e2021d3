"""Every figure of the report follows what is in the database, in a number of queries that stays the same."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.actions import profiles, reviews, selections, submissions
from cases.actions.profiles import Line
from cases.models import Outcome, Stage
from cases.ranking import rank_review
from tests import build as house
from tests.themes import build_report_case as build
from tests.themes.build import HELD
from themes.actions import codebook, findings, interviews, passages
from themes.actions.entries import Entry
from themes.report.document import draft_of, material_of
from themes.report.facts import gather

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> build.Reported:
    return build.reported()


def text_of(home: build.Reported) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", draft_of(home.review).html)).split())


def theme(home: build.Reported, slug: str):
    return next(each for each in gather(home.review).every_theme() if each.slug == slug)


def test_cases_are_counted_from_asked_to_selected(home):
    cohort = gather(home.review).cohort
    assert (cohort.asked, cohort.submitted, cohort.qualifying, cohort.selected) == (6, 6, 3, 3)
    assert (cohort.fewest, cohort.most) == (3, 4)


def test_a_withdrawn_case_is_counted_apart():
    team = house.user("team", opens_reviews=True)
    review = house.review(by=team)
    case = house.case(review, "North", "70010001", "pppp", by=team)
    house.case(review, "North", "70010002", "pppp", by=team)
    submissions.withdraw(case=case, by=team)
    cohort = gather(review).cohort
    assert (cohort.submitted, cohort.withdrawn, cohort.selected) == (1, 1, 0)
    assert "1 more case was withdrawn" in draft_of(review).html


def test_a_theme_counts_its_sub_themes_passages_once_each(home):
    found = theme(home, "agency-checks")
    assert (found.cases, found.passages) == (2, 3)
    assert [(sub.cases, sub.passages) for sub in found.sub_themes] == [(2, 2)]


def test_required_expected_beyond_and_what_could_be_better_are_counted_apart(home):
    found = theme(home, "agency-checks")
    assert (found.required, found.expected, found.beyond, found.could_be_better) == (1, 0, 1, 1)


def test_taking_a_tag_away_changes_the_words(home):
    home.write("Checks helped in {{ cases_with_theme:agency-checks }}.")
    assert "Checks helped in 2 of the 3 cases." in text_of(home)
    for each in (home.checks, home.merged):
        passages.untag(passage=home.passage, theme=each, by=home.reviewer)
    assert "Checks helped in 1 of the 3 cases." in text_of(home)


def test_a_passage_that_needs_a_look_is_not_counted(home):
    changed = home.finding.text.replace("side by side", "in one list")
    findings.change(
        finding=home.finding,
        record_kind="agency check",
        expectation="required",
        quality="strength",
        text=changed,
        record_date=None,
        revision=1,
        by=home.reviewer,
    )
    assert theme(home, "agency-checks").cases == 1
    assert "in one list" not in text_of(home)


def test_a_retired_theme_is_neither_counted_nor_told(home):
    codebook.retire(theme=home.early, by=home.reviewer)
    text = text_of(home)
    assert "Early request for support" not in text
    assert build.AGREED not in text


def test_interviews_are_told_by_a_tally_without_the_reason(home):
    assert "2 of the 3 social workers took part; 1 was unavailable." in text_of(home)
    interviews.record(case=home.cases[2], status="done", held_on=HELD, revision=1, by=home.reviewer)
    assert "All 3 social workers took part." in text_of(home)


def test_a_circular_theme_is_told_as_such_and_stands_last(home):
    found = gather(home.review).in_strand("desk-top review")
    assert [each.slug for each in found] == ["agency-checks", "family-history-used"]
    text = text_of(home)
    assert "“Family history used” restates “Family history of ICS involvement”." in text
    assert "This theme is circular" in text


def test_what_could_be_better_is_quoted_apart_from_strengths(home):
    text = text_of(home)
    strengths, better = text.split("The same records show practice that could be better.")
    assert "One agency was not asked." not in strengths
    assert "One agency was not asked." in better


def test_quotations_say_what_kind_of_practice_they_show_and_no_more(home):
    text = text_of(home)
    assert f"From the desk-top review: required by procedure {build.QUOTABLE}" in text
    assert "From the desk-top review: beyond what is expected Calls were returned the same day." in text
    assert f"A social worker {build.AGREED}" in text


def test_both_versions_of_the_profile_are_told_with_the_reason_and_the_difference():
    team = house.user("team", opens_reviews=True)
    review = house.review(by=team)
    house.case(review, "North", "70010001", "papp", by=team)
    kept = house.LINES[:3]
    profiles.change(
        review=review,
        lines=[*kept, Line(slug="parental-aces", name="Parental ACEs", tier="of-interest")],
        reason="Nobody could answer it.",
        by=team,
    )
    house.confirmed(review, by=team)
    versions = gather(review).versions
    assert [(version.number, len(version.lines), version.reaching) for version in versions] == [
        (1, 4, 1),
        (2, 4, 1),
    ]
    html = unescape(draft_of(review).html)
    assert "The reason on record: Nobody could answer it." in html
    assert "“Family history of ICS involvement” removed." in html


def test_decisions_against_the_suggestion_are_told_by_number():
    team = house.user("team", opens_reviews=True)
    review = house.review(by=team)
    for number, marks in enumerate(["pppp", "pppa", "ppaa"]):
        house.case(review, "North", f"7001000{number}", marks, by=team)
    review = reviews.move_to_stage(review=review, stage=Stage.SELECTING, by=team)
    for place, case in enumerate(rank_review(review).cases()):
        outcome = Outcome.NOT_SELECTED if place == 0 else Outcome.SELECTED
        selections.decide(case=case, outcome=outcome, reason="As the test wants.", by=team)
    selections.confirm(review=review, by=team)
    choosing = gather(review).choosing
    assert (choosing.selected_against, choosing.left_out_against, choosing.ties_decided) == (1, 1, 0)
    assert "departed from the ranking 2 times" in draft_of(review).html


def test_a_review_without_a_selection_has_a_report_of_zeros():
    team = house.user("team", opens_reviews=True)
    review = house.review(by=team)
    html = draft_of(review).html
    assert "No case has been selected yet." in html
    assert "The selection has not been confirmed yet." in html


def test_figures_take_the_same_number_of_queries_however_much_there_is(home):
    def queries() -> int:
        with CaptureQueriesContext(connection) as taken:
            material_of(home.review)
        return len(taken)

    few = queries()
    for number in range(12):
        finding = build.write_finding(home.cases[number % 3], f"Seen for the {number}th time.", home.reviewer)
        added = codebook.add(
            review=home.review,
            strand="desk-top review",
            entry=Entry(name=f"Theme {number}", parent=home.checks if number % 2 else None),
            by=home.reviewer,
        )
        build.tag_words(finding, "Seen", [added], home.reviewer, quotable=True)
    assert queries() == few
