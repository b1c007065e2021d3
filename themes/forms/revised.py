"""Forms that know which save they were opened on, and can stand beside a colleague's."""

from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.forms.boundfield import BoundField

from cases.forms.fields import Form


class Theirs(NamedTuple):
    """What a colleague saved in the meantime: who, when, and (label, text) of each part."""

    by: str
    at: datetime | None
    revision: int
    parts: list[tuple[str, str]]


def with_value(posted: Any, name: str, value: str) -> Any:
    """A copy of what was posted, with one value replaced."""
    copied = posted.copy()
    copied[name] = value
    return copied


class RevisedForm(Form):
    """`theirs` is set when somebody saved first; what was typed stays in the form."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    theirs: Theirs | None = None

    def catch_up(self, theirs: Theirs) -> None:
        """Stand on their save from now on: saving again is then a choice made with both in sight."""
        self.data = with_value(self.data, self.add_prefix("revision"), str(theirs.revision))
        self.theirs = theirs

    def shown(self) -> list[BoundField]:
        """The fields that are typed in, for a page that draws them itself."""
        return self.visible_fields()

    def typed(self) -> dict[str, Any]:
        """What an action takes, the revision left out; call when the form is valid."""
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}
