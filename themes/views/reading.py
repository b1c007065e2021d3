"""A text by itself, drawn so that a long one opens at once; one passage, with what can be done about it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from cases.models import Case
from cases.views.access import person
from themes.coding.parts import parts
from themes.long_texts import Pen, Row, passages_to_look_at, tag_rows
from themes.models import Finding, Passage, SecondReading, SecondTag, Source, Tag, Theme
from themes.reading import Apart, NumberedPassage, groups_of_themes, kind_of
from themes.second_readings import reading_hidden_from
from themes.views.access import READ, address_of, load_selected_case, load_text, may_write_about
from themes.views.drafting import memos_typed

SWAP = ' hx-swap-oob="true"'


@require_safe
def text_read(request: HttpRequest, review_slug: str, public_id: str, text_id: str) -> HttpResponse:
    """A text by itself, its passages marked; those of one theme alone where the address names it."""
    case = load_selected_case(request, review_slug, public_id, READ)
    source = load_text(case, text_id)
    second = reading_hidden_from(person(request), case)
    themes = list(Theme.objects.of(case.review).in_codebook_order())
    only = next((theme for theme in themes if theme.slug == request.GET.get("theme")), None)
    every = tag_rows(source, second)
    rows = of_theme(every, only)
    context = {
        "case": case,
        "source": source,
        "name": name_of(source),
        "kind": kind_of(source),
        "second": second,
        "may_write": may_write_about(request.membership, case),  # type: ignore[attr-defined]
        "codebook": groups_of_themes(theme for theme in themes if theme.retired_at is None),
        "themes": themes,
        "only": only,
        "passages": len({row[0] for row in rows}),
        # Tags of the whole text stand first.
        "whole": passages_at(source, second, None) if every and every[0][1] is None else [],
        "memos": memos_typed(request, case),
        "parts": pieces(
            case,
            source,
            second,
            rows,
            {theme.pk: theme.name for theme in themes},
            range(len(parts(source.text))),
        ),
    }
    return render(request, "themes/tagging/read.html", context)


@require_safe
def passage(request: HttpRequest, review_slug: str, public_id: str, pk: int) -> HttpResponse:
    """One passage: its words, themes and memo; to htmx without the page around it."""
    case = load_selected_case(request, review_slug, public_id, READ)
    second = reading_hidden_from(person(request), case)
    model: Any = Passage.objects.with_source().filter(case=case)
    if second:
        model = SecondTag.objects.filter(reading=second).select_related("finding", "note__question")
    found = model.filter(pk=pk).first()
    if found is None:
        raise Http404("no such passage")
    source = load_text(case, found.source.public_id)
    context = {
        "case": case,
        "source": source,
        "text": {"kind": kind_of(source)},
        "name": name_of(source),
        "second": second,
        "may_write": may_write_about(request.membership, case),  # type: ignore[attr-defined]
        "here": passages_at(source, second, None if found.start is None else (found.start, found.end)),
        "back": address_of(case, source, found.start, mark=pk),
        "memos": memos_typed(request, case),
    }
    bare = getattr(request, "htmx", False)
    return render(request, f"themes/tagging/{'here' if bare else 'passage_page'}.html", context)


def name_of(source: Source) -> str:
    return source.get_record_kind_display() if isinstance(source, Finding) else source.question.text


def of_theme(rows: list[Row], theme: Theme | None) -> list[Row]:
    """The rows of passages that carry a theme, with their other themes; all where none is named."""
    if theme is None:
        return rows
    places = {row[1:3] for row in rows if row[3] == theme.pk}
    return [row for row in rows if row[1:3] in places]


def pieces(
    case: Case,
    source: Source,
    second: SecondReading | None,
    rows: list[Row],
    names: dict[int, str],
    numbers: range,
    *,
    swap: bool = False,
) -> SafeString:
    """Parts of a text that follow one another, each in an element; with `swap` htmx puts it in its place."""
    cut = parts(source.text)[numbers.start : numbers.stop]
    pen = Pen(
        names=names,
        address=reverse("passage", args=[case.review.slug, case.public_id, 0]).removesuffix("0/"),
        looks=passages_to_look_at(source, second),
    )
    drawn = zip(numbers, cut, pen.parts(source.text, cut, rows), strict=True)
    begins = f'<span id="part-{source.public_id}-%s" data-start="%s"{SWAP if swap else ""}>'
    told = [f"{begins % (number, part.start)}{html}</span>" for number, part, html in drawn]
    return mark_safe("".join(told))  # nosec B308 B703  # numbers of ours, and what Pen escaped


def passages_at(
    source: Source, second: SecondReading | None, span: tuple[int, int] | None
) -> list[NumberedPassage]:
    """The passage at a place (or of the whole text) as its reader sees it, in a list of one or none."""
    start, end = span or (None, None)
    words = source.text[start:end]
    where = {kind_of(source): source, "start": start, "end": end}
    if second:
        own = list(SecondTag.objects.filter(reading=second, **where).select_related("theme").order_by("pk"))
        return [NumberedPassage(Apart(own[0].pk, start, end), None, words, own)] if own else []
    found = Passage.objects.filter(**where).first()
    if found is None:
        return []
    tags = Tag.objects.filter(passage=found).select_related("theme")
    return [NumberedPassage(found, None, words, list(tags.order_by("theme__strand", "theme__order", "pk")))]
