"""Narrowing the audit to an action, a person or an object."""

from typing import Any

from django import forms

from cases.forms.fields import Form
from kscmp_review.audit.models import AuditEvent


class AuditFilterForm(Form):
    mark_optional = False
    action = forms.ChoiceField(required=False)
    person = forms.ChoiceField(required=False)
    object_id = forms.CharField(required=False, label="Case reference or other object", max_length=60)

    def __init__(self, *args: Any, review_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        events = AuditEvent.objects.of_review(review_id).order_by()
        actions = sorted(events.values_list("action", flat=True).distinct())
        people = sorted(events.exclude(actor_email="").values_list("actor_email", flat=True).distinct())
        self._offer("action", [("", "Any"), *((action, action.replace(".", " ")) for action in actions)])
        self._offer("person", [("", "Anyone"), *((email, email) for email in people)])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # nosec B101
        field.choices = choices

    def filters(self) -> dict[str, str]:
        """Filter words for the events; a case's printed reference finds its public id."""
        if not self.is_valid():
            return {}
        typed = self.cleaned_data
        public_id = typed["object_id"].strip()
        if typed["object_id"].count("-") == 2:
            public_id = public_id.replace("-", "").lower()
        wanted = {"action": typed["action"], "actor_email": typed["person"], "object_id__iexact": public_id}
        return {name: value for name, value in wanted.items() if value}
