"""The steps of changing the risk profile: one characteristic at a time, then the reason."""

from collections.abc import Collection
from typing import Any

from django import forms

from cases.actions.profiles import Line
from cases.forms.fields import Form, LongTextField, Radios
from cases.models import Tier
from cases.proposals import CARRIES, Carry

TIER_HINTS = {
    Tier.KEY.value: "To be matched closely.",
    Tier.OF_INTEREST.value: "Of significant interest, but less important.",
}
PROBLEM_HINT = (
    "For example, substance use. Characteristics that name the same problem are pointed out as counting it "
    "more than once."
)


class CharacteristicForm(Form):
    """The wording, tier and guidance of one characteristic."""

    name = forms.CharField(max_length=120)
    tier = forms.ChoiceField(choices=Tier.choices, widget=Radios(hints=TIER_HINTS), initial=Tier.OF_INTEREST)
    guidance = LongTextField(required=False, rows=3, max_length=2_000, help_text="What counts as present.")
    problem = forms.CharField(
        required=False, max_length=60, label="Problem it speaks of", help_text=PROBLEM_HINT
    )

    def __init__(self, *args: Any, others: Collection[str] = (), **kwargs: Any) -> None:
        """`others` are the names of the other characteristics of the proposal."""
        super().__init__(*args, **kwargs)
        self.others = {name.strip().casefold() for name in others}

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if name.casefold() in self.others:
            raise forms.ValidationError("Another characteristic has this name")
        return name

    def of(self, line: Line) -> Line:
        """The line as typed, keeping what it is; call when the form is valid."""
        typed = self.cleaned_data
        return Line(
            slug=line.slug,
            name=typed["name"],
            tier=typed["tier"],
            guidance=typed["guidance"],
            problem=typed["problem"],
            answers_from=line.answers_from,
            carried=line.carried,
        )


class SplitForm(Form):
    """Two characteristics in place of one, and how its answers carry over."""

    first = forms.CharField(max_length=120, label="First part")
    first_tier = forms.ChoiceField(
        choices=Tier.choices, label="Tier of the first", widget=Radios(inline=True, small=True)
    )
    second = forms.CharField(max_length=120, label="Second part")
    second_tier = forms.ChoiceField(
        choices=Tier.choices, label="Tier of the second", widget=Radios(inline=True, small=True)
    )
    problem = forms.CharField(
        required=False, max_length=60, label="Problem both speak of", help_text=PROBLEM_HINT
    )
    carry = forms.ChoiceField(
        label="How the answers given so far carry over",
        choices=list(CARRIES.items()),
        widget=Radios(),
        error_messages={"required": "Select how answers carry over"},
    )

    def __init__(self, *args: Any, whole: Line, others: Collection[str], **kwargs: Any) -> None:
        problem = whole.problem or whole.name.lower()[:60]
        initial = {
            "first": whole.name,
            "first_tier": whole.tier,
            "second_tier": whole.tier,
            "problem": problem,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.whole = whole
        self.others = {name.strip().casefold() for name in others}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        names = {
            part: " ".join(str(cleaned.get(part, "")).split()).casefold() for part in ("first", "second")
        }
        for part, name in names.items():
            if name and name in self.others:
                self.add_error(part, "Another characteristic has this name")
        if names["first"] and names["first"] == names["second"]:
            self.add_error("second", "The two parts need different names")
        return cleaned

    def parts(self) -> tuple[Line, Line]:
        """Call when the form is valid; the short names are still to be given."""
        typed = self.cleaned_data
        first, second = (
            Line(
                slug="",
                name=" ".join(typed[part].split()),
                tier=typed[f"{part}_tier"],
                guidance=self.whole.guidance,
                problem=typed["problem"],
            )
            for part in ("first", "second")
        )
        return first, second

    @property
    def carried(self) -> Carry:
        return Carry(self.cleaned_data["carry"])


class ReasonForm(Form):
    reason = LongTextField(
        rows=3,
        label="Why is the profile changed?",
        help_text="Kept on record with the change. Name no family.",
    )
