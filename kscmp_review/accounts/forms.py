"""What an invited person and an administrator type."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation

from kscmp_review.accounts.models import InvitationKind, User


class NewAccountForm(forms.Form):
    name = forms.CharField(max_length=120, label="Your name", help_text="As colleagues are to read it.")
    password = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        label="Password",
        help_text="At least 12 characters. Three words that have nothing to do with each other do well.",
    )
    again = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        label="Password again",
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        password, again = typed.get("password"), typed.get("again")
        if password and again and password != again:
            self.add_error("again", "Type the same password twice")
        elif password:
            try:
                owner = User(email=self.email, name=typed.get("name", ""))
                password_validation.validate_password(password, owner)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return typed


class InviteForm(forms.Form):
    email = forms.EmailField(label="E-mail address")
    kind = forms.ChoiceField(
        choices=[
            (kind.value, kind.label) for kind in (InvitationKind.BUSINESS_TEAM, InvitationKind.ADMINISTRATOR)
        ],
        label="Who they will be",
        widget=forms.RadioSelect,
    )


class SearchForm(forms.Form):
    mark_optional = False
    q = forms.CharField(required=False, max_length=120, label="Name or e-mail address")
