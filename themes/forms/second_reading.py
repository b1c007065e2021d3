"""Who reads a case a second time."""

from typing import Any

from django import forms

from cases.forms.fields import Form, Radios
from cases.models import Case, Membership, Review, Role
from kscmp_review.accounts.models import User
from themes.models import SecondReading

CHOOSE = "Choose a reviewer"


class BeginForm(Form):
    case = forms.ModelChoiceField(Case.objects.none(), empty_label="Choose a case")
    first = forms.ModelChoiceField(User.objects.none(), label="First reader", empty_label=CHOOSE)
    second = forms.ModelChoiceField(User.objects.none(), label="Second reader", empty_label=CHOOSE)

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        read_twice = SecondReading.objects.of(review).values("case")
        cases = Case.objects.of(review).selected().exclude(pk__in=read_twice).by_letter()
        offer(self, "case", cases, [(str(case.pk), f"Case {case.letter}") for case in cases])
        for name in ("first", "second"):
            offer_reviewers(self, name, review)


class ReplaceForm(Form):
    which = forms.ChoiceField(
        label="Whose place?",
        choices=[("first", "The first reader’s"), ("second", "The second reader’s")],
        widget=Radios(inline=True, small=True),
    )
    reader = forms.ModelChoiceField(User.objects.none(), label="Who goes on?", empty_label=CHOOSE)

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_reviewers(self, "reader", review)


def offer(form: Form, name: str, queryset: Any, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)  # nosec B101
    field.queryset = queryset
    field.choices = [("", field.empty_label or ""), *choices]


def offer_reviewers(form: Form, name: str, review: Review) -> None:
    members = Membership.objects.live().filter(review=review, role=Role.REVIEWER, user__is_active=True)
    reviewers = User.objects.filter(pk__in=members.values("user")).order_by("name", "email")
    offer(form, name, reviewers, [(str(each.pk), each.name or each.email) for each in reviewers])
