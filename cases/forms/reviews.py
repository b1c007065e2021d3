"""Forms by which the business team opens a review, changes its settings and moves it on."""

from datetime import date
from typing import Any

from django import forms
from django.utils.text import slugify

from cases.actions.profiles import Line
from cases.actions.reviews import DATES, NUMBERS, Settings
from cases.forms.fields import DateField, Form, LongTextField
from cases.models import Review, Stage, Tier
from cases.proposals import free_slug

ONE_A_LINE = "One a line."


def lines_in(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class SettingsForm(Form):
    """Title, purpose, districts, numbers and dates of a review."""

    title = forms.CharField(max_length=200)
    purpose = LongTextField(required=False, rows=4, help_text="What the review is to find out.")
    districts = LongTextField(rows=5, help_text=f"{ONE_A_LINE} They are shown in this order.")
    cases_per_district = forms.IntegerField(
        label="Cases asked of each district", min_value=1, max_value=1_000_000, initial=3
    )
    cases_to_select = forms.IntegerField(min_value=1, max_value=1_000_000, initial=6)
    minimum_matches = forms.IntegerField(
        label="Fewest matches a case needs to qualify",
        min_value=0,
        initial=6,
        help_text="How many characteristics of the risk profile are present at least.",
    )
    minimum_per_district = forms.IntegerField(
        label="Fewest cases to select from each district",
        min_value=0,
        initial=0,
        help_text="0 when districts may be left out.",
    )
    opens_on = DateField(required=False, label="Submissions open on")
    submissions_close_on = DateField(
        required=False, label="Submissions close on", help_text="At the end of that day."
    )
    report_due_on = DateField(required=False, label="Report due on")

    @classmethod
    def for_review(cls, review: Review, data: Any = None) -> "SettingsForm":
        initial: dict[str, Any] = {name: getattr(review, name) for name in (*NUMBERS, *DATES)}
        initial |= {"title": review.title, "purpose": review.purpose}
        initial["districts"] = "\n".join(review.districts.values_list("name", flat=True))
        return cls(data, initial=initial)

    def settings(self) -> Settings:
        """The settings typed; call when the form is valid."""
        typed = {name: self.cleaned_data[name] for name in ("title", "purpose", *NUMBERS, *DATES)}
        return Settings(districts=lines_in(self.cleaned_data["districts"]), **typed)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        opens: date | None = cleaned.get("opens_on")
        closes: date | None = cleaned.get("submissions_close_on")
        if opens and closes and closes < opens:
            self.add_error("submissions_close_on", "Submissions close after the day they open")
        return cleaned


class ReviewForm(SettingsForm):
    """A new review: its settings, its short name and the first version of its risk profile."""

    slug = forms.SlugField(
        label="Short name",
        max_length=60,
        required=False,
        help_text="Lower-case letters, digits, hyphens. Made from the title when left empty.",
    )
    key_characteristics = LongTextField(rows=5, help_text=f"{ONE_A_LINE} Cases are to match these closely.")
    characteristics_of_interest = LongTextField(
        rows=6, required=False, help_text=f"{ONE_A_LINE} Of significant interest, but less important."
    )
    field_order = ["title", "slug", "purpose", "key_characteristics", "characteristics_of_interest"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("slug") and cleaned.get("title"):
            cleaned["slug"] = slugify(cleaned["title"])[:60].strip("-")
        return cleaned

    def lines(self) -> list[Line]:
        """The characteristics typed, key ones first; call when the form is valid."""
        tiers = (
            (Tier.KEY, self.cleaned_data["key_characteristics"]),
            (Tier.OF_INTEREST, self.cleaned_data["characteristics_of_interest"]),
        )
        lines: list[Line] = []
        for tier, text in tiers:
            for name in lines_in(text):
                slug = free_slug(name, {line.slug for line in lines})
                lines.append(Line(slug=slug, name=name, tier=tier))
        return lines


class StageForm(Form):
    """Which stage to move to, and why when it is a step back."""

    stage = forms.ChoiceField(choices=Stage.choices, widget=forms.HiddenInput)
    reason = LongTextField(required=False, rows=3, label="Reason")
