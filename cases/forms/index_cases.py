"""An index case: an answer to each characteristic of the profile."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from cases.forms.fields import Form, Radios
from cases.models import Presence, ProfileLine


class IndexCaseForm(Form):
    """What is left unanswered is not known."""

    mark_optional = False
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        typed: Any = None,
        *,
        lines: Sequence[ProfileLine],
        answers: Mapping[str, str] | None = None,
        revision: int = 0,
    ) -> None:
        given = {f"presence-{slug}": presence for slug, presence in (answers or {}).items()}
        super().__init__(typed, initial={"revision": revision, **given})
        self.lines = lines
        for line in lines:
            self.fields[f"presence-{line.slug}"] = forms.ChoiceField(
                choices=Presence.choices,
                required=False,
                label=line.name,
                help_text=line.guidance,
                widget=Radios(inline=True, small=True),
            )

    @property
    def characteristics(self) -> list[BoundField]:
        return [self[f"presence-{line.slug}"] for line in self.lines]

    def answers(self) -> dict[str, str]:
        """Slug → presence; call when the form is valid."""
        return {
            line.slug: self.cleaned_data[f"presence-{line.slug}"] or Presence.NOT_KNOWN.value
            for line in self.lines
        }
