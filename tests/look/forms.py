"""Forms with one of everything the template pack draws."""

from typing import Any

from crispy_forms.bootstrap import FormActions, InlineRadios
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Button, ButtonHolder, Div, Field, Fieldset, Hidden, Layout, Row, Submit
from django import forms

from cases.forms.fields import Checkboxes, DateField, DatePartsField, Form, LongTextField, Radios

ANSWERS = [("present", "Present"), ("absent", "Absent"), ("not known", "Not known")]
THEMES = [("checks", "Agency checks"), ("supervision", "Supervision"), ("notes", "Case notes")]


class Everything(Form):
    """Every kind of field, each of them required but the last few."""

    reference = forms.CharField(
        max_length=12,
        help_text="Digits only",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    email = forms.EmailField(label="Email address")
    cases_wanted = forms.IntegerField(min_value=1)
    evidence = LongTextField(max_length=200, rows=3, help_text="What the assessment says")
    reason = LongTextField(rows=2)
    district = forms.ChoiceField(choices=[("", "Choose a district"), ("north", "North"), ("south", "South")])
    answer = forms.ChoiceField(
        choices=ANSWERS,
        widget=Radios(inline=True, small=True),
        help_text="As at the assessment",
    )
    strand = forms.ChoiceField(
        choices=[("Reading", [("desk-top", "Desk-top review")]), ("Asking", [("feedback", "Feedback")])],
        widget=Radios(hints={"desk-top": "From the records of a case"}),
    )
    themes = forms.MultipleChoiceField(
        choices=THEMES, widget=Checkboxes(hints={"checks": "What other agencies hold"})
    )
    assessed_on = DateField(label="Assessment date")
    opened_on = DatePartsField(label="Opening date")
    sheet = forms.FileField(help_text="A CSV or XLSX file")
    password = forms.CharField(widget=forms.PasswordInput)
    understood = forms.BooleanField(label="I have read what not to enter", help_text="Names, dates of birth")
    nothing = forms.ChoiceField(label="A question with no options", choices=[], widget=forms.RadioSelect)
    selected = forms.DateField(label="Three lists", widget=forms.SelectDateWidget)
    moment = forms.SplitDateTimeField(label="Two parts")
    verified = forms.NullBooleanField(required=False)
    several = forms.MultipleChoiceField(choices=THEMES, required=False)
    fixed = forms.ChoiceField(
        label="Cannot be changed",
        choices=ANSWERS,
        initial="absent",
        disabled=True,
        widget=Radios(),
        required=False,
    )
    token = forms.CharField(widget=forms.HiddenInput)


class LaidOut(Form):
    """A form whose helper lays it out with every layout object the pack draws."""

    title = forms.CharField()
    purpose = LongTextField(required=False)
    answer = forms.ChoiceField(choices=ANSWERS, widget=forms.RadioSelect)
    quota = forms.IntegerField()
    number = forms.IntegerField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_id = "laid-out"
        self.helper.layout = Layout(
            Fieldset(
                "What it is for",
                Field("title", css_class="govuk-input--width-20", wrapper_class="wide"),
                "purpose",
            ),
            HTML('<p class="govuk-body">{{ form.title.label }}</p>'),
            Div(InlineRadios("answer"), css_class="inset"),
            Row("quota", "number"),
            Hidden("step", "2"),
            ButtonHolder(Submit("save", "Save and continue"), Button("cancel", "Cancel")),
            FormActions(Submit("again", "Save and add another", css_class="govuk-button--secondary")),
        )


class Line(Form):
    """One row of a formset."""

    wording = forms.CharField()
    tier = forms.ChoiceField(
        choices=[("key", "Key"), ("of-interest", "Of interest")], widget=Radios(small=True)
    )


Lines = forms.formset_factory(Line, extra=2, can_delete=True, can_order=True)

FILLED = {
    "reference": "0012345678",
    "email": "lead@example.org",
    "cases_wanted": "3",
    "evidence": "Recorded in the assessment.\r\nSeen twice.",
    "reason": "It departs from the suggestion.",
    "district": "south",
    "answer": "not known",
    "strand": "feedback",
    "themes": ["checks", "notes"],
    "assessed_on": "5 March 2021",
    "opened_on_day": "31",
    "opened_on_month": "1",
    "opened_on_year": "2022",
    "password": "a made-up pass phrase",
    "understood": "on",
    "selected_day": "5",
    "selected_month": "3",
    "selected_year": "2026",
    "moment_0": "2022-01-05",
    "moment_1": "10:00",
    "verified": "true",
    "several": ["checks"],
    "token": "abc",
}
WRONG = {
    **FILLED,
    "email": "not an address",
    "cases_wanted": "0",
    "evidence": "x" * 201,
    "district": "nowhere",
    "answer": "perhaps",
    "themes": ["unheard-of"],
    "assessed_on": "31/2/2021",
    "opened_on_month": "13",
    "token": "",
}
LINES_EMPTY = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "1", "form-0-wording": "", "form-0-tier": ""}
