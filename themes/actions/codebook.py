"""Keeping the codebook: themes added, changed, moved, retired and restored."""

from typing import Literal

from django.db import models, transaction
from django.utils import timezone

from cases.errors import Refused
from cases.models import Review
from kscmp_review.accounts.models import User
from kscmp_review.audit.record import record
from themes.actions.entries import (
    Entry,
    checked_entry,
    last_order,
    make_theme,
    siblings,
    write_entry,
)
from themes.actions.opening import check_revision, open_codebook
from themes.models import Theme


@transaction.atomic
def add(*, review: Review, strand: str, entry: Entry, slug: str = "", by: User) -> Theme:
    """Add a theme at the end of its strand or of its parent; without a `slug` one is made of the name."""
    theme = make_theme(review=open_codebook(review, by=by), strand=strand, entry=entry, slug=slug, by=by)
    _record("theme.added", theme, by, after=_fields(theme))
    return theme


@transaction.atomic
def change(*, theme: Theme, entry: Entry, revision: int, by: User) -> Theme:
    """Reword a theme or set it under another; raises Stale when somebody saved it since `revision`."""
    review = open_codebook(theme.review, by=by)
    theme = Theme.objects.get(pk=theme.pk)
    check_revision(theme.revision, revision)
    entry = checked_entry(entry, review, theme.strand, own=theme)
    before = _fields(theme)
    if (entry.parent.pk if entry.parent else None) != theme.parent_id:
        theme.order = last_order(siblings(review, theme.strand, entry.parent)) + 1
    theme.revision += 1
    write_entry(theme, entry, by)
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
    if theme.merged_into is not None:
        raise Refused(f"This theme was merged into “{theme.merged_into.name}”. Undo the merge instead.")
    theme.retired_at = None
    theme.revision += 1
    theme.save()
    _record("theme.restored", theme, by)
    return theme


@transaction.atomic
def move(*, theme: Theme, direction: Literal["up", "down"], by: User) -> Theme:
    """Change places with the theme before or after it in the same strand and level."""
    theme = _opened(theme, by)
    level = list(siblings(theme.review, theme.strand, theme.parent))
    place = level.index(theme)
    other = place + (-1 if direction == "up" else 1)
    if not 0 <= other < len(level):
        raise Refused(f"This theme cannot be moved further {direction}.")
    level[place], level[other] = level[other], level[place]
    for order, sibling in enumerate(level, start=1):
        sibling.order = order
    Theme.objects.bulk_update(level, ["order"])
    _record("theme.moved", theme, by, before={"place": place + 1}, after={"place": other + 1})
    return level[other]


def _opened(theme: Theme, by: User) -> Theme:
    review = open_codebook(theme.review, by=by)
    theme = Theme.objects.select_related("parent", "merged_into").get(pk=theme.pk)
    theme.review = review
    return theme


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
