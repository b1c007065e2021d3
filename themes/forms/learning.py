"""Writing a learning point, withdrawing it, and following it up."""

from typing import Any

from django import forms

from cases.forms.fields import Checkboxes, DateField, Form, LongTextField, Radios
from cases.models import Review
from themes.actions.following_up import LONGEST_NOTE
from themes.actions.learning import LONGEST_OWNER, LONGEST_TEXT, Point
from themes.forms.revised import RevisedForm, Theirs
from themes.forms.tagging import full_name
from themes.models import Audience, FollowUp, FollowUpStatus, LearningPoint, Theme

NAMES = ("text", "audiences", "owner", "due_on")


class LearningPointForm(RevisedForm):
    text = LongTextField(
        label="Learning point",
        rows=3,
        max_length=LONGEST_TEXT,
        help_text="What to do or go on doing, in a sentence or two. Enter no figures: what the point rests "
        "on is counted below it. Enter no names.",
    )
    audiences = forms.MultipleChoiceField(
        label="Who is it for?",
        choices=Audience.choices,
        widget=Checkboxes(small=True),
        error_messages={"required": "Select who it is for"},
    )
    owner = forms.CharField(
        max_length=LONGEST_OWNER,
        required=False,
        help_text="A role or an agency, such as “Lead midwife for safeguarding”. Not a person’s name.",
    )
    due_on = DateField(label="Due date", required=False)
    themes = forms.ModelMultipleChoiceField(
        Theme.objects.none(),
        label="Themes it rests on",
        required=False,
        widget=Checkboxes(small=True),
        help_text="The evidence of the point. A point that rests on none says so.",
    )

    def __init__(self, *args: Any, review: Review, own: LearningPoint | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        themes = self.fields["themes"]
        assert isinstance(themes, forms.ModelMultipleChoiceField)  # nosec B101
        offered = Theme.objects.of(review).in_use()
        if own is not None:
            # What it rests on stays ticked, retired or not, until somebody takes it off.
            offered = Theme.objects.of(review).filter(pk__in=own.themes.all()) | offered
        themes.queryset = offered.distinct()
        listed = offered.distinct().select_related("parent").in_codebook_order()
        themes.choices = [
            (str(each.pk), f"{full_name(each)}{', retired' if each.retired_at else ''}") for each in listed
        ]

    @classmethod
    def of(cls, point: LearningPoint | None, review: Review, posted: Any = None) -> "LearningPointForm":
        if point is None:
            return cls(posted, review=review, initial={"revision": 0})
        initial = {name: getattr(point, name) for name in (*NAMES, "revision")}
        initial["themes"] = [theme.pk for theme in point.themes.all()]
        return cls(posted, review=review, own=point, initial=initial)

    def point(self) -> Point:
        """What was typed; call when the form is valid."""
        return Point(**self.typed())


class WithdrawalForm(RevisedForm):
    because = LongTextField(
        label="Why is it withdrawn?", rows=3, max_length=500, help_text="Kept on record with the point."
    )


class FollowUpForm(RevisedForm):
    """`revision` is the number of the step that the person has seen last."""

    status = forms.ChoiceField(
        label="How far has it come?", choices=FollowUpStatus.choices, widget=Radios(small=True)
    )
    note = LongTextField(
        rows=4,
        required=False,
        max_length=LONGEST_NOTE,
        help_text="What has been done, or why it will not be. Enter no names.",
    )

    @classmethod
    def of(cls, last: FollowUp | None, posted: Any = None) -> "FollowUpForm":
        status = last.status if last else FollowUpStatus.NOT_STARTED.value
        return cls(posted, initial={"revision": last.number if last else 0, "status": status})


class FollowUpFilter(Form):
    """Which points the follow-up page lists."""

    mark_optional = False
    audience = forms.ChoiceField(choices=[("", "All agencies"), *Audience.choices], required=False)
    status = forms.ChoiceField(
        choices=[("", "Any"), ("overdue", "Overdue"), *FollowUpStatus.choices], required=False
    )

    def chosen(self) -> tuple[str, str]:
        """Audience and status; what is not on the list asks for nothing."""
        cleaned = self.cleaned_data if self.is_valid() else {}
        return cleaned.get("audience", ""), cleaned.get("status", "")


def theirs_of(point: LearningPoint) -> Theirs:
    due = f"{point.due_on.day} {point.due_on:%B %Y}" if point.due_on else "No date"
    parts = [
        ("Learning point", point.text),
        ("Who it is for", "; ".join(point.audience_labels)),
        ("Owner and due date", f"{point.owner or 'No owner'}, {due}"),
        ("Rests on", "; ".join(theme.name for theme in point.themes.all()) or "No theme"),
    ]
    by = point.changed_by
    return Theirs(by.name or by.email, point.changed_at, point.revision, parts)


def theirs_of_step(step: FollowUp | None) -> Theirs:
    assert step is not None, "somebody took a step first"  # nosec B101
    parts = [("Status", step.get_status_display()), ("Note", step.note or "No note")]
    by = step.recorded_by
    return Theirs(by.name or by.email, step.recorded_at, step.number, parts)
