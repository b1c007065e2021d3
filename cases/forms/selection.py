"""Narrowing and trying out the ranking; deciding, confirming and reopening."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from cases.forms.fields import Form, LongTextField, Radios
from cases.matching import Criteria
from cases.models import Case, District, Outcome, Presence, ProfileLine, Review
from cases.selecting import Version
from cases.shown import NOT_DECIDED, Shown

ANY = ("", "Any")
SORT_WORDS = {
    "rank": "Rank",
    "district": "District",
    "submitted": "Order of submission",
    "matches": "Count",
    "highest": "Highest count possible",
    "not-known": "Answers not known",
    "standing": "Standing",
    "suggestion": "Suggestion",
    "decision": "Decision",
}
LONGEST_REASON = 2_000


def offer(form: forms.Form, name: str, choices: Iterable[tuple[str, str]]) -> None:
    """Give a choice field what it offers on this page."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # nosec B101
    field.choices = list(choices)


class ShownForm(Form):
    """Which cases the table shows, and in what order."""

    mark_optional = False
    district = forms.ChoiceField(required=False)
    standing = forms.ChoiceField(
        required=False, choices=[ANY, ("secure", "Secure"), ("open", "Open"), ("out", "Out")]
    )
    suggestion = forms.ChoiceField(
        required=False, choices=[ANY, ("yes", "Yes"), ("tie", "Tie"), ("no", "No")]
    )
    decision = forms.ChoiceField(
        required=False, choices=[ANY, (NOT_DECIDED, "Not decided yet"), *Outcome.choices]
    )
    characteristic = forms.ChoiceField(required=False)
    answer = forms.ChoiceField(required=False, choices=[ANY, *Presence.choices])
    sort = forms.ChoiceField(required=False, label="Order by", choices=list(SORT_WORDS.items()))

    def __init__(
        self, asked: QueryDict, *, districts: Sequence[District], lines: Sequence[ProfileLine]
    ) -> None:
        super().__init__(asked, auto_id="show-%s")
        self.lines = {line.characteristic.slug: line.characteristic_id for line in lines}
        offer(self, "district", [ANY, *((str(each.pk), each.name) for each in districts)])
        offer(self, "characteristic", [ANY, *((line.characteristic.slug, line.name) for line in lines)])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if bool(cleaned.get("characteristic")) != bool(cleaned.get("answer")) and not self.errors:
            missing = "answer" if cleaned["characteristic"] else "characteristic"
            self.add_error(missing, "Select both a characteristic and an answer")
        return cleaned

    def shown(self) -> Shown:
        """What was asked for; everything, where it makes no sense."""
        if not self.is_valid():
            return Shown()
        asked = self.cleaned_data
        return Shown(
            district=int(asked["district"]) if asked["district"] else None,
            standing=asked["standing"],
            suggestion=asked["suggestion"],
            decision=asked["decision"],
            characteristic=self.lines.get(asked["characteristic"]),
            answer=asked["answer"],
            sort=asked["sort"],
        )


class WhatIfForm(Form):
    """Another number, minimum or version of the profile, tried out and not saved."""

    mark_optional = False
    profile = forms.ChoiceField(required=False, label="Risk profile")
    without = forms.ChoiceField(required=False, label="Leave out")
    wanted = forms.IntegerField(
        required=False, min_value=1, max_value=100_000, label="Cases to select",
        error_messages={"min_value": "Cases to select must be 1 or more"},
    )  # fmt: skip
    minimum = forms.IntegerField(
        required=False, min_value=0, label="Minimum present",
        error_messages={"min_value": "Minimum present must be 0 or more"},
    )  # fmt: skip
    minimum_per_district = forms.IntegerField(
        required=False, min_value=0, label="Minimum for each district",
        error_messages={"min_value": "Minimum for each district must be 0 or more"},
    )  # fmt: skip

    def __init__(
        self, asked: QueryDict, *, review: Review, versions: Sequence[Version], districts: int
    ) -> None:
        self.saved = {
            "profile": str(versions[0].profile.number),
            "without": "",
            "wanted": review.cases_to_select,
            "minimum": review.minimum_matches,
            "minimum_per_district": review.minimum_per_district,
        }
        typed = {name: asked[name] for name in self.saved if asked.get(name, "").strip()}
        super().__init__({**self.saved, **typed}, auto_id="try-%s")
        self.versions = {str(version.profile.number): version for version in versions}
        self.districts = districts
        numbers = list(self.versions)
        offer(self, "profile", [(n, f"Version {n}{', current' * (n == numbers[0])}") for n in numbers])
        chosen = self.versions.get(str(self.data["profile"]), versions[0])
        lines = [(line.characteristic.slug, line.name) for line in chosen.lines]
        offer(self, "without", [("", "No characteristic"), *(lines if len(lines) > 1 else [])])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        lines = len(self.versions[cleaned["profile"]].lines) - bool(cleaned["without"])
        if cleaned["minimum"] > lines:
            self.add_error("minimum", f"Minimum present must be {lines} or fewer")
        if cleaned["minimum_per_district"] * self.districts > cleaned["wanted"]:
            self.add_error(
                "minimum_per_district", "The minimum, times the districts, is more than the cases to select"
            )
        return cleaned

    @property
    def asked(self) -> dict[str, Any]:
        return self.cleaned_data if self.is_valid() else self.saved

    @property
    def version(self) -> Version:
        return self.versions[self.asked["profile"]]

    @property
    def open(self) -> bool:
        """Whether the form shows itself: something is tried out, or wrong."""
        return self.differs or bool(self.errors)

    @property
    def lines(self) -> list[ProfileLine]:
        """The characteristics that count here."""
        return [line for line in self.version.lines if line.characteristic.slug != self.asked["without"]]

    @property
    def left_out(self) -> str:
        """The name of the characteristic that is left out; empty where none is."""
        left = (line.name for line in self.version.lines if line.characteristic.slug == self.asked["without"])
        return next(left, "")

    @property
    def is_current(self) -> bool:
        """Whether cases count as they are kept counted: by the current version, all of it."""
        return bool(self.asked["profile"] == self.saved["profile"] and not self.asked["without"])

    @property
    def differs(self) -> bool:
        return self.asked != self.saved

    def criteria(self) -> Criteria:
        asked = self.asked
        return Criteria(asked["wanted"], asked["minimum"], asked["minimum_per_district"])


class DecideForm(Form):
    mark_optional = False  # the hint says when a reason is needed
    outcome = forms.ChoiceField(
        label="Decision",
        choices=Outcome.choices,
        widget=Radios(
            hints={
                Outcome.SELECTED.value: "Goes forward to the desk-top review.",
                Outcome.RESERVE.value: "Takes the place of a selected case that has to be dropped.",
            }
        ),
        error_messages={"required": "Select a decision"},
    )
    reason = LongTextField(required=False, rows=4, max_length=LONGEST_REASON)

    def __init__(self, *args: Any, suggested: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hints = {
            "yes": "Needed if the decision is reserve or not selected.",
            "no": "Needed if the decision is selected.",
            "tie": "Needed: this case is tied at the cut-off.",
        }
        reason = self.fields["reason"]
        reason.help_text = f"{hints[suggested]} It stays on record. Enter no names."


class ConfirmForm(Form):
    mark_optional = False  # asked for only where it is needed
    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)
    note = LongTextField(
        required=False, rows=4, max_length=LONGEST_REASON, label="Why the number selected differs"
    )


class ReopenForm(Form):
    reason = LongTextField(
        rows=4,
        max_length=LONGEST_REASON,
        label="Why the selection is reopened",
        help_text="It stays on record beside the confirmed selection.",
        error_messages={"required": "Give a reason for reopening the selection"},
    )


class CompareForm(Form):
    """Two cases out of the best ranked, or those that a link names."""

    mark_optional = False
    a = forms.ChoiceField(label="First case")
    b = forms.ChoiceField(label="Second case")

    def __init__(self, asked: QueryDict, *, cases: Sequence[Case]) -> None:
        super().__init__(asked if "a" in asked and "b" in asked else None)
        self.cases = {case.public_id: case for case in cases}
        listed = [(case.public_id, f"{case.reference}, {case.district}") for case in cases]
        for name in ("a", "b"):
            offer(self, name, [("", "Choose a case"), *listed])
            self.initial[name] = asked.get(name, "")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("a") and cleaned.get("a") == cleaned.get("b"):
            self.add_error("b", "Select two different cases")
        return cleaned

    def pair(self) -> list[Case]:
        if not self.is_valid():
            return []
        return [self.cases[self.cleaned_data[name]] for name in ("a", "b")]
