"""Inviting somebody to a review, and changing what a member does in it."""

from typing import Any

from django import forms

from cases.forms.fields import Form, Radios
from cases.models import District, Review, Role


class RoleForm(Form):
    role = forms.ChoiceField(choices=Role.choices, widget=Radios)
    district = forms.ModelChoiceField(
        District.objects.none(), required=False, help_text="For a district lead only.", empty_label="None"
    )

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        districts = self.fields["district"]
        assert isinstance(districts, forms.ModelChoiceField)  # nosec B101
        districts.queryset = review.districts.all()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        role, district = cleaned.get("role"), cleaned.get("district")
        if role == Role.DISTRICT_LEAD and district is None:
            self.add_error("district", "Select the district of the district lead")
        if role and role != Role.DISTRICT_LEAD and district is not None:
            self.add_error("district", "Only a district lead has a district: select none")
        return cleaned


class InviteForm(RoleForm):
    email = forms.EmailField(
        label="E-mail address",
        help_text="They get a link by which they join. Nobody is told whether they have an account already.",
    )
    field_order = ["email", "role", "district"]
