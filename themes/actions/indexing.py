"""Keeping what can be searched in step with what is written; called by the actions that write."""

from collections.abc import Iterable, Iterator

from cases.models import Review
from themes.coding.words import folded
from themes.models import Cell, Finding, InterviewNote, Passage, SearchKind, SearchText, Theme
from themes.models.search import begun


def index(*sources: Finding | InterviewNote | Cell | Passage | Theme) -> None:
    """Store the words of texts just written; one that has none is found no more."""
    for source in sources:
        row = _row(source)
        if row is None:
            forget(_kind(source), [source.pk])
        else:
            SearchText.objects.update_or_create(
                kind=row.kind,
                source=row.source,
                defaults={"review": row.review, "case": row.case, "words": row.words},
            )


def forget(kind: str, sources: Iterable[int]) -> None:
    """Texts that are gone are found no more."""
    SearchText.objects.filter(kind=kind, source__in=list(sources)).delete()


def index_again(review: Review) -> int:
    """Store the words of every text of the review anew; returns how many texts."""
    SearchText.objects.filter(review=review).delete()
    return len(SearchText.objects.bulk_create(rows_of(review), batch_size=500))


def rows_of(review: Review) -> Iterator[SearchText]:
    """What the index should hold of the review."""
    for sources in (
        Finding.objects.of(review).select_related("case__review"),
        InterviewNote.objects.filter(interview__case__review=review).select_related(
            "interview__case__review"
        ),
        Cell.objects.filter(case__review=review).select_related("case__review"),
        Passage.objects.of(review).exclude(memo="").select_related("case__review"),
        Theme.objects.of(review).select_related("review"),
    ):
        yield from filter(None, map(_row, sources.iterator(chunk_size=500)))


def _kind(source: Finding | InterviewNote | Cell | Passage | Theme) -> SearchKind:
    return {
        Finding: SearchKind.FINDING,
        InterviewNote: SearchKind.NOTE,
        Cell: SearchKind.CELL,
        Passage: SearchKind.MEMO,
        Theme: SearchKind.THEME,
    }[type(source)]


def _row(source: Finding | InterviewNote | Cell | Passage | Theme) -> SearchText | None:
    if isinstance(source, Theme):
        case, review = None, source.review
        text = "\n".join(theme_texts(source))
    else:
        case = source.interview.case if isinstance(source, InterviewNote) else source.case
        review = case.review
        text = text_of(source)
    words = "".join(f" {begun(word)}" for word in folded(text))
    if not words:
        return None
    return SearchText(review=review, case=case, kind=_kind(source), source=source.pk, words=words)


def text_of(source: Finding | InterviewNote | Cell | Passage) -> str:
    """What is searched of a source: a passage's memo, a cell's summary, the text of all else."""
    if isinstance(source, Passage):
        return source.memo
    return source.summary if isinstance(source, Cell) else source.text


def theme_texts(theme: Theme) -> list[str]:
    """What is searched of a theme, its name first."""
    return [theme.name, theme.definition, theme.when_to_use, theme.example, theme.memo]
