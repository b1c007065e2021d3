"""Texts and their passages by the dozen, each drawn from the pattern of its template (cases.patterns)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.template import Context
from django.template.defaultfilters import truncatewords
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from cases.dates import day, moment
from cases.patterns import pattern
from cases.templatetags.addresses import Addresses
from cases.templatetags.components import status
from themes.long_texts import MARKS
from themes.models import Expectation, Finding, InterviewNote, Passage, Source, Theme
from themes.reading import MarkedSegment, MarkedText, NumberedPassage, TaggedTheme

register = template.Library()

PASSAGE_GAPS = (
    "pk", "number", "words", "place", "themes", "csrf_token",
    "look_done_url", "quotable_url", "memo_url", "memo_begun", "memo",
    "draft_url", "draft_said", "draft_token", "draft_revision", "draft_words",
)  # fmt: skip
THEME_GAPS = ("name", "slug", "url", "place", "csrf_token")
TEXT_GAPS = (
    "id", "title", "name", "said", "statuses", "asked_as", "words", "passages", "by", "at", "number", "signs",
    "tag_url", "read_url", "versions_url", "change_url", "delete_url",
)  # fmt: skip
PANEL_GAPS = ("slug", "name", "number")
EXPECTATIONS = dict(Expectation.choices)
QUOTE_GAPS = ("words", "where", "url", "id", "letter", "begun", "memo")
LINK = (
    '<a class="house-mark__number" data-outside id="mark-%(pk)s" href="#passage-%(pk)s"'
    ' aria-label="Passage %(number)s: %(themes)s">%(number)s</a>'
)
# Themes have keys of their own as far as there are digits.
KEYS = 9


@register.simple_tag(takes_context=True)
def marked_text(context: Context, text: MarkedText, level: int = 0) -> SafeString:
    """`{% marked_text text level=4 %}`: a finding or note, its words with the passages marked, and the themes
    of each beside them. Context: case, may_write, second, memos; problem and undo where it answers a tag.
    """
    source, longer, may_write = text.source, text.longer, bool(context.get("may_write"))
    address = addresses_of(context)
    said = ""
    if context.get("problem") or context.get("undo"):
        said = render_to_string("themes/tagging/said.html", {**flat(context), "source": source})
    values: dict[str, object] = {
        "id": source.public_id,
        "name": text.name,
        "said": said,
        "words": longer.opening if longer else words_of(text.segments),
        "passages": passages_beside(context, text.all_passages, source),
        "by": source.changed_by.name or source.changed_by.email,
        "at": moment(source.changed_at),
        "tag_url": address("passage_tag", source.public_id),
        "versions_url": address("text_history", source.public_id),
        "read_url": address("text_read", source.public_id),
    }
    if longer:
        values |= {"number": intcomma(longer.passages), "signs": intcomma(longer.signs)}
    values |= of_finding(source, address) if isinstance(source, Finding) else of_note(source, address)
    return pattern(
        "themes/tagging/text.html",
        TEXT_GAPS,
        kind=text.kind,
        level=level or (4 if text.kind == "finding" else 3),
        may_write=may_write,
        saved_again=source.revision > 1,
        reworded=isinstance(source, InterviewNote) and source.asked_as != source.question.text,
        is_answer=bool(said),
        longer=longer is not None,
        one=longer is not None and longer.passages == 1,
        is_tagged=text.is_tagged,
    ).filled(values)


def addresses_of(context: Context) -> Addresses:
    """Of texts and passages of the page's case, the same for all of them."""
    case = context["case"]
    kept: Any = context.render_context
    key = f"addresses of {case.public_id}"
    found: Addresses = kept.get(key) or kept.setdefault(key, Addresses(case.review.slug, case.public_id))
    return found


def flat(context: Context) -> dict[str, Any]:
    return {str(name): value for name, value in context.flatten().items()}


def of_finding(source: Finding, address: Addresses) -> dict[str, object]:
    at = source.record_date
    return {
        "title": f"Record of {day(at)}" if at else "Record without a date",
        "statuses": mark_safe(  # nosec B308 B703  # two tags that are HTML already
            f"{status(source.expectation, word=EXPECTATIONS[source.expectation])} {status(source.quality)}"
        ),
        "change_url": address("finding_change", source.public_id),
        "delete_url": address("finding_delete", source.public_id),
    }


def of_note(source: InterviewNote, address: Addresses) -> dict[str, object]:
    return {
        "title": source.question.text,
        "asked_as": source.asked_as,
        "change_url": address("interview_note", source.question_id),
    }


def words_of(segments: Iterable[MarkedSegment]) -> SafeString:
    """A text with its passages marked and numbered."""
    pieces: list[str] = []
    for segment in segments:
        words = escape(segment.text)
        if segment.depth:
            links = map(link_of, segment.begins)
            pieces += (MARKS[segment.depth, segment.needs_look], *links, words, "</mark>")
        else:
            pieces.append(words)
    return mark_safe("".join(pieces))  # nosec B308 B703  # all text in it is escaped


def link_of(item: NumberedPassage) -> str:
    themes = ", ".join(escape(tag.theme.name) for tag in item.tags)
    return LINK % {"pk": item.passage.pk, "number": item.number, "themes": themes}


@register.simple_tag(takes_context=True)
def passages(context: Context, items: Iterable[NumberedPassage]) -> SafeString:
    """`{% passages here %}`: each with its themes and what can be done about it, as list items.

    Context: case, source, may_write, second, memos (what was typed into memos and not saved).
    """
    return passages_beside(context, items, context["source"])


def passages_beside(context: Context, items: Iterable[NumberedPassage], source: Source) -> SafeString:
    may_write, second = bool(context.get("may_write")), bool(context.get("second"))
    address = addresses_of(context)
    common = {"csrf_token": str(context.get("csrf_token", ""))}
    agreed = isinstance(source, Finding) or source.interview.quoting_agreed is True
    memos: Any = context.get("memos", {})
    drawn = []
    for item in items:
        passage, place = item.passage, item.place
        values: dict[str, object] = {**common, "pk": passage.pk, "number": item.number, "place": place}
        if second:
            themes = [second_theme(tag, address, may_write, values) for tag in item.tags]
        else:
            values["url"] = address("passage_untag", passage.pk)
            themes = [theme_of(tag.theme, may_write, values) for tag in item.tags]
        values["themes"] = mark_safe("\n    ".join(themes))  # nosec B308 B703  # what patterns gave
        values["words"] = "" if item.is_whole else truncatewords(item.words, 9 if item.number else 60)
        told = {"quotable": False, "has_memo": False, "has_draft": False}
        if isinstance(passage, Passage):
            told = {"quotable": passage.quotable, "has_memo": bool(passage.memo)}
            values |= of_passage(passage, address)
            typed = memos.get(passage.pk) if may_write and not second else None
            told["has_draft"] = typed is not None
            if typed:
                values |= of_typed(typed, passage, place, address, values)
        drawn.append(
            pattern(
                "themes/tagging/passage.html",
                PASSAGE_GAPS,
                shape="numbered" if item.number else "whole" if item.is_whole else "words",
                needs_look=passage.needs_look,
                may_write=may_write,
                second=second,
                agreed=agreed,
                **told,
            ).filled(values)
        )
    return mark_safe("".join(drawn))  # nosec B308 B703  # what patterns gave


def of_passage(passage: Passage, address: Addresses) -> dict[str, object]:
    return {
        "look_done_url": address("passage_look_done", passage.pk),
        "quotable_url": address("passage_quotable", passage.pk),
        "memo_url": address("passage_memo", passage.pk),
        "memo_begun": truncatewords(passage.memo, 12) if passage.memo else "",
        "memo": passage.memo,
        "draft_url": address("writing_draft", "memo", passage.pk),
    }


def of_typed(
    typed: Any, passage: Passage, place: str, address: Addresses, values: Mapping[str, object]
) -> dict[str, object]:
    """What stands in a memo that was typed and not saved (a TypedMemo of themes.views.drafting)."""
    back = f"{address('case')}#passage-{passage.pk}"
    told = {"typed": typed, "memo": passage.memo, "place": place, "back": back}
    said = render_to_string("themes/tagging/memo_typed.html", {**told, "csrf_token": values["csrf_token"]})
    draft = typed.draft
    return {
        "draft_said": said,
        "draft_token": draft.token,
        "draft_revision": draft.revision,
        "draft_words": typed.words,
    }


def theme_of(
    theme: TaggedTheme | Theme, may_remove: bool, values: Mapping[str, object], *, second: bool = False
) -> str:
    drawn = pattern(
        "themes/tagging/passage_theme.html",
        THEME_GAPS,
        retired=theme.retired_at is not None,
        may_remove=may_remove,
        second=second,
    )
    return drawn.filled({**values, "name": theme.name, "slug": theme.slug})


def second_theme(tag: Any, address: Addresses, may_remove: bool, values: Mapping[str, object]) -> str:
    """A tag of a second reading, which is taken off by itself."""
    own = {**values, "url": address("second_untag", tag.pk)}
    return theme_of(tag.theme, may_remove, own, second=True)


@register.simple_tag(takes_context=True)
def panel_themes(context: Context, themes: Iterable[Theme]) -> SafeString:
    """`{% panel_themes themes %}`: the themes of a strand at hand, as list items, the first with keys."""
    may_write = bool(context.get("may_write"))
    drawn = [
        pattern(
            "themes/tagging/panel_theme.html",
            PANEL_GAPS,
            sub=theme.parent_id is not None,
            may_write=may_write,
            has_key=number <= KEYS,
        ).filled({"slug": theme.slug, "name": theme.name, "number": number})
        for number, theme in enumerate(themes, start=1)
    ]
    return mark_safe("\n    ".join(drawn))  # nosec B308 B703  # what patterns gave


@register.simple_tag(takes_context=True)
def quoted(context: Context, items: Iterable[Passage]) -> SafeString:
    """`{% quoted entry.passages %}`: passages away from their text, each with where it comes from.

    Context: review. The passages are read `with_source`.
    """
    address, drawn = Addresses(context["review"].slug), []
    for passage in items:
        of_passage = pattern(
            "themes/codebook/passage.html",
            QUOTE_GAPS,
            quotable=passage.quotable,
            needs_look=passage.needs_look,
            has_memo=bool(passage.memo),
        )
        words = passage.words
        values = {
            "words": words,
            "where": where_of(passage.source),
            "url": address("case", passage.case.public_id),
            "id": passage.source.public_id,
            "letter": passage.case.letter,
            "begun": truncatewords(words, 6),
            "memo": passage.memo,
        }
        drawn.append(of_passage.filled(values))
    return mark_safe("".join(drawn))  # nosec B308 B703  # what patterns gave


def where_of(source: Source) -> str:
    """ "Agency check, 14 April 2021", or the question that was asked."""
    if isinstance(source, InterviewNote):
        return f"Interview: {source.question.text}"
    dated = f", {day(source.record_date)}" if source.record_date else ""
    return f"{source.get_record_kind_display()}{dated}"
