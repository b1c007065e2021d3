"""Tagging a text: by the words selected in the page, by sentence, or as a whole."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cases.errors import Refused
from cases.models import Case
from cases.views.access import load_review, person
from themes.actions import passages, second_reading
from themes.actions.opening import TagsApart
from themes.coding.parts import is_long, parts
from themes.coding.passages import Passage as Span
from themes.forms.tagging import PassageForm, SelectionForm, theirs_of
from themes.models import Passage, SecondTag, Source, Theme, WritingKind
from themes.reading import drawing
from themes.second_readings import reading_hidden_from
from themes.views.access import WRITE, address_of, load_selected_case, load_text, load_theme
from themes.views.drafting import end_draft, keep_as_draft
from themes.views.saving import save, status_of
from themes.views.tag_answers import WHOLE, Drawn, Place, TagUndo, UntagUndo, answer, asked_by_itself

NOTHING_SELECTED = "Select some words, then choose a theme."


@require_http_methods(["GET", "POST"])
def passage_tag(request: HttpRequest, review_slug: str, public_id: str, text_id: str) -> HttpResponse:
    """The text with its sentences to choose from; a POST by htmx brings the words selected in the page."""
    if getattr(request, "htmx", False):
        return tag_selection(request, review_slug, public_id, text_id)
    case = load_selected_case(request, review_slug, public_id, WRITE)
    second = reading_hidden_from(person(request), case)
    source = load_text(case, text_id)
    themes = list(Theme.objects.of(case.review).in_use().select_related("parent").in_codebook_order())
    page = page_of_sentences(request, source)
    form = PassageForm(request.POST or None, source=source, themes=themes, within=page.object_list[0])
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
            return redirect(address_of(case, source, chosen["start"]))
    text = drawing([source], second)(source)
    context = {"case": case, "text": text, "form": form, "may_write": True, "page": page}
    return render(request, "themes/tagging/page.html", context, status=status_of(form))


def page_of_sentences(request: HttpRequest, source: Source) -> Page[Span]:
    """The part of a text whose sentences are offered: all of it unless it is long."""
    cut = parts(source.text) if is_long(source.text) else [Span(0, len(source.text))]
    return Paginator(cut, 1).get_page(request.GET.get("page"))


def tag_selection(request: HttpRequest, review_slug: str, public_id: str, text_id: str) -> HttpResponse:
    """Tag the selected words; the answer is the text as it now stands, with what went wrong above it."""
    form = SelectionForm(request.POST)
    if not form.is_valid():
        return refusal(request, review_slug, public_id, text_id, WHOLE, NOTHING_SELECTED)
    review, _ = load_review(request, review_slug, WRITE)
    selected = form.cleaned_data
    span = selected["start"], selected["end"]
    try:
        passage, theme = passages.tag_words(
            review=review, case=public_id, text=text_id, **selected, by=person(request)
        )
    except TagsApart:
        return tag_apart(request, review_slug, public_id, text_id, selected)
    except Refused as refused:
        return refusal(request, review_slug, public_id, text_id, span, str(refused))
    at = Drawn(passage.case, passage.source, span, second=None)
    return answer(request, at, lambda: TagUndo(passage, theme))


def tag_apart(
    request: HttpRequest, review_slug: str, public_id: str, text_id: str, selected: dict[str, Any]
) -> HttpResponse:
    """The same for the second reader of a case."""
    case = load_selected_case(request, review_slug, public_id, WRITE)
    source, theme = load_text(case, text_id), load_theme(case.review, selected["theme"])
    at = Drawn(case, source, (selected["start"], selected["end"]), reading_hidden_from(person(request), case))
    where = {name: selected[name] for name in ("start", "end", "words")}

    def tag() -> None:
        second_reading.tag(source=source, themes=[theme], **where, by=person(request))

    return answer(request, at, tag)


def refusal(
    request: HttpRequest, review_slug: str, public_id: str, text_id: str, span: Place, why: str
) -> HttpResponse:
    """The text as it is, with why it was not tagged above it."""
    case = load_selected_case(request, review_slug, public_id, WRITE)
    at = Drawn(case, load_text(case, text_id), span, reading_hidden_from(person(request), case))

    def refuse() -> None:
        raise Refused(why)

    return answer(request, at, refuse)


@require_POST
def passage_untag(request: HttpRequest, review_slug: str, public_id: str, pk: int) -> HttpResponse:
    case, passage = load_passage(request, review_slug, public_id, pk)
    theme = Theme.objects.of(case.review).filter(slug=request.POST.get("theme", "")).first()

    def untag() -> "UntagUndo | None":
        words, start, end = passage.words, passage.start, passage.end
        passages.untag(passage=passage, theme=theme, by=person(request))
        return UntagUndo(theme, start, end, words) if theme and theme.retired_at is None else None

    return answer(request, drawn_at(request, case, passage), untag)


@require_POST
def second_untag(request: HttpRequest, review_slug: str, public_id: str, pk: int) -> HttpResponse:
    """Take a tag of one's own second reading off."""
    case = load_selected_case(request, review_slug, public_id, WRITE)
    of_case = SecondTag.objects.filter(reading__case=case).select_related("reading__case", "finding", "note")
    tag = get_object_or_404(of_case, pk=pk)
    return answer(
        request,
        drawn_at(request, case, tag),
        lambda: second_reading.untag(second_tag=tag, by=person(request)),
    )


@require_POST
def passage_quotable(request: HttpRequest, review_slug: str, public_id: str, pk: int) -> HttpResponse:
    case, passage = load_passage(request, review_slug, public_id, pk)
    quotable = request.POST.get("quotable") == "yes"
    return answer(
        request,
        drawn_at(request, case, passage),
        lambda: passages.mark_quotable(passage=passage, quotable=quotable, by=person(request)),
    )


@require_POST
def passage_memo(request: HttpRequest, review_slug: str, public_id: str, pk: int) -> HttpResponse:
    case, passage = load_passage(request, review_slug, public_id, pk)
    return answer(
        request, drawn_at(request, case, passage), lambda: save_memo(request, case, passage, str(pk))
    )


def save_memo(request: HttpRequest, case: Case, passage: Passage, target: str) -> None:
    """Where it is refused and drawn again, what was typed is kept as a draft, which is then shown."""
    memo, seen = request.POST.get("memo", ""), request.POST.get("seen", "")
    try:
        passages.write_memo(passage=passage, memo=memo, seen=seen, by=person(request))
    except Refused:
        if Passage.objects.filter(pk=passage.pk).exists() and not asked_by_itself(request):
            keep_as_draft(request, case, WritingKind.MEMO, target)
        raise
    end_draft(request, case, WritingKind.MEMO, target)


@require_POST
def passage_look_done(request: HttpRequest, review_slug: str, public_id: str, pk: int) -> HttpResponse:
    case, passage = load_passage(request, review_slug, public_id, pk)
    return answer(
        request,
        drawn_at(request, case, passage),
        lambda: passages.look_done(passage=passage, by=person(request)),
    )


def drawn_at(request: HttpRequest, case: Case, passage: Passage | SecondTag) -> Drawn:
    """Where the page changes when something is done about a passage."""
    second = reading_hidden_from(person(request), case)
    return Drawn(case, passage.source, (passage.start, passage.end), second)


def load_passage(request: HttpRequest, review_slug: str, public_id: str, pk: int) -> tuple[Case, Passage]:
    """A passage of this case; the case and passage as they are now."""
    case = load_selected_case(request, review_slug, public_id, WRITE)
    return case, get_object_or_404(Passage.objects.with_source(), case=case, pk=pk)
