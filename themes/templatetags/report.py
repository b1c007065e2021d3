"""Counts in words for the report's templates (rule 8)."""

from collections import Counter
from collections.abc import Iterable

from django import template

from cases.matching.proportions import Interval
from themes.coding import counting
from themes.models import ReportAcceptance

register = template.Library()


@register.simple_tag
def counted(count: int, noun: str, verb: str = "") -> str:
    """`{% counted 2 "case" "was" %}` → "2 cases were"."""
    agreeing = verb if count == 1 else counting.plural(verb) if verb in counting.IRREGULAR else verb
    return f"{counting.counted(count, noun)} {agreeing}".rstrip()


@register.simple_tag
def share(count: int, total: int, noun: str, start: bool = False) -> str:
    """`{% share 5 6 "case" %}` → "5 of the 6 cases"; `start=True` where a sentence begins with it."""
    words = counting.in_words(count, total, noun)
    return counting.sentence_start(words) if start else words


@register.filter
def by_kind(accepted: Iterable[ReportAcceptance]) -> list[tuple[str, list[tuple[str, int]]]]:
    """`accepted|by_kind`: each check's title with its reasons, and how often each was given."""
    from themes.report.checks import CHECKS  # which builds the document that this tag is drawn in

    kinds: dict[str, Counter[str]] = {}
    for acceptance in accepted:
        kinds.setdefault(acceptance.kind, Counter())[acceptance.reason] += 1
    titles = {slug: CHECKS[slug].title if slug in CHECKS else slug for slug in kinds}
    return [(titles[slug], list(reasons.items())) for slug, reasons in kinds.items()]


@register.simple_tag
def interval(ends: Interval) -> str:
    """`{% interval row.index_interval %}` → "54% to 100%", in whole hundredths, on one line."""
    return f"{ends.low:.0%}\u00a0to\u00a0{ends.high:.0%}"
