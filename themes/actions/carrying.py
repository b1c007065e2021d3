"""Passages follow an edit of their text, inside the action that saves it."""

from django.db.models import F

from themes.actions.indexing import forget, index
from themes.coding.carrying import Carried, carried
from themes.coding.passages import Passage as Span
from themes.models import Passage, SearchKind, Tag

# Further than any text reaches: where passages wait while they change places, since no two may share one.
AWAY = 1_000_000_000


def carry_passages(passages: list[Passage], old: str, new: str) -> int:
    """Move passages with their words; returns how many a person has to look at again.

    A whole text stays whole. A passage whose words are all gone becomes a passage of the whole text. Two that
    come to cover the same words become one, with the themes of both.
    """
    if old == new:
        return 0
    spans = {
        passage: Span(passage.start, passage.end)
        for passage in passages
        if passage.start is not None and passage.end is not None
    }
    places: dict[tuple[int | None, int | None], Passage] = {}
    for passage in passages:
        if passage not in spans:
            places[None, None] = passage
    for passage, now in carried(spans, old, new).items():
        start, end = _place(now, new)
        passage.needs_look = passage.needs_look or now.needs_look
        first = places.setdefault((start, end), passage)
        if first is passage:
            passage.start, passage.end = start, end
        else:
            _join(first, passage)
    _save(list(places.values()), [passage.pk for passage in spans])
    return sum(passage.needs_look for passage in places.values())


def _place(now: Carried, new: str) -> tuple[int | None, int | None]:
    """Where a passage stands now; the whole text where no word of it is left, a full stop being none."""
    span = now.passage
    if span is None or (now.needs_look and not any(sign.isalnum() for sign in span.of(new))):
        return None, None
    return span.start, span.end


def _join(first: Passage, second: Passage) -> None:
    had = first.tags.values_list("theme_id", flat=True)
    Tag.objects.filter(passage=second).exclude(theme__in=list(had)).update(passage=first)
    first.needs_look = True
    first.quotable = first.quotable and second.quotable
    first.memo = "\n".join(filter(None, [first.memo, second.memo]))
    if second.memo:
        forget(SearchKind.MEMO, [second.pk])
        index(first)
    second.delete()


def _save(passages: list[Passage], moved: list[int]) -> None:
    Passage.objects.filter(pk__in=moved).update(start=F("start") + AWAY, end=F("end") + AWAY)
    Passage.objects.bulk_update(passages, ["start", "end", "needs_look", "quotable", "memo"])
