"""Every tagged passage under its themes, as a document to read and to cut from."""

from collections import defaultdict
from collections.abc import Collection, Iterator

from cases.models import Review
from themes.coding.counting import counted
from themes.exchange import packing
from themes.exchange.provenance import COLUMNS, Provenance, Value
from themes.models import Strand, Theme

Passage = dict[str, Value]


def extracts(review: Review, hidden: Collection[int] = ()) -> bytes:
    """DOCX: a chapter a strand, a section a theme, its passages with case and source, by case."""
    by_theme: dict[tuple[Value, ...], list[Passage]] = defaultdict(list)
    for row in Provenance(review, hidden).rows():
        passage = dict(zip(COLUMNS, row, strict=True))
        by_theme[passage["strand"], passage["theme"], passage["sub_theme"]].append(passage)
    return packing.document(_paragraphs(review, by_theme))


def _paragraphs(
    review: Review, by_theme: dict[tuple[Value, ...], list[Passage]]
) -> Iterator[tuple[str, str]]:
    yield "Title", "Passages by theme"
    yield "", review.title
    strand = None
    for theme in Theme.objects.of(review).select_related("parent").in_codebook_order():
        found = by_theme.get((theme.strand, (theme.parent or theme).name, theme.name if theme.parent else ""))
        if not found and theme.retired_at is not None:
            continue
        if theme.strand != strand:
            strand = theme.strand
            yield "Heading1", Strand(strand).label
        yield "Heading3" if theme.parent_id else "Heading2", theme.name
        if theme.definition:
            yield "", theme.definition
        yield "Source", counted(len(found or []), "passage")
        for passage in found or []:
            yield "Quote", str(passage["words"])
            yield "Source", _source(passage)


def _source(passage: Passage) -> str:
    """ "Case A, agency check, 14 April 2021. Quotable. Memo: early."."""
    read = passage["record_date"]
    parts = [passage["case"], passage["kind_of_record"] or f"interview: {passage['question']}"]
    if read is not None:
        parts.append(f"{read.day} {read:%B %Y}")  # type: ignore[union-attr]  # the column of a date
    told = [", ".join(str(part) for part in parts)]
    if passage["quotable"] == "yes":
        told.append("Quotable")
    if passage["quoting_agreed"] in ("no", "not asked"):
        told.append("Not to be quoted")
    if passage["to_look_at"] == "yes":
        told.append("To be looked at: its words have changed")
    if passage["memo"]:
        told.append(f"Memo: {passage['memo']}")
    return ". ".join(told)
