"""What the form templates in `templates/govuk/` ask about a field: its kind, its ids, its input.

Ids are computed here alone, so that a label, a hint, an error message and a link in the error summary can
never disagree about where a field is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet
from django.forms.utils import flatatt
from django.template import Context
from django.template.loader import get_template
from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from cases.outlines import PLAIN, outline

register = template.Library()

KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file"),
    (forms.PasswordInput, "password"),
    (forms.MultiWidget, "parts"),
    (forms.SelectDateWidget, "several"),
)
"""The first that fits names the template `govuk/kinds/<kind>.html`; all others are text inputs."""

WIDGET_CLASSES = {
    "select": "govuk-select",
    "textarea": "govuk-textarea",
    "file": "govuk-file-upload",
    "password": "govuk-input",
    "text": "govuk-input",
    "several": "govuk-select",
}
BOOTSTRAP_CLASSES = {"btn", "btn-primary", "btn-inverse", "hidden"}


@register.filter
def kind(field: BoundField) -> str:
    """The name of the template that draws this field's widget."""
    if field.is_hidden:
        return "hidden"
    return next((name for widget, name in KINDS if isinstance(field.field.widget, widget)), "text")


@register.filter
def kind_template(field: BoundField) -> str:
    return f"govuk/kinds/{kind(field)}.html"


@register.filter
def field_id(field: BoundField) -> str:
    """The id of the field's input, or of the group's wrapper; there is one even when the form gives none."""
    return field.field.widget.attrs.get("id") or field.auto_id or f"id_{field.html_name}"


@register.filter
def described_by(field: BoundField) -> str:
    """Ids of what describes the field: its hint, then its errors."""
    ids = [f"{field_id(field)}-hint"] if field.help_text else []
    if field.errors:
        ids.append(f"{field_id(field)}-error")
    return " ".join(ids)


@register.filter
def focus_id(field: BoundField) -> str:
    """Where a link in the error summary lands: the input, or a group's first (or first wrong) input."""
    own = field_id(field)
    name = kind(field)
    if name in {"radios", "checkboxes"}:
        return next((str(option["id"]) for _, options in choices(field) for option in options), own)
    if name == "parts":
        return f"{own}_{min(wrong_parts(field), default=0)}"
    if name == "several":
        return f"{own}_day"
    return own


@register.filter
def wrong_parts(field: BoundField) -> set[int]:
    """Positions of the inputs at fault in a field of parts; all of them, unless an error says which."""
    if not field.errors:
        return set()
    parts: set[int] = set()
    for error in field.errors.as_data():
        parts.update((getattr(error, "params", None) or {}).get("parts", ()))
    widget = field.field.widget
    return parts or set(range(len(widget.widgets) if isinstance(widget, forms.MultiWidget) else 1))


@register.filter
def optional(field: BoundField) -> bool:
    """Whether the label says "(optional)": not for a single checkbox, nor where the form opts out."""
    return (
        not field.field.required
        and kind(field) != "checkbox"
        and getattr(field.form, "mark_optional", True)
        and "optional" not in str(field.label).lower()
    )


@register.filter
def longest(field: BoundField) -> int | None:
    """How many characters a long text may have: the browser counts them and never cuts them off."""
    length = field.field.widget.attrs.get("data-maxlength") or getattr(field.field, "max_length", None)
    return int(length) if length else None


@register.filter
def choices(field: BoundField) -> list[tuple[str | None, list[dict[str, Any]]]]:
    """Options of a radio or checkbox field: (group or None, [{id, label, value, checked, hint, attrs}])."""
    widget = field.field.widget
    attrs = {key: value for key, value in widget.attrs.items() if key not in {"class", "id"}}
    hints: dict[str, str] = getattr(widget, "hints", {})
    context = widget.get_context(field.html_name, field.value(), {"id": field_id(field)})
    groups: list[tuple[str | None, list[dict[str, Any]]]] = []
    for group, options, _ in context["widget"]["optgroups"]:
        drawn = []
        for option in options:
            own = option["attrs"].get("id") or f"{field_id(field)}_{option['index']}"
            hint = hints.get(str(option["value"]), "")
            extra = dict(attrs, disabled=True) if field.field.disabled else attrs
            if hint:
                extra = dict(extra, **{"aria-describedby": f"{own}-hint"})
            drawn.append(
                {
                    "id": own,
                    "label": option["label"],
                    "value": option["value"],
                    "checked": option["selected"],
                    "hint": hint,
                    "attrs": flatatt(extra),
                }
            )
        groups.append((group, drawn))
    return groups


@register.simple_tag
def widget(field: BoundField, **extra: Any) -> SafeString:
    """The input itself, with the classes and descriptions of its kind; the widget is left as it was."""
    name = kind(field)
    own = field.field.widget.attrs
    classes = [own.get("class", ""), WIDGET_CLASSES.get(name, ""), extra.pop("classes", "")]
    if isinstance(field.field.widget, forms.NumberInput) and "width" not in classes[0]:
        classes.append("govuk-input--width-5")
    if field.errors and name in WIDGET_CLASSES:
        classes.append(f"{WIDGET_CLASSES[name]}--error")
    attrs: dict[str, Any] = {"id": field_id(field), "class": " ".join(filter(None, classes))}
    described = " ".join(
        filter(None, [own.get("aria-describedby", ""), described_by(field), extra.pop("also", "")])
    )
    attrs["aria-describedby"] = described or False
    # A browser that cuts a pasted text at maxlength loses words silently; the server says so instead.
    # A placeholder vanishes as one types, and a label is always there.
    attrs.update(maxlength=False, placeholder=False)
    attrs.update({key.replace("_", "-"): value for key, value in extra.items()})
    if name == "file":
        # The file already stored is named by the page, beside the field, where it matters.
        return field.as_widget(widget=plain_file_input(field), attrs=attrs)
    if type(field.field.widget) is forms.Select:
        return select_of(field, attrs)
    return field.as_widget(attrs=attrs)


def select_of(field: BoundField, attrs: dict[str, str | bool]) -> SafeString:
    """A list to choose from, written at once: Django draws each option by three templates."""
    attrs = field.build_widget_attrs(attrs, field.field.widget)
    drawn = field.field.widget.get_context(field.html_name, field.value(), attrs)["widget"]
    groups = format_html_join("\n", "{}", ((options_of(*group),) for group in drawn["optgroups"]))
    return format_html('<select name="{}"{}>\n{}\n</select>', drawn["name"], flatatt(drawn["attrs"]), groups)


def options_of(group: str | None, options: list[dict[str, Any]], index: int) -> SafeString:
    written = mark_safe("\n".join(map(option_of, options)))  # nosec B308 B703  # each part is escaped
    return format_html('<optgroup label="{}">\n{}\n</optgroup>', group, written) if group else written


def option_of(option: dict[str, Any]) -> str:
    attrs = flatatt(option["attrs"]) if option["attrs"] else ""
    value, label = escape(str(option["value"])), conditional_escape(option["label"])
    return f'<option value="{value}"{attrs}>{label}</option>'


def plain_file_input(field: BoundField) -> forms.FileInput:
    plain = forms.FileInput(attrs=field.field.widget.attrs)
    plain.allow_multiple_selected = getattr(field.field.widget, "allow_multiple_selected", False)
    return plain


@register.filter
def parts(field: BoundField) -> list[dict[str, Any]]:
    """The inputs of a field in parts (a date): [{id, name, value, label, attrs, wrong, width}]."""
    whole = field.field.widget
    context = whole.get_context(field.html_name, field.value(), {"id": field_id(field)})
    labels = getattr(whole, "part_labels", ())
    wrong = wrong_parts(field)
    drawn = []
    for position, sub in enumerate(context["widget"]["subwidgets"]):
        attrs = {key: value for key, value in sub["attrs"].items() if key not in {"id", "class"}}
        attrs["disabled"] = field.field.disabled
        drawn.append(
            {
                "id": f"{field_id(field)}_{position}",
                "name": sub["name"],
                "value": "" if sub["value"] is None else sub["value"],
                "label": labels[position] if position < len(labels) else f"Part {position + 1}",
                "attrs": flatatt({key: value for key, value in attrs.items() if value is not None}),
                "class": sub["attrs"].get("class", ""),
                "wrong": position in wrong,
            }
        )
    return drawn


@register.filter
def button_classes(given: str) -> str:
    """The classes a layout asked for, without those crispy-forms adds for another framework."""
    return " ".join(name for name in str(given).split() if name not in BOOTSTRAP_CLASSES)


@register.simple_tag
def field(bound: BoundField | str, **options: Any) -> SafeString | str:
    """`{% field form.reason label="Why" hint="In a sentence" rows=3 %}`: a field, worded for this page."""
    if not isinstance(bound, BoundField):
        return ""
    bound.label = options.get("label", bound.label)
    bound.help_text = options.get("hint", bound.help_text)
    label_shown, label_class = not options.get("hide_label", False), options.get("label_class", "")
    if type(bound.field.widget) in PLAIN and not bound.errors:
        pattern = outline(
            select=kind(bound) == "select",
            optional=optional(bound),
            hint=bool(bound.help_text),
            label_shown=label_shown,
            label_class=label_class,
        )
        own = {"id": field_id(bound), "label": bound.label, "hint": bound.help_text}
        return pattern.filled({**own, "widget": widget(bound)})
    shown = {"field": bound, "form_show_labels": label_shown, "label_class": label_class}
    return get_template("govuk/field.html").render(shown)


@dataclass(frozen=True)
class Problem:
    """One line of the error summary; `target` is the id its link lands on, empty where there is no field."""

    message: str
    target: str = ""


def problems_of(form: forms.BaseForm) -> list[Problem]:
    """Every error of a form in the order of its fields; those of the whole form lead to its first field."""
    seen = [bound for bound in form if not bound.is_hidden]
    first = focus_id(seen[0]) if seen else ""
    found = [Problem(conditional_escape(str(error)), first) for error in form.non_field_errors()]
    for bound in form.hidden_fields():
        found += [Problem(conditional_escape(str(error))) for error in bound.errors]
    for bound in seen:
        found += [Problem(conditional_escape(str(error)), focus_id(bound)) for error in bound.errors]
    return found


def problems_in(sources: Iterable[object]) -> list[Problem]:
    """Errors of forms, formsets and plain sentences, each once, in the order given."""
    found: list[Problem] = []
    for source in sources:
        if isinstance(source, forms.BaseForm):
            found += problems_of(source) if source.is_bound else []
        elif isinstance(source, BaseFormSet):
            if source.is_bound:
                first = focus_id(source.forms[0].visible_fields()[0]) if source.forms else ""
                found += [
                    Problem(conditional_escape(str(error)), first) for error in source.non_form_errors()
                ]
                found += problems_in(source.forms)
        elif isinstance(source, str) and source:
            found.append(Problem(conditional_escape(source)))
        elif isinstance(source, (list, tuple)):
            found += problems_in(source)
    return list(dict.fromkeys(found))


@register.inclusion_tag("components/error_summary.html")
def error_summary(*sources: object) -> dict[str, object]:
    """`{% error_summary form %}`, or several forms, formsets, sentences: nothing where nothing is wrong."""
    return {"problems": problems_in(sources)}


@register.simple_tag(takes_context=True)
def page_problems(context: Context) -> list[Problem]:
    """What the page's error summary lists: `error_forms` where a view gives it, else `form` and `formset`."""
    given = context.get("error_forms")
    return problems_in([given] if given else [context.get("form"), context.get("formset")])
