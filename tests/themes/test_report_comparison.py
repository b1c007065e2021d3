"""The selected cases beside the index cases: counted, bounded, and no more said than so few can show."""

import re
from html import unescape

import pytest

from cases.actions import index_cases
from cases.models import Review
from tests import build
from themes.report.document import Document, draft_of
from themes.report.facts import gather

pytestmark = pytest.mark.django_db
SLUGS = tuple(line.slug for line in build.LINES)


def chosen(*index: str) -> Review:
    """Three cases selected, whose answers are pppp, pppa and ppap, beside index cases of these marks."""
    team = build.user("team", opens_reviews=True)
    review = build.review(by=team, cases_to_select=3)
    given = [{slug: build.MARKS[mark] for slug, mark in zip(SLUGS, marks, strict=True)} for marks in index]
    if given:
        index_cases.add(review=review, cases=given, by=team)
    for number, marks in enumerate(["pppp", "pppa", "ppap", "aaaa"]):
        district = "South" if number == 3 else "North"
        build.case(review, district, f"7001000{number}", marks, by=team)
    build.confirmed(review, by=team)
    return Review.objects.get(pk=review.pk)


def text_of(document: Document) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", document.html)).split())


def test_each_characteristic_is_counted_in_both_groups_of_those_known():
    review = chosen("ppa?", "pa?a", "aaaa")
    rows = {row.slug: row for row in gather(review).comparison.rows}
    assert list(rows) == list(SLUGS)
    assert (rows["parental-mental-health"].index, rows["parental-mental-health"].selected) == (
        (2, 3, 3),
        (3, 3, 3),
    )
    assert rows["housing-issues"].index == (0, 2, 3)
    assert rows["family-history"].index == (0, 2, 3)
    assert rows["family-history"].selected == (2, 3, 3)


def test_the_report_gives_counts_with_exact_intervals():
    review = chosen("ppa?", "pa?a", "aaaa")
    text = text_of(draft_of(review))
    assert "Parental mental health issues 2 of 3 9% to 99% 3 of 3 29% to 100%" in text
    assert "Housing issues 0 of 2 0% to 84% 2 of 3 9% to 99%" in text


def test_three_and_three_cannot_be_told_apart_whatever_they_are():
    review = chosen("aaaa", "aaaa", "aaaa")
    text = text_of(draft_of(review))
    assert (
        "with 3 index cases and 3 selected cases, no difference between the two, however wide, "
        "could be told from chance" in text
    )
    assert "In none of the 4 characteristics are the two told apart" in text


def test_a_difference_wider_than_chance_is_named():
    text = text_of(draft_of(chosen(*["aaaa"] * 8)))
    assert "that all 8 index cases have could be in as few as 1 of the 3 selected cases" in text
    assert (
        "The two are told apart in 2 of the 4 characteristics: "
        "Parental mental health issues; Parental substance misuse." in text
    )


def test_it_says_that_a_likeness_is_how_they_were_chosen():
    review = chosen("pppp")
    assert "a likeness is how they were chosen and not a finding" in text_of(draft_of(review))


def test_the_annex_has_counts_intervals_and_the_test():
    review = chosen("ppa?", "pa?a", "aaaa")
    sheet = next(each for each in draft_of(review).sheets if each.name == "Comparison")
    assert list(sheet.columns) == [
        "Characteristic",
        *(f"Index cases: {what}" for what in ("present", "known", "low", "high")),
        *(f"Selected: {what}" for what in ("present", "known", "low", "high")),
        "Chance",
    ]
    assert list(sheet.rows[0]) == [
        "Parental mental health issues", 2, 3, 0.094, 0.992, 3, 3, 0.292, 1.0, 1.0,
    ]  # fmt: skip


def test_without_index_cases_nothing_is_compared():
    document = draft_of(chosen())
    assert "index case" not in text_of(document)
    assert "Comparison" not in [sheet.name for sheet in document.sheets]
