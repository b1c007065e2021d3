"""Reading counts by name in the page of what themes rest on."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def at(counts: Mapping[str, int], name: str) -> int:
    """`{{ counts|at:"both" }}`: the count of that name, 0 where there is none."""
    return counts.get(name, 0)


@register.filter
def number_range(last: int) -> str:
    """`{{ 6|number_range }}` → "1 to 6"; "1" for one."""
    return f"1 to {last}" if last > 1 else "1"
