"""The forms of the submissions desk: a case, an answer to a question, a sheet."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField
from django.utils import timezone

from cases import liberi
from cases.actions.submissions import Reported, Submission
from cases.forms.fields import DatePartsField, Form, LongTextField, Radios, in_sentence
from cases.models import Case, District, Presence, ProfileLine, Question, Review
from cases.sheet_cells import EARLIEST
from cases.sheets import MEGABYTE, ON_A_PAGE

LONGEST_NOTE = 2_000
NOTE_HINT = "What the record says, in a sentence or two. No names, dates of birth or addresses."


class AnswerFields(NamedTuple):
    """One characteristic as the form asks about it; `open` where its note is to be seen at once."""

    line: ProfileLine
    presence: BoundField
    evidence: BoundField
    open: bool


class Given(NamedTuple):
    """One answer as the check page shows it."""

    line: ProfileLine
    presence: str
    evidence: str
    skipped: bool
    field_id: str


class SubmissionForm(Form):
    """One case. A characteristic left unanswered is not known."""

    mark_optional = False
    district = forms.ModelChoiceField(District.objects.none(), empty_label="Select a district")
    liberi_id = forms.CharField(
        label="Liberi ID",
        max_length=40,
        help_text="Digits only, with any leading zeros.",
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "off",
                "spellcheck": "false",
                "class": "govuk-input--width-20",
            }
        ),
    )
    assessment_date = DatePartsField(
        label="Assessment date",
        help_text="The day of the pre-birth Children and Families assessment. "
        "For example, 5\u00a03\u00a02021",
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        typed: Any = None,
        *,
        lines: Sequence[ProfileLine],
        districts: Any = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(typed, initial=dict(initial or {}))
        self.lines = list(lines)
        if districts is None:
            del self.fields["district"]
        else:
            self.fields["district"] = forms.ModelChoiceField(
                districts,
                empty_label="Select a district",
                error_messages={"required": "Select the district"},
            )
            self.order_fields(["district"])
        for line in self.lines:
            self.fields[f"presence-{line.slug}"] = forms.ChoiceField(
                choices=Presence.choices,
                required=False,
                label=line.name,
                widget=Radios(inline=True, small=True),
            )
            self.fields[f"evidence-{line.slug}"] = LongTextField(
                required=False,
                rows=3,
                max_length=LONGEST_NOTE,
                label=f"Evidence note on {in_sentence(line.name)}",
                help_text=NOTE_HINT,
            )

    @classmethod
    def for_case(cls, case: Case, lines: Sequence[ProfileLine], typed: Any = None) -> "SubmissionForm":
        """The form filled with what is saved of the case now.

        A characteristic that came into the profile after the form was typed into keeps what is saved of it.
        """
        initial: dict[str, Any] = {
            "liberi_id": case.liberi_id,
            "assessment_date": case.assessment_date,
            "revision": case.revision,
        }
        for answer in case.answers.select_related("characteristic"):
            initial[f"presence-{answer.characteristic.slug}"] = answer.reported
            initial[f"evidence-{answer.characteristic.slug}"] = answer.evidence
        if typed is not None:
            typed = typed.copy()
            for line in lines:
                names = (f"presence-{line.slug}", f"evidence-{line.slug}")
                # A note is sent even where it is empty: where there is neither, the form did not ask.
                if not any(name in typed for name in names):
                    typed.update({name: initial.get(name, "") for name in names})
        return cls(typed, lines=lines, initial=initial)

    def held(self) -> list[tuple[str, str]]:
        """(label, what was typed) of every field that holds something, unchecked."""
        labels = {name: str(field.label or name) for name, field in self.fields.items()}
        typed = {name: self[name].value() for name in labels if name not in ("revision", "district")}
        written = {
            name: " ".join(str(part) for part in value if part) if isinstance(value, list) else value
            for name, value in typed.items()
        }
        return [(labels[name], str(value)) for name, value in written.items() if value]

    @property
    def characteristics(self) -> list[AnswerFields]:
        fields = []
        for line in self.lines:
            evidence = self[f"evidence-{line.slug}"]
            shown = bool(evidence.value() or evidence.errors)
            fields.append(AnswerFields(line, self[f"presence-{line.slug}"], evidence, shown))
        return fields

    def clean_liberi_id(self) -> str:
        typed = "".join(self.cleaned_data["liberi_id"].split())
        if not liberi.is_liberi_id(typed):
            raise forms.ValidationError(f"Liberi ID must be digits only, at most {liberi.LONGEST} of them")
        return typed

    def clean_assessment_date(self) -> date:
        typed: date = self.cleaned_data["assessment_date"]
        if typed > timezone.localdate():
            raise forms.ValidationError("Assessment date must be today or in the past")
        if typed < EARLIEST:
            raise forms.ValidationError(f"Assessment date must be after {EARLIEST.year}: check the year")
        return typed

    def submission(self) -> Submission:
        """What is put forward; call when the form is valid."""
        return Submission(
            liberi_id=self.cleaned_data["liberi_id"],
            assessment_date=self.cleaned_data["assessment_date"],
            answers={given.line.slug: Reported(given.presence, given.evidence) for given in self.given()},
        )

    def given(self) -> list[Given]:
        """Every answer as it will be stored; call when the form is valid."""
        answers = []
        for line in self.lines:
            presence = self.cleaned_data[f"presence-{line.slug}"]
            answers.append(
                Given(
                    line,
                    presence or Presence.NOT_KNOWN.value,
                    self.cleaned_data[f"evidence-{line.slug}"],
                    not presence,
                    f"id_presence-{line.slug}_0",
                )
            )
        return answers


class ReplyForm(Form):
    """A district's answer to one question, on a page that may hold several."""

    mark_optional = False
    presence = forms.ChoiceField(
        choices=Presence.choices,
        widget=Radios(inline=True, small=True),
        error_messages={"required": "Select present, absent or not known"},
    )
    evidence = LongTextField(
        required=False, rows=3, max_length=LONGEST_NOTE, label="Evidence note (optional)", help_text=NOTE_HINT
    )

    def __init__(self, typed: Any = None, *, question: Question, name: str) -> None:
        self.question = question
        super().__init__(typed, prefix=f"{question.case.public_id}-{question.characteristic.slug}")
        self.fields["presence"].label = name


class SheetForm(Form):
    sheet = forms.FileField(
        label="Case sheet",
        help_text=f"CSV (UTF-8) or XLSX, at most {ON_A_PAGE.size // MEGABYTE} MB "
        f"and {ON_A_PAGE.rows:,} cases.",
        error_messages={"empty": "The file is empty", "required": "Choose a case sheet"},
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def clean_sheet(self) -> "UploadedFile[bytes]":
        chosen: UploadedFile[bytes] = self.cleaned_data["sheet"]
        if chosen.size is not None and chosen.size > ON_A_PAGE.size:
            raise forms.ValidationError(f"The file must be smaller than {ON_A_PAGE.size // MEGABYTE} MB")
        return chosen


def lines_of(review: Review) -> list[ProfileLine]:
    """What a form of this review asks about: the current profile, in order."""
    return list(review.current_profile.lines.select_related("characteristic"))
