"""The live counts a writer chooses from: right, in words, and none that crosses districts (rule 12)."""

import pytest

from tests.themes import build_report_case as build
from themes.actions import codebook
from themes.report.facts import gather
from themes.report.live_counts import filled, live_counts
from themes.report.vocabulary import grouped, vocabulary

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> build.Reported:
    return build.reported()


@pytest.mark.parametrize(
    ("token", "reads"),
    [
        ("cases_selected", "3 cases"),
        ("cases_in_reserve", "no cases"),
        ("qualifying_of_submitted", "3 of the 6 cases"),
        ("selected_of_submitted | short", "3 of the 6"),
        ("selected_in:North", "2 cases"),
        ("characteristics", "4 characteristics"),
        ("interviews_done", "2 of the 3 social workers"),
        ("interviews_done | short", "2 of the 3"),
        ("interviews_declined", "none of the 3 social workers"),
        ("interviews_declined|short", "none"),
        ("interviews_unavailable", "1 of the 3 social workers"),
        ("agreed_to_quote", "1 of the 2 social workers"),
        ("findings", "3 findings"),
        ("findings_marked:required", "2 of the 3 findings"),
        ("findings_marked:could-be-better", "1 of the 3 findings"),
        ("findings_from:agency-check", "2 findings"),
        ("cases_read_in:chronology", "1 of the 3 cases"),
        ("themes_found", "2 themes"),
        ("themes_found:desk-top-review", "1 theme"),
        ("themes_in_one_case", "none of the 2 themes"),
        ("cases_with_theme:agency-checks", "2 of the 3 cases"),
        ("cases_beyond:agency-checks", "1 of the 3 cases"),
        ("cases_required:agency-checks", "1 of the 3 cases"),
        ("cases_could_be_better:agency-checks", "1 of the 3 cases"),
        ("passages_with_theme:agency-checks", "3 passages"),
        ("cases_with_characteristic:parental-mental-health", "all 3 cases"),
        ("cases_with_characteristic:parental-mental-health | short", "all 3"),
        ("cases_without_characteristic:housing-issues", "1 of the 3 cases"),
        ("cases_characteristic_not_known:housing-issues", "none of the 3 cases"),
    ],
)
def test_each_count_reads_in_words(home, token, reads):
    words = live_counts(gather(home.review))
    assert filled(f"said in {{{{ {token} }}}}", words) == f"said in {reads}"


def test_a_theme_that_is_circular_is_none_that_was_found(home):
    assert "family-history-used" in str(live_counts(gather(home.review)))
    before = live_counts(gather(home.review))["themes_found"]
    codebook.retire(theme=home.history, by=home.reviewer)
    assert live_counts(gather(home.review))["themes_found"] == before


def test_no_count_crosses_districts_with_anything_else(home):
    facts = gather(home.review)
    naming = [
        count
        for count in vocabulary(facts)
        if any(place.name in f"{count.token} {count.name}" for place in facts.districts)
    ]
    assert [count.token for count in naming] == ["selected_in:North", "selected_in:South"]
    assert not any(count.short for count in naming)


def test_tokens_are_unlike_and_each_is_found_by_its_group(home):
    counts = vocabulary(gather(home.review))
    tokens = [count.token for count in counts]
    assert len(set(tokens)) == len(tokens)
    groups = dict(grouped(counts))
    assert list(groups)[:4] == ["The review", "Districts", "Interviews", "Records read"]
    assert groups["Building a history"][0].token == "cases_with_theme:building-a-history"


def test_before_anything_is_selected_every_count_still_reads():
    home = build.reported(started=False)
    home.review.cases.update(letter="")
    words = live_counts(gather(home.review))
    assert words["cases_with_theme:agency-checks"] == "no cases"
    assert words["agreed_to_quote"] == "no social workers"
