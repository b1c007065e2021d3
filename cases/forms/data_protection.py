"""How long case data is kept, and the legal hold."""

from django import forms

from cases.forms.fields import Form, LongTextField
from cases.forms.selection import LONGEST_REASON

NO_NAMES = "It stays on record after the case data is gone: name no family and no case."


def months_field(label: str, help_text: str) -> forms.IntegerField:
    return forms.IntegerField(
        min_value=1,
        max_value=120,
        label=label,
        help_text=help_text,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3"}),
        error_messages={
            "required": "Enter a number of months",
            "invalid": "Enter a number of months, in digits",
            "min_value": "Months must be 1 or more",
            "max_value": "Months must be 120 or fewer",
        },
    )


class RetentionForm(Form):
    months = months_field("Months after closing", "From the day the review is closed, 1 to 120.")
    asked_after_months = months_field(
        "Months without a change before you are asked",
        "A review that is not closed and that nobody works on, 1 to 120. Nothing is erased for it.",
    )
    lawful_basis = LongTextField(
        rows=5,
        required=False,
        max_length=LONGEST_REASON,
        label="Basis on which case data is held",
        help_text="As your data-protection officer words it. Left empty, the usual basis is shown.",
    )


def reason_field(label: str) -> LongTextField:
    """A reason that must be given; its label says for what, and so does the fault where it is missing."""
    return LongTextField(
        rows=4,
        max_length=LONGEST_REASON,
        label=label,
        help_text=NO_NAMES,
        error_messages={"required": f"Say {label[0].lower()}{label[1:]}"},
    )


class StayingOpenForm(Form):
    reason = reason_field("Why the review stays open")


class HoldForm(Form):
    reason = reason_field("Why the case data must be kept")


class LiftForm(Form):
    reason = reason_field("Why the case data need not be kept any longer")
