"""What stands by the hundred on a page is drawn from a pattern: a template drawn once with gaps in place of
what differs, then filled in (docs/adr/0052).

The template stays the one place where the HTML is written. It may ask (`{% if %}`) about what it is told,
which makes a pattern each, never about a gap, which is always there.
"""

import re
from collections.abc import Hashable, Mapping
from functools import lru_cache
from html import escape
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

# For private use: neither escaping nor an address changes them, and nothing else in a template has them.
OPENS, CLOSES = "\ue000", "\ue001"
GAP = re.compile(f"{OPENS}(\\w+){CLOSES}")


def gap(name: str) -> str:
    return f"{OPENS}{name}{CLOSES}"


class Pattern:
    """The HTML of a template with gaps in it."""

    def __init__(self, html: str) -> None:
        # Literals and names in turn.
        pieces = GAP.split(html)
        self.gaps = frozenset(pieces[1::2])
        self._format = "".join(
            f"%({piece})s" if place % 2 else piece.replace("%", "%%") for place, piece in enumerate(pieces)
        )

    def filled(self, values: Mapping[str, object]) -> SafeString:
        """The HTML with a value in each gap, escaped as a template escapes it; others are left out."""
        told = {name: said(values[name]) for name in self.gaps}
        return mark_safe(self._format % told)  # nosec B308 B703  # a template of ours, and what was escaped


def said(value: Any) -> object:
    """What `conditional_escape` says, sooner for the kinds of value that rows are made of."""
    if type(value) is str:
        return escape(value)
    return value if type(value) in (SafeString, int) else conditional_escape(value)


@lru_cache(maxsize=1024)
def pattern(template: str, gaps: tuple[str, ...], /, **told: Hashable) -> Pattern:
    """The pattern of a template, drawn once for all that are told the same."""
    assert told.keys().isdisjoint(gaps), "what is told is no gap"  # nosec B101
    return Pattern(render_to_string(template, {**told, **{name: gap(name) for name in gaps}}))
