"""Counts in words for the report's templates (rule 8)."""

from django import template

from themes.coding import counting

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
