"""Writing a cell of the framework matrix, and choosing what the matrix shows."""

from typing import Any

from django import forms

from cases.forms.fields import Form, LongTextField
from themes.forms.revised import RevisedForm, Theirs
from themes.models import Cell, Strand


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


class ShownForm(Form):
    """Which columns of the matrix are shown."""

    mark_optional = False
    strand = forms.ChoiceField(choices=[("", "Both strands"), *Strand.choices], required=False)
    level = forms.ChoiceField(
        label="Levels", choices=[("", "Themes and sub-themes"), ("themes", "Themes only")], required=False
    )


def theirs_of(cell: Cell) -> Theirs:
    person = cell.changed_by
    looked = "Looked for, not found" if cell.looked_for_not_found else "Not marked"
    parts = [("Summary", cell.summary or "Nothing"), ("Mark", looked)]
    return Theirs(person.name or person.email, cell.changed_at, cell.revision, parts)
