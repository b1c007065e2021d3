"""What to search for."""

from django import forms

from cases.forms.fields import Form
from themes.models import SearchKind


class SearchForm(Form):
    mark_optional = False
    q = forms.CharField(label="Words", required=False, max_length=200)
    kind = forms.ChoiceField(label="In", choices=[("", "Everything"), *SearchKind.choices], required=False)
