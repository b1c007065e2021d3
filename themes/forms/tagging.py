"""Choosing a passage and its themes: by sentence without JavaScript, by the selected words with it."""

from collections.abc import Sequence
from typing import Any

from django import forms

from cases.forms.fields import Checkboxes
from themes.coding.passages import Passage, normalised
from themes.coding.sentences import sentences
from themes.forms.revised import RevisedForm, Theirs
from themes.models import Source, Theme
from themes.reading import groups_of_themes

NOT_TOGETHER = "Choose sentences that follow one another, or tag them one after the other"


class PassageForm(RevisedForm):
    """Sentences of a text that begin `within` a part (none: the whole text), and themes of the codebook."""

    sentences = forms.MultipleChoiceField(
        label="Which sentences?",
        required=False,
        widget=Checkboxes(small=True),
        help_text="Choose one or more that follow one another. Choose none to tag the whole text.",
    )
    themes = forms.MultipleChoiceField(
        label="With which themes?",
        widget=Checkboxes(small=True),
        error_messages={"required": "Choose at least one theme"},
    )

    def __init__(
        self, *args: Any, source: Source, themes: Sequence[Theme], within: Passage, **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", {"revision": source.revision})
        super().__init__(*args, **kwargs)
        self.spans = sentences(source.text)
        self.by_slug = {theme.slug: theme for theme in themes}
        offered, chosen = self.fields["sentences"], self.fields["themes"]
        assert isinstance(offered, forms.MultipleChoiceField)  # nosec B101
        assert isinstance(chosen, forms.MultipleChoiceField)  # nosec B101
        offered.choices = [
            (str(place), span.of(source.text))
            for place, span in enumerate(self.spans)
            if within.start <= span.start < within.end
        ]
        chosen.choices = [
            (strand, [(theme.slug, full_name(theme)) for theme in group])
            for strand, group in groups_of_themes(themes)
        ]

    def clean_sentences(self) -> Passage | None:
        """The passage from the first chosen sentence to the last; None for the whole text."""
        places = sorted(int(place) for place in self.cleaned_data["sentences"])
        if not places:
            return None
        if places != list(range(places[0], places[-1] + 1)):
            raise forms.ValidationError(NOT_TOGETHER)
        return Passage(self.spans[places[0]].start, self.spans[places[-1]].end)

    def clean_themes(self) -> list[Theme]:
        return [self.by_slug[slug] for slug in self.cleaned_data["themes"]]


class SelectionForm(forms.Form):
    """Words selected in the page, code points from `start` to `end`; the whole text without them."""

    start = forms.IntegerField(min_value=0, required=False)
    end = forms.IntegerField(min_value=1, required=False)
    words = forms.CharField(strip=False)
    theme = forms.SlugField()

    def clean_words(self) -> str:
        return normalised(self.cleaned_data["words"])


def full_name(theme: Theme) -> str:
    """ "Agency checks › Building a history" for a sub-theme."""
    return f"{theme.parent.name} › {theme.name}" if theme.parent else theme.name


def theirs_of(source: Source) -> Theirs:
    person = source.changed_by
    return Theirs(person.name or person.email, source.changed_at, source.revision, [("Text", source.text)])
