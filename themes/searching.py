"""Searching findings, notes, summaries, memos and themes, with the words shown in place."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.urls import reverse

from cases.models import Case, Review
from themes.actions.indexing import text_of, theme_texts
from themes.coding.words import Excerpt, excerpt, terms
from themes.models import Cell, Finding, InterviewNote, Passage, SearchKind, SearchText, Theme

ON_A_PAGE = 20


@dataclass(frozen=True)
class Hit:
    """One text that was found: where it leads, what it is, and its words in place."""

    url: str
    what: str
    case: Case | None
    excerpt: Excerpt


def search(
    review: Review, query: str, kind: str = "", *, hidden: Collection[int] = ()
) -> "Paginator[SearchText]":
    """What is found in the review, a page at a time; nothing for a query without a word.

    Of `hidden` cases no summary and no memo is found: they tell of tags.
    """
    wanted = terms(query)
    found = SearchText.objects.none()
    if wanted:
        found = SearchText.objects.open_to_readers(review).with_words(wanted)
    if hidden:
        found = found.exclude(case__in=hidden, kind__in=[SearchKind.CELL, SearchKind.MEMO])
    if kind in SearchKind.values:
        found = found.filter(kind=kind)
    return Paginator(found.order_by("kind", "source").only("kind", "source"), ON_A_PAGE)


def hits_of(page: Page[SearchText], query: str) -> list[Hit]:
    """The hits of a page in its order, in one query a kind."""
    wanted = terms(query)
    by_kind: dict[str, list[int]] = {}
    for row in page.object_list:
        by_kind.setdefault(row.kind, []).append(row.source)
    sources = {
        (kind, source.pk): source
        for kind, pks in by_kind.items()
        for source in SOURCES[kind].filter(pk__in=pks)
    }
    rows = [(row.kind, row.source) for row in page.object_list]
    return [_hit(sources[kind, pk], wanted) for kind, pk in rows if (kind, pk) in sources]


SOURCES: dict[str, Any] = {
    SearchKind.FINDING: Finding.objects.select_related("case__review"),
    SearchKind.NOTE: InterviewNote.objects.select_related("interview__case__review", "question"),
    SearchKind.CELL: Cell.objects.select_related("case__review", "theme"),
    SearchKind.MEMO: Passage.objects.with_source().select_related("case__review"),
    SearchKind.THEME: Theme.objects.select_related("review"),
}


def _hit(source: Any, wanted: list[str]) -> Hit:
    if isinstance(source, Theme):
        url = reverse("theme", args=[source.review.slug, source.slug])
        body = "\n".join(filter(None, theme_texts(source)))
        return Hit(url, f"Theme: {source.name}", None, excerpt(body, wanted))
    case = source.interview.case if isinstance(source, InterviewNote) else source.case
    page = reverse("case", args=[case.review.slug, case.public_id])
    if isinstance(source, Cell):
        url = reverse("matrix_cell", args=[case.review.slug, case.public_id, source.theme.slug])
        what = f"Summary: {source.theme.name}"
    elif isinstance(source, Passage):
        url, what = f"{page}#passage-{source.pk}", "Memo on a passage"
    else:
        url = f"{page}#text-{source.public_id}"
        what = source.question.text if isinstance(source, InterviewNote) else source.get_record_kind_display()
    return Hit(url, what, case, excerpt(text_of(source), wanted))
