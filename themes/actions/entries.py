"""What an entry of the codebook may say, and writing it; the actions that do so permit and record it."""

from dataclasses import dataclass, replace

from django.db import models
from django.utils.text import slugify

from cases.errors import Refused
from cases.models import Characteristic, Review
from kscmp_review.accounts.models import User
from themes.actions.indexing import index
from themes.actions.opening import written
from themes.coding.passages import normalised
from themes.models import Strand, Theme

LONGEST_NAME = 120
LONGEST_SLUG = 60
# The codebook's own pages have these addresses.
TAKEN = ("new", "steps", "exchange")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a theme says; `restates` is the characteristic of the profile it repeats (rule 10)."""

    name: str
    definition: str = ""
    when_to_use: str = ""
    example: str = ""
    memo: str = ""
    parent: Theme | None = None
    restates: Characteristic | None = None


def make_theme(*, review: Review, strand: str, entry: Entry, slug: str = "", by: User) -> Theme:
    """The theme of an action that has opened the codebook and records what it did."""
    if strand not in Strand.values:
        raise Refused("Select one of the two strands.")
    entry = checked_entry(entry, review, strand)
    theme = Theme(review=review, strand=strand, slug=_free_slug(review, slug or entry.name), created_by=by)
    theme.order = last_order(siblings(review, strand, entry.parent)) + 1
    write_entry(theme, entry, by)
    return theme


def checked_entry(entry: Entry, review: Review, strand: str, own: Theme | None = None) -> Entry:
    name = " ".join(written(entry.name, "Enter the name of the theme.").split())
    if len(name) > LONGEST_NAME:
        raise Refused(f"The name of a theme has at most {LONGEST_NAME} characters.")
    others = Theme.objects.of(review).in_strand(strand)
    if own is not None:
        others = others.exclude(pk=own.pk)
    if name.casefold() in {other.casefold() for other in others.values_list("name", flat=True)}:
        raise Refused("The strand has a theme of this name already.")
    if entry.restates is not None and entry.restates.review_id != review.pk:
        raise Refused("The characteristic belongs to another review.")
    if entry.parent is not None:
        _check_parent(entry.parent, review, strand, own)
    return replace(entry, name=name)


def _check_parent(parent: Theme, review: Review, strand: str, own: Theme | None) -> None:
    if parent.review_id != review.pk or parent.strand != strand:
        raise Refused("A sub-theme belongs to the strand of its theme.")
    if parent.parent_id is not None or parent == own:
        raise Refused("The codebook has two levels: a sub-theme stands under a theme.")
    if own is not None and own.sub_themes.exists():
        raise Refused("This theme has sub-themes of its own, so it cannot become one.")
    if parent.retired_at is not None and parent.pk != (own.parent_id if own else None):
        raise Refused("The theme above has been retired.")


def write_entry(theme: Theme, entry: Entry, by: User) -> None:
    theme.name, theme.parent, theme.restates = entry.name, entry.parent, entry.restates
    theme.definition = normalised(entry.definition).strip()
    theme.when_to_use = normalised(entry.when_to_use).strip()
    theme.example = normalised(entry.example).strip()
    theme.memo = normalised(entry.memo).strip()
    theme._history_user = by  # type: ignore[attr-defined]  # django-simple-history reads it
    theme.save()
    index(theme)


def siblings(review: Review, strand: str, parent: Theme | None) -> "models.QuerySet[Theme]":
    found: models.QuerySet[Theme] = Theme.objects.of(review).in_strand(strand).filter(parent=parent)
    return found.order_by("order", "pk")


def last_order(of: "models.QuerySet[Theme]") -> int:
    return of.aggregate(last=models.Max("order"))["last"] or 0


def _free_slug(review: Review, wanted: str) -> str:
    stem = slugify(wanted)[: LONGEST_SLUG - 4].strip("-") or "theme"
    used = {*Theme.objects.of(review).values_list("slug", flat=True), *TAKEN}
    slug, number = stem, 1
    while slug in used:
        number += 1
        slug = f"{stem}-{number}"
    return slug
