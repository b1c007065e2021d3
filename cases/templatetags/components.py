"""The parts that screens are made of: each tag draws one template of `templates/components/`.

State is always a word, and a shape where it repeats in a table; never a colour alone.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import slugify

from cases import words

register = template.Library()

ANSWERS = {"present": "Present", "absent": "Absent", "not known": "Not known"}

STATUS_COLOURS = {
    "secure": "green", "yes": "green", "selected": "green", "done": "green", "strength": "green",
    "released": "green", "complete": "green", "verified": "green", "submitted": "green", "live": "green",
    "open": "yellow", "tie": "yellow", "reserve": "yellow", "invited": "yellow", "draft": "yellow",
    "in progress": "yellow", "could be better": "yellow", "to do": "yellow", "waiting": "yellow",
    "out": "grey", "no": "grey", "not selected": "grey", "unavailable": "grey", "declined": "grey",
    "withdrawn": "grey", "retired": "grey", "ended": "grey", "not started": "grey", "closed": "grey",
    "agreed": "blue", "key": "blue", "of interest": "grey", "required": "grey", "expected": "blue",
    "beyond": "purple", "refused": "red", "overdue": "red", "blocked": "red",
}  # fmt: skip
"""Colour of the tag of each state; a state not listed is blue."""


@register.simple_tag
def answer(value: str, short: bool = False) -> SafeString:
    """`{% answer "present" %}`: shape and word; `short=True` sets it smaller, for the cells of a table."""
    return _answer(value if value in ANSWERS else "not known", short)


@lru_cache
def _answer(name: str, short: bool) -> SafeString:
    context = {"name": name, "word": ANSWERS[name], "slug": slugify(name), "short": short}
    return render_to_string("components/answer.html", context)


@register.simple_tag
def status(value: str, word: str = "", colour: str = "") -> SafeString:
    """`{% status "tie" %}`, `{% status "open" word="Could go either way" %}`: a state in words, as a tag."""
    text = word or value.replace("-", " ")
    return _status(text[:1].upper() + text[1:], colour or STATUS_COLOURS.get(value.replace("-", " "), "blue"))


@lru_cache(maxsize=256)
def _status(word: str, colour: str) -> SafeString:
    """Drawn once for the hundreds that a page shows."""
    return render_to_string("components/status.html", {"word": word, "colour": colour})


@register.inclusion_tag("components/matrix_cell.html")
def matrix_cell(
    value: str, *, verified: bool = False, decisive: bool = False, note: str = ""
) -> dict[str, object]:
    """`{% matrix_cell "absent" verified=True %}`: one `<td>` of the table of cases and characteristics."""
    return {"value": value, "verified": verified, "decisive": decisive, "note": note}


@register.simple_tag
def count_of(some: int, total: int, things: str = "") -> str:
    """`{% count_of 5 6 "social workers" %}` → "5 of the 6 social workers"; "all 6", "none of the 6"."""
    tail = f" {things}" if things else ""
    if total and some == total:
        return f"all {total}{tail}"
    return f"{some or 'none'} of the {total}{tail}"


@register.inclusion_tag("components/progress.html")
def progress(done: int, total: int, things: str) -> dict[str, object]:
    """`{% progress 2 3 "cases submitted" %}` → "2 of 3 cases submitted" over a bar."""
    share = min(max(done, 0), total) / total if total else 0
    return {"done": done, "total": total, "things": things, "width": round(share * 100, 1)}


@register.inclusion_tag("components/range_bar.html")
def range_bar(low: int, high: int, total: int, minimum: int | None = None) -> dict[str, object]:
    """`{% range_bar 5 7 9 minimum=6 %}`: a count and how far it may rise; put the figures beside it."""
    step = 100 / total if total else 0
    return {
        "low": low,
        "high": high,
        "total": total,
        "low_width": round(low * step, 2),
        "open_width": round(max(high - low, 0) * step, 2),
        "minimum": minimum,
        "minimum_at": round(minimum * step, 2) if minimum is not None else None,
    }


@register.inclusion_tag("components/stage_line.html")
def stage_line(stages: Sequence[Mapping[str, Any]], label: str = "Stages of the review") -> dict[str, object]:
    """`{% stage_line stages %}`, stages: [{label, state: "done"|"current"|"ahead", url?}]."""
    return {"stages": stages, "label": label}


@register.inclusion_tag("components/task_list.html")
def task_list(tasks: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    """`{% task_list tasks %}`, tasks: [{title, url?, status, done?, hint?}], for tasks done in any order."""
    return {"tasks": tasks}


@register.inclusion_tag("components/section_nav.html")
def section_nav(items: Sequence[Mapping[str, Any]], label: str) -> dict[str, object]:
    """`{% section_nav items label="Parts of this case" %}`, items: [{label, url, current}]."""
    return {"items": items, "label": label}


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*labels_and_urls: str) -> dict[str, object]:
    """`{% breadcrumbs "Home" home_url review.title review_url %}`: pairs, without the page itself."""
    return {"crumbs": list(zip(labels_and_urls[::2], labels_and_urls[1::2], strict=True))}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(
    context: Context, page: Page[Any], label: str = "Pages", name: str = "page"
) -> dict[str, object]:
    """`{% pagination page_obj %}`: nothing on a single page; keeps the rest of the address's query."""
    request = context.get("request")
    query = request.GET.copy() if request else None

    def address(number: int) -> str:
        if query is None:
            return f"?{name}={number}"
        query[name] = str(number)
        return f"?{query.urlencode()}"

    links = [
        {
            "number": number,
            "url": address(number) if isinstance(number, int) else "",
            "current": number == page.number,
        }
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
    return {
        "page": page,
        "label": label,
        "links": links,
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
    }


@register.simple_tag
def page_suffix(page: Page[Any] | None) -> str:
    """For the title: " (page 2 of 9)", or nothing on a single page."""
    return (
        f" (page {page.number} of {page.paginator.num_pages})"
        if page and page.paginator.num_pages > 1
        else ""
    )


def block(name: str, content: str, **context: object) -> SafeString:
    return render_to_string(f"components/{name}.html", {"content": content, **context})


@register.simple_block_tag
def summary_list(content: str, compact: bool = False) -> SafeString:
    """`{% summary_list %}{% row "Name" %}…{% endrow %}{% endsummary_list %}`"""
    return block("summary_list", content, compact=compact)


@register.simple_block_tag
def row(content: str, key: str, change_url: str = "", change_text: str = "Change") -> SafeString:
    """`{% row "Assessment date" change_url=url %}5 March 2021{% endrow %}`, inside a summary list."""
    return block("summary_row", content, key=key, change_url=change_url, change_text=change_text)


@register.simple_block_tag
def scroll_table(content: str, label: str, tall: bool = False) -> SafeString:
    """`{% scroll_table label="Cases by rank" %}<table>…</table>{% endscroll_table %}`

    Scrolls by itself, by keyboard too; its head and first column stay in sight.
    `tall=True` limits its height to the window, so that the head stays while rows scroll.
    """
    return block("scroll_table", content, label=label, tall=tall)


@register.simple_block_tag
def inset(content: str) -> SafeString:
    """`{% inset %}What not to enter{% endinset %}`"""
    return block("inset", content)


@register.simple_block_tag
def warning(content: str) -> SafeString:
    """`{% warning %}Confirming cannot be undone without a reason.{% endwarning %}`"""
    return block("warning", content)


@register.simple_block_tag
def details(content: str, summary: str, is_open: bool = False) -> SafeString:
    """`{% details "What counts as present" %}…{% enddetails %}`"""
    return block("details", content, summary=summary, is_open=is_open)


@register.simple_block_tag
def empty_state(content: str, title: str, level: int = 2) -> SafeString:
    """`{% empty_state "No cases yet" %}What will be here and how to start.{% endempty_state %}`"""
    return block("empty_state", content, title=title, heading=f"h{level}")


@register.simple_block_tag
def confirmation_panel(content: str, title: str) -> SafeString:
    """`{% confirmation_panel "Case submitted" %}Your reference …{% endconfirmation_panel %}`: with the h1."""
    return block("confirmation_panel", content, title=title)


@register.simple_block_tag
def next_steps(content: str, title: str = "") -> SafeString:
    """`{% next_steps "What to do next" %}…{% endnext_steps %}`: buttons and links in a row."""
    return block("next_steps", content, title=title)


@register.simple_block_tag
def stats(content: str) -> SafeString:
    """`{% stats %}{% stat "Cases submitted" "7 of 12" url=… %}{% endstats %}`"""
    return block("stats", content)


@register.inclusion_tag("components/stat.html")
def stat(label: str, value: object, note: str = "", url: str = "") -> dict[str, object]:
    """One figure with its label, inside `{% stats %}`."""
    return {"label": label, "value": value, "note": note, "url": url}


@register.simple_tag
def share(part: float) -> str:
    """`{% share 0.375 %}` → "38%"; what is neither nothing nor all is never rounded to it."""
    if part <= 0 or part >= 1:
        return f"{min(max(part, 0), 1):.0%}"
    return f"{min(max(round(part * 100), 1), 99)}%"


@register.filter
def ordinal(number: int) -> str:
    """`{{ 6|ordinal }}` → "sixth"."""
    return words.ordinal(number)
