"""What the page is given in answer to a tag: the text again, or of a text by itself what changed of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString

from cases.errors import Refused
from cases.models import Case
from themes.actions.attaching import TEXT_HAS_CHANGED
from themes.coding.parts import parts, touched
from themes.coding.passages import Passage as Span
from themes.long_texts import tag_rows
from themes.models import Passage, SecondReading, Source, Theme
from themes.reading import drawing, kind_of
from themes.views.access import address_of, load_text
from themes.views.drafting import memos_typed
from themes.views.reading import of_theme, passages_at, pieces

# Where a passage stands in its text; WHOLE for the whole of it.
Place = tuple[int | None, int | None]
WHOLE: Place = (None, None)
# A text by itself is not drawn again where nothing was done.
RELOAD = " Reload this page to see the text as it is now."


class TagUndo(NamedTuple):
    """A tag just attached: its passage and theme, to take it off again."""

    passage: Passage
    theme: Theme

    @property
    def tagged(self) -> bool:
        return True


class UntagUndo(NamedTuple):
    """A tag just taken off: what to tag again."""

    theme: Theme
    start: int | None
    end: int | None
    words: str

    @property
    def tagged(self) -> bool:
        return False


@dataclass(frozen=True)
class Drawn:
    """A place of a text as one reader sees it: whoever reads a case a second time, by that reading."""

    case: Case
    source: Source
    span: Place
    second: SecondReading | None

    def context(self, **more: Any) -> dict[str, Any]:
        return {"case": self.case, "source": self.source, "second": self.second, "may_write": True, **more}


def answer(request: HttpRequest, at: Drawn, act: Callable[[], Any]) -> HttpResponse:
    """Do it, and show the text again, or of a text by itself what changed; without htmx, the page."""
    problem, done = "", None
    try:
        done = act()
    except Refused as refusal:
        problem = str(refusal)
    if getattr(request, "htmx", False):
        undo = done if isinstance(done, TagUndo | UntagUndo) else None
        if asked_by_itself(request):
            return changed_pieces(request, at, problem=problem, undo=undo)
        return text_block(request, at, problem=problem, undo=undo)
    if problem:
        messages.warning(request, problem)
    return redirect(address_of(at.case, at.source, at.span[0]))


def asked_by_itself(request: HttpRequest) -> bool:
    """Whether the page shows this text alone: it may be large, so only what changed is drawn again."""
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and (htmx.target or "").startswith("said-")


def text_block(
    request: HttpRequest, at: Drawn, *, problem: str, undo: TagUndo | UntagUndo | None
) -> HttpResponse:
    now = load_text(at.case, at.source.public_id)
    text = drawing([now], at.second)(now)
    context = at.context(text=text, problem=problem, undo=undo, memos=memos_typed(request, at.case))
    return render(request, "themes/tagging/text_again.html", context, status=409 if problem else 200)


def changed_pieces(
    request: HttpRequest, at: Drawn, *, problem: str, undo: TagUndo | UntagUndo | None
) -> HttpResponse:
    """What came of it; then each piece of the page that it touched, which htmx puts in its place.

    The chosen passage is drawn again only where something was done about it.
    """
    memos = memos_typed(request, at.case)
    if problem == TEXT_HAS_CHANGED:
        problem += RELOAD
    context = at.context(text={"kind": kind_of(at.source)}, problem=problem, undo=undo, memos=memos)
    if not problem and at.span == WHOLE:
        context |= {"show_whole": True, "whole": passages_at(at.source, at.second, None)}
    elif not problem:
        start, end = place = done_at(undo, at.span)
        context["parts"] = parts_again(request, at, Span(start, end))
        if not isinstance(undo, TagUndo):
            context |= {"show_here": True, "here": passages_at(at.source, at.second, place)}
    return render(request, "themes/tagging/long_answer.html", context, status=409 if problem else 200)


def parts_again(request: HttpRequest, at: Drawn, span: Span) -> SafeString:
    """The parts of the text that a passage lies in, drawn again."""
    cut = parts(at.source.text)
    numbers = touched(cut, span.start, span.end)
    within = Span(cut[numbers[0]].start, cut[numbers[-1]].end)
    names = dict(Theme.objects.of(at.case.review).values_list("pk", "name"))
    only = request.GET.get("theme")
    theme = Theme.objects.of(at.case.review).filter(slug=only).first() if only else None
    rows = of_theme(tag_rows(at.source, at.second, within), theme)
    numbered = range(numbers[0], numbers[-1] + 1)
    return pieces(at.case, at.source, at.second, rows, names, numbered, swap=True)


def done_at(undo: TagUndo | UntagUndo | None, span: Place) -> tuple[int, int]:
    """Where the passage stands: white space at the edges of what was selected is left out."""
    start, end = (undo.passage.start, undo.passage.end) if isinstance(undo, TagUndo) else span
    assert start is not None  # nosec B101
    assert end is not None  # nosec B101
    return start, end
