"""Verifying the answers of a case, and asking to see its Liberi ID."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django import forms
from django.forms.boundfield import BoundField

from cases.actions.answers import Found
from cases.forms.fields import Form, LongTextField, Radios, in_sentence
from cases.models import Answer, Case, Presence, ProfileLine

NOT_VERIFIED = ("", "Not verified yet")


class VerifyFields(NamedTuple):
    """One characteristic: what was reported of it, and what the business team says."""

    line: ProfileLine
    answer: Answer | None
    presence: BoundField
    note: BoundField


class VerifyForm(Form):
    """Every answer of a case; what is left at "not verified yet" stays as it was reported."""

    mark_optional = False
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, typed: Any = None, *, case: Case, lines: Sequence[ProfileLine], given: Mapping[int, Answer]
    ) -> None:
        """`given` holds the answers of the case by characteristic."""
        initial: dict[str, Any] = {"revision": case.revision}
        for line in lines:
            answer = given.get(line.characteristic_id)
            initial[f"presence-{line.slug}"] = (answer.verified or "") if answer else ""
            initial[f"note-{line.slug}"] = answer.verified_note if answer else ""
        super().__init__(typed, initial=initial)
        self.lines, self.given = lines, given
        for line in lines:
            self.fields[f"presence-{line.slug}"] = forms.ChoiceField(
                choices=[*Presence.choices, NOT_VERIFIED],
                required=False,
                label=f"What the record shows of {in_sentence(line.name)}",
                widget=Radios(inline=True, small=True),
            )
            self.fields[f"note-{line.slug}"] = LongTextField(
                required=False,
                rows=2,
                max_length=1_000,
                label=f"Where in the record: {in_sentence(line.name)}",
                help_text="No names, dates of birth or addresses.",
            )

    @property
    def characteristics(self) -> list[VerifyFields]:
        return [
            VerifyFields(
                line,
                self.given.get(line.characteristic_id),
                self[f"presence-{line.slug}"],
                self[f"note-{line.slug}"],
            )
            for line in self.lines
        ]

    def found(self) -> dict[str, Found]:
        """What was found by slug; call when the form is valid.

        Of a characteristic that came into the profile after the form was shown it says nothing.
        """
        typed = self.cleaned_data
        return {
            line.slug: Found(typed[f"presence-{line.slug}"] or None, typed[f"note-{line.slug}"])
            for line in self.lines
            if f"presence-{line.slug}" in self.data or f"note-{line.slug}" in self.data
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for line in self.lines:
            if cleaned.get(f"note-{line.slug}") and not cleaned.get(f"presence-{line.slug}"):
                self.add_error(
                    f"presence-{line.slug}", f"Select what the note on {in_sentence(line.name)} shows"
                )
        return cleaned


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
