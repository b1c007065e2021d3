"""Every field that a person can fill in, with its rule.

`python -m tests.fields_told` writes the tables of docs/security/fields.md from the forms themselves, so that
the page is what the program does. What no class holds stands above the tables, written by hand.
"""

import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

PAGE = Path("docs/security/fields.md")
MARK = "<!-- From here on written by python -m tests.fields_told -->\n"
FORMS = ("cases.forms", "themes.forms", "kscmp_review.accounts.forms")


def page() -> str:
    """What is written by hand as it stands, and the tables as they are now."""
    parts = [PAGE.read_text().partition(MARK)[0], MARK]
    for module, forms in tables():
        parts.append(f"\n## `{module}`\n\n| form | field | must be given | rule |\n|---|---|---|---|\n")
        parts.extend(f"| {form} | {name} | {given} | {rule} |\n" for form, name, given, rule in forms)
    return "".join(parts)


def tables() -> Iterator[tuple[str, list[tuple[str, str, str, str]]]]:
    """(Module, its rows) for each module that declares fields."""
    for module in modules():
        rows = [
            (form.__name__, name, "yes" if field.required else "no", rule_of(field))
            for form in vars(module).values()
            if getattr(form, "__module__", "") == module.__name__ and hasattr(form, "base_fields")
            for name, field in form.base_fields.items()
        ]
        if rows:
            yield module.__name__, rows


def modules() -> Iterator[Any]:
    for name in FORMS:
        package = import_module(name)
        yield package
        for each in iter_modules(getattr(package, "__path__", [])):
            yield import_module(f"{name}.{each.name}")


def rule_of(field: Any) -> str:
    """ "whole number, 1 to 120", "text, at most 200 characters", "one of 3"."""
    limits = [getattr(field, name, None) for name in ("min_value", "max_value")]
    if None not in limits:
        return f"{kind_of(field)}, {limits[0]:,} to {limits[1]:,}"
    if limits[0] is not None:
        return f"{kind_of(field)}, {limits[0]:,} or more"
    length = getattr(field, "max_length", None)
    return f"{kind_of(field)}, at most {length:,} characters" if length else kind_of(field)


def kind_of(field: Any) -> str:
    from django import forms

    if isinstance(field, forms.ModelChoiceField):
        several = isinstance(field, forms.ModelMultipleChoiceField)
        return "some of the review's" if several else "one of the review's"
    if isinstance(field, forms.MultipleChoiceField):
        return "some of those offered"
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        offered = [str(value) for value, _ in choices if isinstance(value, str)]
        named = len(offered) <= 7 and all(offered)
        return "one of: " + ", ".join(offered) if offered and named else "one of those offered"
    kinds = (
        (forms.BooleanField, "yes or no"), (forms.FileField, "a file"), (forms.DateField, "a date"),
        (forms.SlugField, "small letters, digits, hyphens"), (forms.EmailField, "an e-mail address"),
        (forms.IntegerField, "whole number"),
    )  # fmt: skip
    return next((words for kind, words in kinds if isinstance(field, kind)), "text")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kscmp_review.settings")
    import django

    django.setup()
    PAGE.write_text(page())
