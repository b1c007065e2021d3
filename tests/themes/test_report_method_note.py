"""The method note says how the review was made, from what is on record, and what it cannot show."""

import re
from datetime import date
from html import unescape

import pytest

from cases.actions import reviews
from cases.models import Review
from tests import build as house
from tests.themes import build_report_case as build
from themes.actions import second_reading
from themes.report.document import draft_of
from themes.report.facts import gather

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> build.Reported:
    return build.reported()


def note_of(review: Review) -> str:
    html = draft_of(review).html
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html[html.index('id="method-note"') :])).split())


def read_again(home: build.Reported) -> None:
    """The first case read a second time: the second reader tags nothing at all."""
    second = house.reviewer(home.review, "colleague", by=home.team)
    reading = second_reading.begin(case=home.cases[0], first=home.reviewer, second=second, by=home.reviewer)
    second_reading.finish(reading=reading, by=home.reviewer)
    second_reading.finish(reading=reading, by=second)


def test_it_says_what_was_asked_of_whom_and_when(home):
    settings = reviews.Settings(
        title=home.review.title,
        purpose="To learn what helped.",
        districts=["North", "South"],
        cases_per_district=3,
        cases_to_select=3,
        minimum_matches=2,
        opens_on=date(2022, 1, 10),
        submissions_close_on=date(2022, 2, 11),
    )
    reviews.change_settings(review=home.review, settings=settings, by=home.team)
    note = note_of(Review.objects.get(pk=home.review.pk))
    assert "The purpose on record: To learn what helped." in note
    assert "Each of the 2 districts was asked for 3 cases, and 3 cases were to be selected." in note
    assert "The review was open from 10 January 2022, until 11 February 2022." in note


def test_it_tells_the_rules_the_decisions_and_who_took_part(home):
    note = note_of(home.review)
    assert "Version 1 , set on" in note
    assert "A case qualifies with a match count of at least 2." in note
    assert "No decision departed from the ranking." in note
    assert "tied at the last place" in note or "No tie had to be decided." in note
    assert "2 people of the business team, 1 district lead and 1 reviewer had a part in this review." in note


def test_it_says_that_nothing_was_read_twice(home):
    assert gather(home.review).read_twice.agreement is None
    assert "No case was read a second time" in note_of(home.review)


def test_it_tells_how_far_a_second_reader_agreed(home):
    read_again(home)
    twice = gather(home.review).read_twice
    assert twice.cases == 1
    assert twice.agreement is not None
    # Sentences of two texts by the themes the first reader gave; the second gave none.
    assert twice.agreement.both == twice.agreement.only_second == 0
    note = note_of(home.review)
    assert "1 of the 3 selected cases was read a second time" in note
    assert f"agreed in {twice.agreement.percentage:.0f}% of {twice.agreement.units} judgements" in note
    assert "On so few tagged sentences these figures move much with each of them." in note


def test_a_second_reading_under_way_says_nothing_yet(home):
    second = house.reviewer(home.review, "colleague", by=home.team)
    second_reading.begin(case=home.cases[0], first=home.reviewer, second=second, by=home.reviewer)
    assert gather(home.review).read_twice.agreement is None


def test_it_names_its_limits(home):
    note = note_of(home.review)
    assert "selected for a positive outcome" in note
    assert "There is no comparison group" in note
    assert "3 cases are too few" in note
