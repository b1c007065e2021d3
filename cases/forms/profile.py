"""Changing the risk profile: reword, reorder, move between tiers, split, add or remove, with a reason."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.text import slugify

from cases.actions.profiles import Line, lines_of
from cases.forms.fields import Form, LongTextField, Radios
from cases.models import ProfileVersion, Tier

NEW_LINES = 2


class LineForm(Form):
    """One characteristic of the version to be made; left without a name, a new one is not added."""

    mark_optional = False
    slug = forms.CharField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(required=False, max_length=120)
    tier = forms.ChoiceField(
        choices=Tier.choices, widget=Radios(inline=True, small=True), initial=Tier.OF_INTEREST
    )
    order = forms.IntegerField(min_value=1, label="Place", widget=forms.NumberInput(attrs={"min": 1}))
    guidance = LongTextField(required=False, rows=2)
    answers_from = forms.ChoiceField(
        required=False,
        label="Start with the answers of",
        help_text="When you split a characteristic, its answers can be carried over to the new one.",
    )
    remove = forms.BooleanField(required=False, label="Remove from the profile")

    def __init__(self, *args: Any, carried: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.initial.get("slug"):
            del self.fields["answers_from"]
            self.fields["name"].required = True
            self.fields["name"].error_messages["required"] = "Enter a name, or remove the characteristic"
        else:
            del self.fields["remove"]
            field = self.fields["answers_from"]
            assert isinstance(field, forms.ChoiceField)  # nosec B101
            field.choices = [("", "Nothing: not known in every case"), *carried]

    def line(self) -> Line | None:
        """The line typed, or None where it is to be removed or is a new one left empty."""
        typed = self.cleaned_data
        if typed.get("remove") or not typed.get("name"):
            return None
        return Line(
            slug=self.initial.get("slug") or slugify(typed["name"])[:60].strip("-"),
            name=typed["name"],
            tier=typed["tier"],
            guidance=typed["guidance"],
            answers_from=typed.get("answers_from", ""),
        )


class ReasonForm(Form):
    reason = LongTextField(
        rows=3,
        label="Why is the profile changed?",
        help_text="Kept on record with the change. Name no family.",
    )


if TYPE_CHECKING:
    FormSetOfLines = BaseFormSet[LineForm]
else:
    FormSetOfLines = BaseFormSet


class BaseLineFormSet(FormSetOfLines):
    def lines(self) -> list[Line]:
        """The lines typed in the order of their places; call when the formset is valid."""
        typed = sorted(self.forms, key=lambda form: form.cleaned_data.get("order") or 0)
        return [line for form in typed if (line := form.line()) is not None]


LineFormSet = cast(type[BaseLineFormSet], formset_factory(LineForm, formset=BaseLineFormSet, extra=NEW_LINES))


def line_forms(version: ProfileVersion, data: Any = None) -> BaseLineFormSet:
    """The current version's lines, and two empty ones to add."""
    lines = lines_of(version)
    initial = [
        {"slug": line.slug, "name": line.name, "tier": line.tier, "order": place, "guidance": line.guidance}
        for place, line in enumerate(lines, start=1)
    ]
    carried = [(line.slug, line.name) for line in lines]
    formset = LineFormSet(data, initial=initial, prefix="line", form_kwargs={"carried": carried})
    for place, form in enumerate(formset.forms[len(lines) :], start=len(lines) + 1):
        form.fields["order"].initial = place
        form.empty_permitted = False
    return formset
