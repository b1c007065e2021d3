"""Writing a cell of the framework matrix, and choosing what the matrix shows."""

from typing import Any

from django import forms

from cases.forms.fields import Form, LongTextField
from themes.forms.revised import RevisedForm, Theirs
from themes.framework import INTERVIEW
from themes.models import Cell, Quality, RecordKind, Strand


class CellForm(RevisedForm):
    summary = LongTextField(
        rows=6,
        required=False,
        max_length=4_000,
        help_text="What this case says about this theme, in a few sentences.",
    )
    looked_for_not_found = forms.BooleanField(label="Looked for, not found", required=False)

    @classmethod
    def of(cls, cell: Cell | None, posted: Any = None) -> "CellForm":
        names = ("summary", "looked_for_not_found", "revision")
        initial = {name: getattr(cell, name) for name in names} if cell else {"revision": 0}
        return cls(posted, initial=initial)


KINDS = [("", "Every source"), *RecordKind.choices, (INTERVIEW, "Interviews")]
QUALITIES = [("", "Strength or not"), *Quality.choices]


class ShownForm(Form):
    """Which columns of the matrix are shown."""

    mark_optional = False
    strand = forms.ChoiceField(choices=[("", "Both strands"), *Strand.choices], required=False)
    level = forms.ChoiceField(
        label="Levels", choices=[("", "Themes and sub-themes"), ("themes", "Themes only")], required=False
    )
    kind = forms.ChoiceField(
        label="Found in",
        choices=KINDS,
        required=False,
    )
    quality = forms.ChoiceField(label="Marked as", choices=QUALITIES, required=False)

    def shown(self) -> dict[str, str]:
        """What is asked for; an unknown choice is read as none. Call when the form has been checked."""
        return {name: self.cleaned_data.get(name, "") for name in self.fields}

    def in_words(self) -> str:
        """As in "Agency check, strength"; empty where nothing is left out by source or mark."""
        asked = [(KINDS, self.shown()["kind"]), (QUALITIES, self.shown()["quality"])]
        return ", ".join(str(dict(choices)[value]) for choices, value in asked if value)


def theirs_of(cell: Cell) -> Theirs:
    person = cell.changed_by
    looked = "Looked for, not found" if cell.looked_for_not_found else "Not marked"
    parts = [("Summary", cell.summary or "Nothing"), ("Mark", looked)]
    return Theirs(person.name or person.email, cell.changed_at, cell.revision, parts)
