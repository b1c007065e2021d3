"""Tagging a text: by the words selected in the page, by sentence, or as a whole."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cases.errors import Refused
from cases.models import Case
from cases.views.access import person
from themes.actions import passages, second_reading
from themes.forms.tagging import PassageForm, SelectionForm, theirs_of
from themes.models import Passage, SecondTag, Source, Theme
from themes.reading import drawn_apart, marked
from themes.second_readings import reading_hidden_from
from themes.views.access import WRITE, address_of, load_selected_case, load_text, load_theme
from themes.views.saving import save, status_of


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


@require_http_methods(["GET", "POST"])
def passage_tag(request: HttpRequest, review_slug: str, public_id: str, text_id: str) -> HttpResponse:
    """The text with its sentences to choose from; a POST by htmx brings the words selected in the page."""
    case = load_selected_case(request, review_slug, public_id, WRITE)
    source = load_text(case, text_id)
    second = reading_hidden_from(person(request), case)
    if getattr(request, "htmx", False):
        return tag_selection(request, case, source)
    themes = list(Theme.objects.of(case.review).in_use().select_related("parent").in_codebook_order())
    form = PassageForm(request.POST or None, source=source, themes=themes)
    if request.method == "POST" and form.is_valid():
        span = form.cleaned_data["sentences"]
        chosen = {
            "source": source,
            "themes": form.cleaned_data["themes"],
            "start": span.start if span else None,
            "end": span.end if span else None,
            "by": person(request),
        }
        tagged = save(
            form,
            lambda: (
                second_reading.tag(**chosen)
                if second
                else passages.tag(**chosen, revision=form.cleaned_data["revision"])
            ),
            lambda: theirs_of(load_text(case, text_id)),
        )
        if tagged:
            messages.info(request, "The passage has been tagged.")
            return redirect(address_of(case, source))
    text = drawn_apart(second)(source) if second else marked(source)
    context = {"case": case, "text": text, "form": form, "may_write": True}
    return render(request, "themes/tagging/page.html", context, status=status_of(form))


def tag_selection(request: HttpRequest, case: Case, source: Source) -> HttpResponse:
    """Tag the selected words; the answer is the text as it now stands, with what went wrong above it."""
    form = SelectionForm(request.POST)
    if not form.is_valid():
        return text_block(
            request, case, source, problem="Select some words, then choose a theme.", status=422
        )
    theme = load_theme(case.review, form.cleaned_data["theme"])
    selected = {name: form.cleaned_data[name] for name in ("start", "end", "words")}
    if reading_hidden_from(person(request), case):
        return answer(
            request,
            case,
            source,
            lambda: second_reading.tag(source=source, themes=[theme], **selected, by=person(request)),
        )
    return answer(
        request,
        case,
        source,
        lambda: TagUndo(passages.tag(source=source, themes=[theme], **selected, by=person(request)), theme),
    )


@require_POST
def passage_untag(request: HttpRequest, review_slug: str, public_id: str, pk: int) -> HttpResponse:
    case, passage = load_passage(request, review_slug, public_id, pk)
    theme = Theme.objects.of(case.review).filter(slug=request.POST.get("theme", "")).first()

    def untag() -> "UntagUndo | None":
        words, start, end = passage.words, passage.start, passage.end
        passages.untag(passage=passage, theme=theme, by=person(request))
        return UntagUndo(theme, start, end, words) if theme and theme.retired_at is None else None

    return answer(request, case, passage.source, untag)


@require_POST
def second_untag(request: HttpRequest, review_slug: str, public_id: str, pk: int) -> HttpResponse:
    """Take a tag of one's own second reading off."""
    case = load_selected_case(request, review_slug, public_id, WRITE)
    of_case = SecondTag.objects.filter(reading__case=case).select_related("reading__case", "finding", "note")
    tag = get_object_or_404(of_case, pk=pk)
    source = load_text(case, tag.source.public_id)
    return answer(request, case, source, lambda: second_reading.untag(second_tag=tag, by=person(request)))


@require_POST
def passage_quotable(request: HttpRequest, review_slug: str, public_id: str, pk: int) -> HttpResponse:
    case, passage = load_passage(request, review_slug, public_id, pk)
    quotable = request.POST.get("quotable") == "yes"
    return answer(
        request,
        case,
        passage.source,
        lambda: passages.mark_quotable(passage=passage, quotable=quotable, by=person(request)),
    )


@require_POST
def passage_memo(request: HttpRequest, review_slug: str, public_id: str, pk: int) -> HttpResponse:
    case, passage = load_passage(request, review_slug, public_id, pk)
    memo, seen = request.POST.get("memo", ""), request.POST.get("seen", "")
    return answer(
        request,
        case,
        passage.source,
        lambda: passages.write_memo(passage=passage, memo=memo, seen=seen, by=person(request)),
    )


@require_POST
def passage_look_done(request: HttpRequest, review_slug: str, public_id: str, pk: int) -> HttpResponse:
    case, passage = load_passage(request, review_slug, public_id, pk)
    return answer(
        request, case, passage.source, lambda: passages.look_done(passage=passage, by=person(request))
    )


def load_passage(request: HttpRequest, review_slug: str, public_id: str, pk: int) -> tuple[Case, Passage]:
    """A passage of this case; the case and passage as they are now."""
    case = load_selected_case(request, review_slug, public_id, WRITE)
    return case, get_object_or_404(Passage.objects.with_source(), case=case, pk=pk)


def answer(request: HttpRequest, case: Case, source: Source, act: Callable[[], Any]) -> HttpResponse:
    """Do it, and show the text again: the block alone to htmx, else the page of the case at its place."""
    problem, done = "", None
    try:
        done = act()
    except Refused as refusal:
        problem = str(refusal)
    if getattr(request, "htmx", False):
        undo = done if isinstance(done, TagUndo | UntagUndo) else None
        return text_block(request, case, source, problem=problem, status=409 if problem else 200, undo=undo)
    if problem:
        messages.warning(request, problem)
    return redirect(address_of(case, source))


def text_block(
    request: HttpRequest,
    case: Case,
    source: Source,
    *,
    problem: str,
    status: int,
    undo: TagUndo | UntagUndo | None = None,
) -> HttpResponse:
    now = load_text(case, source.public_id)
    second = reading_hidden_from(person(request), case)
    context = {
        "case": case,
        "text": drawn_apart(second)(now) if second else marked(now),
        "second": second,
        "may_write": True,
        "problem": problem,
        "undo": undo,
    }
    return render(request, "themes/tagging/text.html", context, status=status)
