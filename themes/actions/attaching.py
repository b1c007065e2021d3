"""Putting themes on a place of a text; the action that does so permits and records it."""

from collections.abc import Iterable

from django.db import models

from cases.errors import Refused, Stale
from cases.models import Case
from kscmp_review.accounts.models import User
from kscmp_review.lookups import one
from themes.actions.indexing import forget
from themes.coding.passages import PassageError, checked
from themes.models import Finding, Passage, SearchKind, Source, Tag, Theme

TEXT_HAS_CHANGED = "The text has changed since you opened it. Look at it again, then tag it."


def attach(
    source: Source, case: Case, themes: Iterable[Theme], span: tuple[int, int] | None, by: User
) -> tuple[Passage, list[Theme]]:
    """The passage with these themes on it, and which of them are new."""
    passage, made = _passage_at(source, case, span, by)
    had = set() if made else set(passage.tags.values_list("theme_id", flat=True))
    new = [theme for theme in themes if theme.pk not in had]
    Tag.objects.bulk_create(Tag(passage=passage, theme=theme, tagged_by=by) for theme in new)
    return passage, new


def detach(passage: Passage | None, theme: Theme) -> None:
    """Take a theme off; a passage without any goes."""
    if passage is None:
        return
    passage.tags.filter(theme=theme).delete()
    if not passage.tags.exists():
        forget(SearchKind.MEMO, [passage.pk])
        passage.delete()


def kind_of(source: Source) -> str:
    return "finding" if isinstance(source, Finding) else "note"


def usable_themes(themes: Iterable[Theme], case: Case) -> list[Theme]:
    """Each theme once, as it is now, in the order given; Refused where one cannot be tagged with."""
    pks = list(dict.fromkeys(theme.pk for theme in themes))
    if not pks:
        raise Refused("Choose at least one theme.")
    found = Theme.objects.filter(review=case.review_id).in_bulk(pks)
    if len(found) != len(pks):
        raise Refused("A theme belongs to another review.")
    usable: list[Theme] = [found[pk] for pk in pks]
    for theme in usable:
        check_usable(theme)
    return usable


def check_usable(theme: Theme) -> None:
    if theme.retired_at is not None:
        raise Refused(f"“{theme.name}” has been retired: tag with another theme.")


def checked_span(
    source: Source, start: int | None, end: int | None, words: str | None
) -> tuple[int, int] | None:
    if start is None and end is None:
        return None
    if start is None or end is None:
        raise Refused("A passage has a start and an end, or it is the whole text.")
    if words is not None and source.text[max(start, 0) : max(end, 0)] != words:
        raise Stale(TEXT_HAS_CHANGED)
    try:
        span = checked(start, end, source.text)
    except PassageError as error:
        raise Refused(str(error)) from error
    return span.start, span.end


def _passage_at(source: Source, case: Case, span: tuple[int, int] | None, by: User) -> tuple[Passage, bool]:
    """The passage there, and whether it has just been made."""
    start, end = span or (None, None)
    of_source: models.QuerySet[Passage] = source.passages.all()
    passage = one(of_source.filter(start=start, end=end))
    if passage is not None:
        return passage, False
    field = {kind_of(source): source}
    return Passage.objects.create(case=case, start=start, end=end, marked_by=by, **field), True
