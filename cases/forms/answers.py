"""Verifying one answer of a case, and asking to see its Liberi ID."""

from typing import Any

from django import forms

from cases.forms.fields import Form, LongTextField, Radios
from cases.models import Presence


class VerifyForm(Form):
    presence = forms.ChoiceField(
        label="What the record shows",
        choices=Presence.choices,
        widget=Radios(inline=True),
        error_messages={"required": "Select present, absent or not known"},
    )
    note = LongTextField(
        required=False,
        rows=3,
        max_length=1_000,
        help_text="Where in the record you found it. Enter no names, dates of birth or addresses.",
    )


class RevealForm(Form):
    reason = LongTextField(
        rows=3,
        max_length=1_000,
        label="Why you need the Liberi ID",
        help_text="It is kept with the case. Enter no names.",
        error_messages={"required": "Say why you need to see the Liberi ID"},
    )

    def __init__(self, *args: Any, reason_owed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not reason_owed:
            del self.fields["reason"]
