"""Writing the report: its sections, and the template they are laid out with."""

from typing import TYPE_CHECKING, Any

from django import forms

from cases.forms.fields import Form, LongTextField
from themes.actions.acceptances import LONGEST_REASON, NO_REASON
from themes.actions.report import LONGEST_HEADING
from themes.forms.revised import RevisedForm, Theirs, with_value
from themes.models import ReportSection, ReportTemplate
from themes.report.sections import Outline, outline_of

if TYPE_CHECKING:
    AnyFormSet = forms.BaseFormSet[Any]
else:
    AnyFormSet = forms.BaseFormSet

LONGEST = 40_000
LONGEST_TEXT = 8_000
LONGEST_GUIDANCE = 600


class SectionForm(RevisedForm):
    heading = forms.CharField(max_length=LONGEST_HEADING)
    body = LongTextField(
        label="Text",
        required=False,
        max_length=LONGEST,
        help_text="An empty line begins a new paragraph. **Bold**, *italic*, ## heading, - list, "
        "1. numbered list, > quotation, [words](address). Insert figures as live counts. Enter no names, "
        "dates of birth or Liberi IDs.",
        widget=forms.Textarea(attrs={"rows": 26, "data-markdown": ""}),
    )
    # Which save was opened, however often a colleague has saved since: both changes begin there.
    base = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    @classmethod
    def of(cls, section: ReportSection, posted: Any = None) -> "SectionForm":
        names = ("heading", "body", "revision")
        initial = {name: getattr(section, name) for name in names}
        return cls(posted, initial={**initial, "base": section.revision})

    def typed(self) -> dict[str, Any]:
        return {"heading": self.cleaned_data["heading"], "body": self.cleaned_data["body"]}

    @property
    def text_now(self) -> str:
        """What the text field shows."""
        return str(self["body"].value() or "")

    def put(self, **values: str) -> None:
        """Other values in place of what was posted, shown without being checked."""
        for name, value in values.items():
            self.data = with_value(self.data, name, value)
        self.take_without_checking()


class NewSectionForm(Form):
    heading = forms.CharField(max_length=LONGEST_HEADING)


class RemovalForm(RevisedForm):
    """Nothing but the save that the person has seen."""


class AcceptanceForm(Form):
    reason = LongTextField(
        label="Why may it stand?",
        rows=4,
        max_length=LONGEST_REASON,
        help_text="The reason is printed in the method note without your name, and kept with it here. "
        "Enter nothing that identifies anybody.",
        error_messages={"required": NO_REASON},
    )


class ProposalForm(Form):
    """A button alone: its refusals are shown as any form's."""


class OutlineForm(Form):
    """One section of the template. The place is a number, so that sections are moved without a mouse too."""

    key = forms.CharField(required=False, widget=forms.HiddenInput)
    heading = forms.CharField(max_length=LONGEST_HEADING)
    guidance = LongTextField(
        label="What belongs here",
        rows=2,
        required=False,
        max_length=LONGEST_GUIDANCE,
        help_text="Shown to whoever writes the section, and never printed.",
    )
    text = LongTextField(
        label="Text it begins with",
        rows=4,
        required=False,
        max_length=LONGEST_TEXT,
        help_text="Live counts may stand in it.",
    )

    def outline(self) -> Outline:
        """Call when the form is valid."""
        names = ("key", "heading", "guidance", "text")
        return Outline(**{name: self.cleaned_data[name] for name in names})


class BaseOutlineFormSet(AnyFormSet):
    row_name = "Section"
    deletion_widget = forms.CheckboxInput

    def add_fields(self, form: OutlineForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["ORDER"].label = "Place"
        form.fields["ORDER"].widget.attrs["class"] = "govuk-input--width-2"
        form.fields["DELETE"].label = "Leave this section out"

    def outline(self) -> list[Outline]:
        """The sections in their places; call when all forms are valid."""
        return [form.outline() for form in self.ordered_forms]


def outline_forms(posted: Any, initial: list[dict[str, Any]]) -> BaseOutlineFormSet:
    """A form a section of the template, and one more."""
    made = forms.formset_factory(
        OutlineForm, formset=BaseOutlineFormSet, extra=1, can_order=True, can_delete=True, max_num=60
    )
    forms_of_all: BaseOutlineFormSet = made(posted, initial=initial)  # type: ignore[assignment]
    return forms_of_all


class TemplateForm(RevisedForm):
    """The save of the template that the person has seen; 0 is the standard one."""


def theirs_of(section: ReportSection) -> Theirs:
    person = section.changed_by
    parts = [("Heading", section.heading), ("Text", section.body or "No text")]
    return Theirs(person.name or person.email, section.changed_at, section.revision, parts)


def template_theirs(template: ReportTemplate) -> Theirs:
    person = template.changed_by
    parts = [(each.heading, f"{each.guidance}\n\n{each.text}".strip()) for each in outline_of(template)]
    return Theirs(person.name or person.email, template.changed_at, template.revision, parts)
