"""Recording an interview, its notes, and the topic guide."""

from typing import Any

from django import forms

from cases.forms.fields import DateField, Form, LongTextField, Radios
from themes.forms.revised import RevisedForm, Theirs, with_value
from themes.models import Interview, InterviewNote, InterviewStatus
from themes.models.interview import LONGEST_QUESTION

LONGEST = 250_000
AGREED = {"yes": True, "no": False, "": None}


class InterviewForm(RevisedForm):
    status = forms.ChoiceField(
        label="Where does the interview stand?", choices=InterviewStatus.choices, widget=Radios(small=True)
    )
    reason = LongTextField(
        rows=2,
        required=False,
        max_length=500,
        label="Reason",
        help_text="If declined or unavailable: for example, maternity leave. Name nobody.",
    )
    held_on = DateField(
        label="Date of the interview", required=False, help_text="If done. For example, 5/3/2022"
    )
    quoting_agreed = forms.ChoiceField(
        label="May the report quote what was said?",
        choices=[("yes", "Yes, quoting was agreed"), ("no", "No"), ("", "Not asked yet")],
        required=False,
        widget=Radios(small=True),
        help_text="Quotations never say who spoke, or about which case.",
    )

    @classmethod
    def of(cls, interview: Interview | None, posted: Any = None) -> "InterviewForm":
        if interview is None:
            return cls(posted, initial={"revision": 0, "quoting_agreed": ""})
        initial = {
            "status": interview.status,
            "reason": interview.status_reason,
            "held_on": interview.held_on,
            "quoting_agreed": agreed_word(interview.quoting_agreed),
            "revision": interview.revision,
        }
        return cls(posted, initial=initial)

    def clean_quoting_agreed(self) -> bool | None:
        return AGREED[self.cleaned_data["quoting_agreed"]]


class NoteForm(RevisedForm):
    text = LongTextField(
        label="Notes",
        rows=12,
        max_length=LONGEST,
        help_text="What was said, as close to the words as you can. No names.",
    )

    @classmethod
    def of(cls, note: InterviewNote | None, posted: Any = None) -> "NoteForm":
        initial = {"text": note.text, "revision": note.revision} if note else {"revision": 0}
        return cls(posted, initial=initial)


class QuestionForm(Form):
    """One question of the topic guide; `seen` is its wording when the form was opened."""

    text = forms.CharField(label="Question", max_length=LONGEST_QUESTION)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def catch_up(self, seen: str) -> None:
        """Stand on the wording as it is now: saving again is then a choice made with both in sight."""
        self.data = with_value(self.data, "seen", seen)


def agreed_word(agreed: bool | None) -> str:
    return next(word for word, value in AGREED.items() if value is agreed)


def theirs_of_interview(interview: Interview) -> Theirs:
    held = f"{interview.held_on.day} {interview.held_on:%B %Y}" if interview.held_on else "no date"
    quoting = {True: "quoting agreed", False: "quoting not agreed", None: "quoting not asked yet"}
    words = f"{interview.get_status_display()}, {held}, {quoting[interview.quoting_agreed]}"
    person = interview.changed_by
    parts = [("Interview", words), ("Reason", interview.status_reason or "None given")]
    return Theirs(person.name or person.email, interview.changed_at, interview.revision, parts)


def theirs_of_note(note: InterviewNote) -> Theirs:
    person = note.changed_by
    return Theirs(person.name or person.email, note.changed_at, note.revision, [("Notes", note.text)])
