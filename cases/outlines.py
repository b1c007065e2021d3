"""Fields without errors, drawn from the pattern of all that look alike (docs/adr/0052)."""

from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from django import forms
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from cases.patterns import Pattern, gap

# Drawn alike whatever they hold: a label, a hint, an input.
PLAIN: tuple[type[forms.Widget], ...] = (forms.Select, forms.TextInput, forms.NumberInput, forms.EmailInput)


class _SomeSelect(forms.Select):
    """None of the lists that are written at once."""


class Outline:
    """Stands in the templates of fields for all those of its kind, with a gap for what differs."""

    is_hidden = False
    errors: tuple[str, ...] = ()
    form = None

    def __init__(self, *, select: bool, optional: bool, hint: bool) -> None:
        widget = (_SomeSelect if select else forms.TextInput)(attrs={"id": gap("id")})
        self.field = SimpleNamespace(widget=widget, required=not optional)
        self.label = gap("label")
        self.help_text = gap("hint") if hint else ""

    def as_widget(self, **options: Any) -> SafeString:
        return mark_safe(gap("widget"))  # nosec B308 B703  # a gap, no text


@lru_cache(maxsize=256)
def outline(*, select: bool, optional: bool, hint: bool, label_shown: bool, label_class: str) -> Pattern:
    """Gaps: id, label, hint, widget."""
    told = {
        "field": Outline(select=select, optional=optional, hint=hint),
        "form_show_labels": label_shown,
        "label_class": label_class,
    }
    return Pattern(get_template("govuk/field.html").render(told))
