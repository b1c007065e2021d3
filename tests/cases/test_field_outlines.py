"""A field drawn from the outline of all alike is what its own templates draw."""

import pytest
from django import forms
from django.template.loader import get_template
from django.utils.safestring import mark_safe

from cases.outlines import PLAIN, Outline
from cases.templatetags import govuk

CHOICES = [("", "Any <of> these"), ("n&1", "First & last")]
HINTS = {"none": "", "plain": "In a <sentence> & more.", "drawn": mark_safe("<b>Where</b>")}


class Asked(forms.Form):
    where = forms.ChoiceField(choices=CHOICES, label="Where & <when>")
    often = forms.IntegerField(required=False, min_value=1)
    name = forms.CharField(required=False, label="Name (optional)", max_length=20)
    sent_to = forms.EmailField(required=False)
    hidden = forms.CharField(widget=forms.HiddenInput)
    long = forms.CharField(widget=forms.Textarea, required=False)


class Unmarked(Asked):
    mark_optional = False


def by_templates(bound: forms.BoundField, **options: object) -> str:
    return get_template("govuk/field.html").render(
        {
            "field": bound,
            "form_show_labels": not options.get("hide_label", False),
            "label_class": options.get("label_class", ""),
        }
    )


@pytest.mark.parametrize("hint", HINTS)
@pytest.mark.parametrize("options", [{}, {"hide_label": True}, {"label_class": "govuk-label--m"}])
@pytest.mark.parametrize("form", [Asked, Unmarked])
def test_it_is_what_the_templates_draw(form: type[Asked], options: dict[str, object], hint: str) -> None:
    filled = {"where": "n&1", "often": "0", "name": '<i>"x"</i>', "sent_to": "nobody"}
    for drawn in (form(), form(auto_id="try-%s"), form(filled)):
        for bound in drawn:
            bound.help_text = HINTS[hint]
            assert govuk.field(bound, hint=HINTS[hint], **options) == by_templates(bound, **options)


def test_outlines_are_taken_for_what_they_stand_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with another outline, the comparison above fails."""
    monkeypatch.setattr(Outline, "errors", ("a fault",))
    from cases.outlines import outline

    outline.cache_clear()
    bound = Asked()["where"]
    assert govuk.field(bound) != by_templates(bound)
    outline.cache_clear()


def test_a_list_or_an_input_is_drawn_so_and_nothing_else() -> None:
    assert {type(bound.field.widget) for bound in Asked()} - set(PLAIN) == {
        forms.HiddenInput,
        forms.Textarea,
    }
