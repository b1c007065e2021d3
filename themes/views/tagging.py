"""Tagging a text: by the words selected in the page, by sentence, or as a whole."""

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cases.errors import Refused
from cases.models import Case
from cases.views.access import person
from themes.actions import passages, second_reading
from themes.coding.parts import is_long, parts
from themes.coding.passages import Passage as Span
from themes.forms.tagging import PassageForm, SelectionForm, theirs_of
from themes.models import Passage, SecondReading, SecondTag, Source, Theme
from themes.reading import drawn_apart, marked
from themes.second_readings import reading_hidden_from
from themes.views.access import WRITE, address_of, load_selected_case, load_text, load_theme
from themes.views.saving import save, status_of
from themes.views.tag_answers import WHOLE, Drawn, TagUndo, UntagUndo, answer


@require_http_methods(["GET", "POST"])
def passage_tag(request: HttpRequest, review_slug: str, public_id: str, text_id: str) -> HttpResponse:
    """The text with its sentences to choose from; a POST by htmx brings the words selected in the page."""
    case = load_selected_case(request, review_slug, public_id, WRITE)
    second = reading_hidden_from(person(request), case)
    if getattr(request, "htmx", False):
        return tag_selection(request, case, load_text(case, text_id, bare=True), second)
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
    text = drawn_apart(second)(source) if second else marked(source)
    context = {"case": case, "text": text, "form": form, "may_write": True, "page": page}
    return render(request, "themes/tagging/page.html", context, status=status_of(form))


def page_of_sentences(request: HttpRequest, source: Source) -> Page[Span]:
    """The part of a text whose sentences are offered: all of it unless it is long."""
    cut = parts(source.text) if is_long(source.text) else [Span(0, len(source.text))]
    return Paginator(cut, 1).get_page(request.GET.get("page"))


def tag_selection(
    request: HttpRequest, case: Case, source: Source, second: SecondReading | None
) -> HttpResponse:
    """Tag the selected words; the answer is the text as it now stands, with what went wrong above it."""
    form = SelectionForm(request.POST)

    def tag() -> TagUndo | None:
        if not form.is_valid():
            raise Refused("Select some words, then choose a theme.")
        selected = {name: form.cleaned_data[name] for name in ("start", "end", "words")}
        theme = load_theme(case.review, form.cleaned_data["theme"])
        if second:
            second_reading.tag(source=source, themes=[theme], **selected, by=person(request))
            return None
        return TagUndo(passages.tag(source=source, themes=[theme], **selected, by=person(request)), theme)

    span = (form.cleaned_data.get("start"), form.cleaned_data.get("end")) if form.is_valid() else WHOLE
    return answer(request, Drawn(case, source, span, second), tag)


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
    memo, seen = request.POST.get("memo", ""), request.POST.get("seen", "")
    return answer(
        request,
        drawn_at(request, case, passage),
        lambda: passages.write_memo(passage=passage, memo=memo, seen=seen, by=person(request)),
    )


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
