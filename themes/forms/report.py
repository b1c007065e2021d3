"""Writing a section of the report."""

from typing import Any

from django import forms

from cases.forms.fields import Form, LongTextField
from themes.actions.report import LONGEST_HEADING
from themes.forms.revised import RevisedForm, Theirs
from themes.models import ReportSection

LONGEST = 40_000


class SectionForm(RevisedForm):
    heading = forms.CharField(max_length=LONGEST_HEADING)
    body = LongTextField(
        label="Text",
        rows=26,
        required=False,
        max_length=LONGEST,
        help_text="An empty line begins a new paragraph. **Bold**, *italic*, - for a list, ## for a heading. "
        "Insert figures as live counts; enter no names, dates of birth or Liberi IDs.",
    )

    @classmethod
    def of(cls, section: ReportSection, posted: Any = None) -> "SectionForm":
        names = ("heading", "body", "revision")
        return cls(posted, initial={name: getattr(section, name) for name in names})


class NewSectionForm(Form):
    heading = forms.CharField(max_length=LONGEST_HEADING)


class RemovalForm(RevisedForm):
    """Nothing but the save that the person has seen."""


class ProposalForm(Form):
    """A button alone: its refusals are shown as any form's."""


def theirs_of(section: ReportSection) -> Theirs:
    person = section.changed_by
    parts = [("Heading", section.heading), ("Text", section.body or "No text")]
    return Theirs(person.name or person.email, section.changed_at, section.revision, parts)
