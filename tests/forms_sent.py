"""What a person's browser would send who opens a page and presses its button without typing anything."""

from collections.abc import Mapping
from typing import Any

from lxml import html  # type: ignore[import-untyped]

Fields = dict[str, list[str]]
CHOSEN_AND_EMPTY = ".//input[@type='radio'][@name=$name][@checked][@value='']"


def sent_by(page: bytes, address: str) -> Fields:
    """The fields of the page's form that posts to `address`; none where the page has no such form."""
    forms = [
        form
        for form in html.fromstring(page).iter("form")
        if (form.get("method") or "get").lower() == "post"
        and (form.get("action") or address).split("?")[0] == address
    ]
    fields: Fields = {}
    for name, value in forms[0].form_values() if forms else ():
        # lxml reads an empty value as none: a chosen "not verified yet" would be sent as "on".
        empty = value == "on" and forms[0].xpath(
            ".//input[@type='radio'][@name=$n][@checked][@value='']", n=name
        )
        fields.setdefault(name, []).append("" if empty else value)
    fields.pop("csrfmiddlewaretoken", None)
    return fields


def typed(fields: Fields, more: Mapping[str, Any]) -> dict[str, Any]:
    """The same with what a person types, chooses or attaches."""
    return {**fields, **more}
