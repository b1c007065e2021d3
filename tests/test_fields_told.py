"""docs/security/fields.md says of every field what the program does."""

from django import forms

from tests.fields_told import PAGE, page, rule_of, tables


def test_the_page_is_in_step() -> None:
    assert PAGE.read_text() == page(), "python -m tests.fields_told writes it anew"


def test_it_tells_of_every_room() -> None:
    told = dict(tables())
    assert {name.split(".")[0] for name in told} == {"cases", "themes", "kscmp_review"}
    assert sum(len(rows) for rows in told.values()) > 60


def test_a_limit_that_changes_changes_the_page() -> None:
    assert rule_of(forms.IntegerField(min_value=1, max_value=120)) == "whole number, 1 to 120"
    assert rule_of(forms.CharField(max_length=200)) == "text, at most 200 characters"
    assert rule_of(forms.ChoiceField(choices=[("up", "Up"), ("down", "Down")])) == "one of: up, down"
