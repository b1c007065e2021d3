"""A list to choose from is written as Django's own templates write it."""

from django import forms
from django.http import QueryDict
from django.test.html import parse_html

from cases.templatetags.govuk import select_of

CHOICES = [
    ("", "Any <of> these"),
    ("North", [("n&1", "First & last"), (2, 'Said "so"')]),
    ("South", [(3, "Third")]),
]
ATTRS: dict[str, str | bool] = {
    "id": "where",
    "class": "govuk-select",
    "aria-describedby": False,
    "maxlength": False,
}


class Where(forms.Form):
    district = forms.ChoiceField(choices=CHOICES, widget=forms.Select(attrs={"data-kept": "yes"}))
    closed = forms.ChoiceField(choices=CHOICES, disabled=True, required=False)


def test_it_says_what_django_says():
    for form in (Where(), Where(QueryDict("district=n%261")), Where(QueryDict("district=none"))):
        for bound in form:
            assert parse_html(select_of(bound, ATTRS)) == parse_html(bound.as_widget(attrs=ATTRS))


def test_what_was_chosen_is_chosen_and_words_are_escaped():
    drawn = select_of(Where(QueryDict("district=n%261"))["district"], ATTRS)
    assert '<option value="n&amp;1" selected>First &amp; last</option>' in drawn
    assert "Any &lt;of&gt; these" in drawn
    assert drawn.count("selected") == 1
    assert 'aria-invalid="true"' in select_of(Where(QueryDict("district=none"))["district"], ATTRS)
