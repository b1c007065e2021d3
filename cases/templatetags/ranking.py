"""The rows of the selection page, each drawn from the pattern of its template (cases.patterns)."""

from django import template
from django.template import Context
from django.template.defaultfilters import floatformat
from django.utils.safestring import SafeString, mark_safe

from cases import words
from cases.dates import day
from cases.patterns import pattern
from cases.templatetags.addresses import Addresses
from cases.templatetags.components import status

register = template.Library()

ROW_GAPS = (
    "rank", "answers_url", "reference", "ordinal", "district", "lowest", "characteristics", "range",
    "closeness", "standing", "suggested", "outcome", "decide_url", "cells",
)  # fmt: skip
BAR_GAPS = ("y", "label_x", "label", "start_x", "sure", "open_from", "open")
DECISIVE_GAPS = (
    "answers_url", "reference", "district", "name", "asked_on", "ask_url", "slug", "csrf_token",
)  # fmt: skip


@register.simple_tag(takes_context=True)
def ranking_rows(context: Context) -> SafeString:
    """`{% ranking_rows %}`. Context: review, ranking, rows (TableRow), index, progress, what_if."""
    address, ranking = Addresses(context["review"].slug), context["ranking"]
    has_closeness, saved = bool(context["index"].number), not context["what_if"].differs
    may_decide = context["progress"].may_decide and saved
    characteristics = len(ranking.lines)
    drawn = []
    for row in context["rows"]:
        ranked = row.ranked
        key = ranked.case.public_id
        values = {
            "rank": ranked.rank,
            "answers_url": address("case_answers", key),
            "reference": ranked.case.reference,
            "ordinal": words.ordinal(ranked.rank),
            "district": ranked.district,
            "lowest": ranked.lowest,
            "characteristics": characteristics,
            "range": row.range,
            "closeness": "–" if row.closeness is None else floatformat(row.closeness, 2),
            "standing": status(ranked.standing),
            "suggested": status(ranked.suggested),
            "outcome": status(row.outcome) if row.outcome else "",
            "decide_url": address("selection_decide", key),
            "cells": mark_safe("".join(row.cells)),  # nosec B308 B703  # each was drawn by a template
        }
        told = {"is_decided": bool(row.outcome), "departs": row.again and saved}
        of_row = pattern(
            "cases/selection/row.html",
            ROW_GAPS,
            has_closeness=has_closeness,
            may_decide=may_decide,
            **told,
        )
        drawn.append(of_row.filled(values))
    return mark_safe("".join(drawn))  # nosec B308 B703  # what patterns gave


@register.simple_tag(takes_context=True)
def chart_bars(context: Context) -> SafeString:
    """`{% chart_bars %}`. Context: chart (CountChart)."""
    chart = context["chart"]
    drawn = [
        pattern(
            "cases/selection/bar.html", BAR_GAPS, has_sure=bool(bar.sure), has_open=bool(bar.open)
        ).filled(
            {
                "y": bar.y,
                "label": bar.label,
                "label_x": chart.label_x,
                "start_x": chart.start_x,
                "sure": bar.sure,
                "open_from": bar.open_from,
                "open": bar.open,
            }
        )
        for bar in chart.bars
    ]
    return mark_safe("".join(drawn))  # nosec B308 B703  # what patterns gave


@register.simple_tag(takes_context=True)
def decisive_rows(context: Context) -> SafeString:
    """`{% decisive_rows %}`. Context: review, ranking, progress, attention."""
    address = Addresses(context["review"].slug)
    may_ask = context["progress"].may_correct and context["ranking"].is_current
    token = str(context.get("csrf_token", ""))
    drawn = []
    for each in context["attention"].decisive:
        case = each.row.case
        of_case = {
            "answers_url": address("case_answers", case.public_id),
            "ask_url": address("case_ask", case.public_id),
            "reference": case.reference,
            "district": each.row.district,
            "csrf_token": token,
        }
        for line, question in each.unknowns:
            asked_on = day(question.asked_at) if question else ""
            of_row = pattern(
                "cases/selection/decisive_row.html",
                DECISIVE_GAPS,
                is_asked=question is not None,
                may_ask=may_ask,
            )
            own = {"name": line.name, "slug": line.characteristic.slug, "asked_on": asked_on}
            drawn.append(of_row.filled({**of_case, **own}))
    return mark_safe("".join(drawn))  # nosec B308 B703  # what patterns gave
