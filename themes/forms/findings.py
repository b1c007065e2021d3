"""Writing a finding."""

from typing import Any

from django import forms

from cases.forms.fields import DateField, LongTextField, Radios
from themes.forms.revised import RevisedForm, Theirs
from themes.models import Expectation, Finding, Quality, RecordKind

LONGEST = 250_000
HINTS = {
    Expectation.REQUIRED: "Procedure asks for it: doing it is compliance",
    Expectation.EXPECTED: "What a good practitioner would do here",
    Expectation.BEYOND: "More than anyone would have asked for",
}


class FindingForm(RevisedForm):
    record_kind = forms.ChoiceField(
        label="Kind of record", choices=RecordKind.choices, widget=Radios(small=True)
    )
    record_date = DateField(label="Date of the record", required=False)
    text = LongTextField(
        label="Finding",
        rows=12,
        max_length=LONGEST,
        help_text="What the record shows. Name people by role: no names, dates of birth or addresses.",
    )
    expectation = forms.ChoiceField(
        label="Was the practice required, expected or beyond?",
        choices=Expectation.choices,
        widget=Radios(small=True, hints={str(value): hint for value, hint in HINTS.items()}),
    )
    quality = forms.ChoiceField(
        label="Is it a strength, or could it be better?", choices=Quality.choices, widget=Radios(small=True)
    )

    @classmethod
    def of(cls, finding: Finding | None, posted: Any = None) -> "FindingForm":
        """The form of a finding, or of one to be written."""
        if finding is None:
            return cls(posted, initial={"revision": 0})
        names = ("record_kind", "record_date", "text", "expectation", "quality", "revision")
        return cls(posted, initial={name: getattr(finding, name) for name in names})


class DeletionForm(RevisedForm):
    """Nothing but the save that the person has seen."""


def theirs_of(finding: Finding) -> Theirs:
    kind = finding.get_record_kind_display()
    words = f"{finding.get_expectation_display()} · {finding.get_quality_display()}"
    read = f"{finding.record_date.day} {finding.record_date:%B %Y}" if finding.record_date else "no date"
    return Theirs(
        finding.changed_by.name or finding.changed_by.email,
        finding.changed_at,
        finding.revision,
        [("Finding", finding.text), ("Kind and date of the record", f"{kind}, {read}"), ("Marks", words)],
    )
