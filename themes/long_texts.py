"""Long texts as they are drawn: HTML joined by hand, for a template takes seconds over 2,000 passages.

Passages are counted by the style sheet, so that a new one changes nothing but the parts it touches.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.safestring import SafeString, mark_safe

from themes.coding.passages import Passage as Span
from themes.models import Finding, SecondReading, SecondTag, Source, Tag
from themes.reading import DEEPEST_SHADE

MARKS = {
    (shade, look): f'<mark class="house-mark house-mark--{shade}{" house-mark--look" if look else ""}">'
    for shade in range(1, DEEPEST_SHADE + 1)
    for look in (False, True)
}
LINK = (
    '<a class="house-mark__number" data-outside data-passage id="mark-%s" href="%s%s/" aria-label="%s"></a>'
)

# A tag as it is read: passage, start, end, theme; start and end are None for the whole text. Plain tuples,
# for thousands of them are made for one page.
Row = tuple[int, int | None, int | None, int]
PLACE = itemgetter(1, 2)


def tag_rows(source: Source, reading: SecondReading | None, within: Span | None = None) -> list[Row]:
    """The tags of a text by place, in one query: those of a second `reading` alone, or the case's own.

    With `within`, those that touch that stretch, and those of the whole text.
    """
    kind = "finding" if isinstance(source, Finding) else "note"
    tags: QuerySet[Any, Any]
    if reading is None:
        at, passage = "passage__", "passage_id"
        tags = Tag.objects.filter(**{f"passage__{kind}": source})
    else:
        at, passage = "", "pk"
        tags = SecondTag.objects.filter(reading=reading, **{kind: source})
    if within is not None:
        inside = Q(**{f"{at}start__lt": within.end, f"{at}end__gt": within.start})
        tags = tags.filter(inside | Q(**{f"{at}start": None}))
    place = F(f"{at}start").asc(nulls_first=True), F(f"{at}end").desc(), passage, "theme_id"
    return list(tags.order_by(*place).values_list(passage, f"{at}start", f"{at}end", "theme_id"))


def passages_to_look_at(source: Source, reading: SecondReading | None) -> set[int]:
    """Passages of the text whose words have changed; a second reading has none, its texts stay."""
    if reading is not None:
        return set()
    return set(source.passages.filter(needs_look=True).values_list("pk", flat=True))


@dataclass(frozen=True)
class Pen:
    """How passages are drawn."""

    # Of the themes, by primary key.
    names: Mapping[int, str]
    # What stands before the number of a passage in its link.
    address: str
    # Passages that need a look.
    looks: Collection[int]

    def parts(self, text: str, cut: Sequence[Span], rows: Iterable[Row]) -> list[SafeString]:
        """The HTML of parts of a text that follow one another, with the passages that touch them, whose
        `rows` stand in the order of `tag_rows`.

        One sweep along the edges of the passages: time is linear in them.
        """
        at, ends = cut[0].start, {part.end for part in cut}
        deeper, looks, links = self._edges(rows, Span(at, cut[-1].end))
        parts: list[SafeString] = []
        pieces: list[str] = []
        depth = look = 0
        numbers = ""
        for edge in sorted({*deeper, *ends}):
            if edge > at:
                words = text[at:edge]
                if "&" in words or "<" in words or ">" in words:
                    words = escape(words, quote=False)
                if depth:
                    pieces += (MARKS[min(depth, DEEPEST_SHADE), look > 0], numbers, words, "</mark>")
                else:
                    pieces.append(words)
            if edge in ends:
                parts.append(mark_safe("".join(pieces)))  # nosec B308 B703  # all text in it is escaped
                pieces = []
            if edge in deeper:
                depth += deeper[edge]
                look += looks.get(edge, 0)
            at, numbers = edge, links.get(edge, "")
        return parts

    def _edges(
        self, rows: Iterable[Row], within: Span
    ) -> tuple[dict[int, int], dict[int, int], dict[int, str]]:
        """By edge: how many more passages cover what follows, how many of them need a look, and the links
        of those that begin there."""
        said = {theme: escape(name) for theme, name in self.names.items()}
        deeper: dict[int, int] = {}
        looks: dict[int, int] = {}
        links: dict[int, str] = {}
        for (start, end), alike in groupby(rows, PLACE):
            if start is None or end is None:
                continue
            tags = list(alike)
            passage = tags[-1][0]
            if start >= within.start:
                themes = "; ".join([said[tag[3]] for tag in tags])
                link = LINK % (passage, self.address, passage, themes)
                links[start] = links[start] + link if start in links else link
            begin = max(within.start, start)
            stop = min(within.end, end)
            deeper[begin] = deeper.get(begin, 0) + 1
            deeper[stop] = deeper.get(stop, 0) - 1
            if passage in self.looks:
                looks[begin] = looks.get(begin, 0) + 1
                looks[stop] = looks.get(stop, 0) - 1
        return deeper, looks, links
