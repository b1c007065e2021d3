"""Live counts become words; anything else in double braces is refused, and nothing is evaluated."""

import pytest

from themes.report.live_counts import UnknownToken, filled, unknown_tokens, without_tokens

WORDS = {
    "cases_selected": "6 cases",
    "interviews_done": "none of the 6 social workers",
    "cases_with_theme:agency-checks": "all 6 cases",
    "selected_in:North East": "no cases",
}


@pytest.mark.parametrize(
    ("body", "reads"),
    [
        ("In {{ cases_with_theme:agency-checks }}.", "In all 6 cases."),
        ("In {{cases_with_theme : agency-checks}}.", "In all 6 cases."),
        ("{{ cases_with_theme:agency-checks }} had it.", "All 6 cases had it."),
        ("One. {{ interviews_done }} spoke.", "One. None of the 6 social workers spoke."),
        ("One! “{{ interviews_done }}”", "One! “None of the 6 social workers”"),
        ("One\n\n{{ interviews_done }}", "One\n\nNone of the 6 social workers"),
        ("One,\n{{ interviews_done }}", "One,\nnone of the 6 social workers"),
        ("- {{ interviews_done }}", "- None of the 6 social workers"),
        ("one:\n- {{ interviews_done }}", "one:\n- None of the 6 social workers"),
        ("**{{ interviews_done }}** spoke", "**None of the 6 social workers** spoke"),
        ("From {{ selected_in:North East }}", "From no cases"),
        ("Nothing to fill.", "Nothing to fill."),
    ],
)
def test_tokens_become_words_with_a_capital_where_a_sentence_begins(body, reads):
    assert filled(body, WORDS) == reads


@pytest.mark.parametrize(
    ("body", "unknown"),
    [
        ("{{ cases_wanted }}", ["{{ cases_wanted }}"]),
        ("{{ cases_with_theme:no-such }}", ["{{ cases_with_theme:no-such }}"]),
        ("{{ review.created_by.email }}", ["{{ review.created_by.email }}"]),
        ("{{ cases_selected|length }}", ["{{ cases_selected|length }}"]),
        ("{{ cases_selected", ["{{"]),
        ("cases_selected }}", ["}}"]),
        ("{{ }}", ["{{ }}"]),
        ("{{ cases_selected }} {{ x }} {{ x }}", ["{{ x }}"]),
        ("{% load static %}", []),
        ("{ one brace }", []),
    ],
)
def test_what_is_no_live_count_is_named(body, unknown):
    assert unknown_tokens(body, WORDS) == unknown


def test_an_unknown_token_stops_the_building_with_a_sentence():
    with pytest.raises(UnknownToken, match="cases_wanted }}” is no live count of this report"):
        filled("In {{ cases_wanted }}.", WORDS)


def test_an_unknown_token_may_be_left_as_it_was_typed():
    assert filled("In {{ cases_wanted }}.", WORDS, leave_unknown=True) == "In {{ cases_wanted }}."


def test_typed_words_are_what_is_left_without_tokens():
    assert without_tokens("All {{ cases_selected }} of 6") == "All … of 6"
