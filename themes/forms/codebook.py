"""Adding and changing a theme."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.text import Truncator

from cases.forms.fields import Form, LongTextField, Radios
from cases.models import Characteristic, ProfileLine, Review
from themes.actions.entries import LONGEST_NAME, Entry
from themes.actions.reshaping import Goes
from themes.forms.revised import RevisedForm, Theirs
from themes.forms.tagging import full_name
from themes.models import Passage, Strand, Theme

PARTS = {"definition": "Definition", "when_to_use": "When to use it", "example": "Example", "memo": "Memo"}


class ThemeForm(RevisedForm):
    name = forms.CharField(max_length=LONGEST_NAME)
    strand = forms.ChoiceField(choices=Strand.choices, widget=Radios(small=True))
    parent = forms.ModelChoiceField(
        Theme.objects.none(),
        label="Sub-theme of",
        required=False,
        empty_label="No other theme",
        help_text="The codebook has two levels.",
    )
    definition = LongTextField(rows=3, required=False, help_text="What it means, in a sentence or two.")
    when_to_use = LongTextField(
        rows=3, required=False, label="When to use it", help_text="And when to use another theme instead."
    )
    example = LongTextField(rows=2, required=False)
    restates = forms.ModelChoiceField(
        Characteristic.objects.none(),
        required=False,
        label="Circular: restates a characteristic",
        empty_label="Restates none",
        help_text="Cases were chosen for it, so a theme that repeats it was not found by reading.",
    )
    memo = LongTextField(rows=4, required=False, help_text="Thoughts about the theme, for reviewers only.")

    def __init__(self, *args: Any, review: Review, own: Theme | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parents, restates = self.fields["parent"], self.fields["restates"]
        assert isinstance(parents, forms.ModelChoiceField)  # nosec B101
        assert isinstance(restates, forms.ModelChoiceField)  # nosec B101
        parents.queryset = Theme.objects.of(review).filter(parent=None).in_use().in_codebook_order()
        if own is not None:
            # A theme stays in its strand: what was tagged with it was found there.
            del self.fields["strand"]
            parents.queryset = parents.queryset.in_strand(own.strand).exclude(pk=own.pk)
        restates.queryset = Characteristic.objects.filter(
            pk__in=review.current_profile.lines.values("characteristic")
        )
        names = dict(
            ProfileLine.objects.filter(version=review.current_profile).values_list("characteristic", "name")
        )
        restates.choices = [("", "Restates none"), *((str(pk), name) for pk, name in names.items())]

    @classmethod
    def of(cls, theme: Theme | None, review: Review, posted: Any = None, **initial: Any) -> "ThemeForm":
        if theme is None:
            return cls(posted, review=review, initial={"revision": 0, **initial})
        names = ("name", "parent", "restates", "revision", *PARTS)
        return cls(posted, review=review, own=theme, initial={name: getattr(theme, name) for name in names})

    def entry(self) -> Entry:
        """What was typed; call when the form is valid."""
        return Entry(**{name: value for name, value in self.typed().items() if name != "strand"})


class MergeForm(Form):
    """Which theme takes over what this one is tagged on."""

    into = forms.ModelChoiceField(Theme.objects.none(), label="Merge it into", empty_label="Choose a theme")

    def __init__(self, *args: Any, theme: Theme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        into = self.fields["into"]
        assert isinstance(into, forms.ModelChoiceField)  # nosec B101
        others = Theme.objects.of(theme.review).in_use().in_strand(theme.strand).exclude(pk=theme.pk)
        into.queryset = others
        into.choices = [
            ("", "Choose a theme"),
            *(
                (str(each.pk), full_name(each))
                for each in others.select_related("parent").in_codebook_order()
            ),
        ]


class SplitForm(Form):
    """The theme to be made, and for each passage where it goes."""

    name = forms.CharField(label="Name of the new theme", max_length=LONGEST_NAME)
    definition = LongTextField(rows=2, required=False, help_text="What it means, in a sentence or two.")

    def __init__(self, *args: Any, theme: Theme, passages: Sequence[Passage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.theme = theme
        for passage in passages:
            self.fields[f"passage_{passage.pk}"] = forms.ChoiceField(
                label=f"Case {passage.case.letter}: “{Truncator(passage.words).words(40)}”",
                choices=[
                    ("stays", f"Stays with {theme.name}"),
                    ("moves", "Goes to the new theme"),
                    ("both", "Both"),
                ],
                initial="stays",
                widget=Radios(inline=True, small=True),
            )

    def entry(self) -> Entry:
        """What was typed; call when the form is valid."""
        return Entry(
            name=self.cleaned_data["name"],
            definition=self.cleaned_data["definition"],
            parent=self.theme.parent,
            restates=self.theme.restates,
        )

    def goes(self) -> dict[int, Goes]:
        """Primary key of a passage → where it goes; call when the form is valid."""
        return {
            int(name.removeprefix("passage_")): where
            for name, where in self.cleaned_data.items()
            if name.startswith("passage_")
        }

    def of_passages(self) -> list[BoundField]:
        return [self[name] for name in self.fields if name.startswith("passage_")]


def theirs_of(theme: Theme) -> Theirs:
    texts = [(label, getattr(theme, name) or "Nothing") for name, label in PARTS.items()]
    above = [("Sub-theme of", theme.parent.name if theme.parent else "No other theme")]
    return Theirs("A colleague", None, theme.revision, [("Name", theme.name), *above, *texts])
