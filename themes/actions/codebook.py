"""Keeping the codebook: themes added, changed, moved, retired and restored."""

from dataclasses import dataclass, replace
from typing import Literal

from django.db import models, transaction
from django.utils import timezone
from django.utils.text import slugify

from cases.errors import Refused
from cases.models import Characteristic, Review
from kscmp_review.accounts.models import User
from kscmp_review.audit.record import record
from themes.actions.opening import check_revision, open_codebook, written
from themes.coding.passages import normalised
from themes.models import Strand, Theme

LONGEST_NAME = 120
LONGEST_SLUG = 60
# The codebook's own page has this address.
TAKEN = ("new",)


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


@transaction.atomic
def add(*, review: Review, strand: str, entry: Entry, slug: str = "", by: User) -> Theme:
    """Add a theme at the end of its strand or of its parent; without a `slug` one is made of the name."""
    review = open_codebook(review, by=by)
    if strand not in Strand.values:
        raise Refused("Select one of the two strands.")
    entry = _checked(entry, review, strand)
    theme = Theme(review=review, strand=strand, slug=_free_slug(review, slug or entry.name), created_by=by)
    theme.order = _last_order(_siblings(review, strand, entry.parent)) + 1
    _write(theme, entry)
    _record("theme.added", theme, by, after=_fields(theme))
    return theme


@transaction.atomic
def change(*, theme: Theme, entry: Entry, revision: int, by: User) -> Theme:
    """Reword a theme or set it under another; raises Stale when somebody saved it since `revision`."""
    review = open_codebook(theme.review, by=by)
    theme = Theme.objects.get(pk=theme.pk)
    check_revision(theme.revision, revision)
    entry = _checked(entry, review, theme.strand, own=theme)
    before = _fields(theme)
    if (entry.parent.pk if entry.parent else None) != theme.parent_id:
        theme.order = _last_order(_siblings(review, theme.strand, entry.parent)) + 1
    theme.revision += 1
    _write(theme, entry)
    _record("theme.changed", theme, by, before=before, after=_fields(theme))
    return theme


@transaction.atomic
def retire(*, theme: Theme, by: User) -> Theme:
    """Take a theme and its sub-themes out of use: what is tagged with them stays tagged."""
    theme = _opened(theme, by)
    if theme.retired_at is not None:
        raise Refused("This theme has been retired already.")
    theme.retired_at = timezone.now()
    theme.revision += 1
    theme.save()
    sub_themes = theme.sub_themes.filter(retired_at=None)
    number = sub_themes.update(retired_at=theme.retired_at, revision=models.F("revision") + 1)
    _record("theme.retired", theme, by, after={"sub_themes": number})
    return theme


@transaction.atomic
def restore(*, theme: Theme, by: User) -> Theme:
    """Bring a retired theme back into use, alone: its sub-themes are restored one by one."""
    theme = _opened(theme, by)
    if theme.retired_at is None:
        raise Refused("This theme is in use.")
    if theme.parent is not None and theme.parent.retired_at is not None:
        raise Refused(f"Restore “{theme.parent.name}” first: this theme stands under it.")
    theme.retired_at = None
    theme.revision += 1
    theme.save()
    _record("theme.restored", theme, by)
    return theme


@transaction.atomic
def move(*, theme: Theme, direction: Literal["up", "down"], by: User) -> Theme:
    """Change places with the theme before or after it in the same strand and level."""
    theme = _opened(theme, by)
    siblings = list(_siblings(theme.review, theme.strand, theme.parent))
    place = siblings.index(theme)
    other = place + (-1 if direction == "up" else 1)
    if not 0 <= other < len(siblings):
        raise Refused(f"This theme cannot be moved further {direction}.")
    siblings[place], siblings[other] = siblings[other], siblings[place]
    for order, sibling in enumerate(siblings, start=1):
        sibling.order = order
    Theme.objects.bulk_update(siblings, ["order"])
    _record("theme.moved", theme, by, before={"place": place + 1}, after={"place": other + 1})
    return siblings[other]


def _opened(theme: Theme, by: User) -> Theme:
    review = open_codebook(theme.review, by=by)
    theme = Theme.objects.select_related("parent").get(pk=theme.pk)
    theme.review = review
    return theme


def _checked(entry: Entry, review: Review, strand: str, own: Theme | None = None) -> Entry:
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


def _write(theme: Theme, entry: Entry) -> None:
    theme.name, theme.parent, theme.restates = entry.name, entry.parent, entry.restates
    theme.definition = normalised(entry.definition).strip()
    theme.when_to_use = normalised(entry.when_to_use).strip()
    theme.example = normalised(entry.example).strip()
    theme.memo = normalised(entry.memo).strip()
    theme.save()


def _siblings(review: Review, strand: str, parent: Theme | None) -> "models.QuerySet[Theme]":
    siblings: models.QuerySet[Theme] = Theme.objects.of(review).in_strand(strand).filter(parent=parent)
    return siblings.order_by("order", "pk")


def _last_order(siblings: "models.QuerySet[Theme]") -> int:
    return siblings.aggregate(last=models.Max("order"))["last"] or 0


def _free_slug(review: Review, wanted: str) -> str:
    stem = slugify(wanted)[: LONGEST_SLUG - 4].strip("-") or "theme"
    used = {*Theme.objects.of(review).values_list("slug", flat=True), *TAKEN}
    slug, number = stem, 1
    while slug in used:
        number += 1
        slug = f"{stem}-{number}"
    return slug


def _fields(theme: Theme) -> dict[str, object]:
    return {
        "strand": theme.strand,
        "parent": theme.parent.slug if theme.parent else None,
        "restates": theme.restates.slug if theme.restates else None,
        "revision": theme.revision,
    }


def _record(
    action: str,
    theme: Theme,
    by: User,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    record(
        action,
        by=by,
        review_id=theme.review.pk,
        object_type="theme",
        object_id=str(theme.pk),
        before=before,
        after=after,
    )
