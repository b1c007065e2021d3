"""Forms as a browser would send them: what stands in the page, and what somebody typed over it."""

from collections.abc import Mapping
from html.parser import HTMLParser

NEVER_SENT = {"submit", "button", "file"}
MARKS = {"checkbox", "radio"}


class NoForm(LookupError):
    """The page has no such form."""


class _Forms(HTMLParser):
    """Each form of a page as its action and its fields, with the values they would be sent with."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self._names: list[set[str]] = []
        self._open = False
        self._text = ""
        self._select = ""
        self.feed(page)

    @property
    def named(self) -> list[tuple[str, dict[str, str], set[str]]]:
        return [(*form, names) for form, names in zip(self.forms, self._names, strict=True)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((given.get("action", ""), {}))
            self._names.append(set())
            self._open = True
        elif self._open and given.get("name"):
            self._names[-1].add(given["name"])
            self._field(tag, given)
        elif self._open and tag == "option" and self._select and "selected" in given:
            self.forms[-1][1][self._select] = given.get("value", "")

    def _field(self, tag: str, given: dict[str, str]) -> None:
        name, fields = given["name"], self.forms[-1][1]
        if tag == "textarea":
            self._text, fields[name] = name, ""
        elif tag == "select":
            self._select = name
        elif tag != "input":
            pass  # a button is sent by whoever presses it
        elif given.get("type") not in NEVER_SENT and (given.get("type") not in MARKS or "checked" in given):
            fields[name] = given.get("value", "on" if given.get("type") in MARKS else "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = False
        elif tag == "textarea":
            self._text = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._text:
            fields = self.forms[-1][1]
            # A browser drops the line end that follows the tag.
            fields[self._text] += data if fields[self._text] else data.removeprefix("\n")


def filled(page: str, typed: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The action and the fields of the first form that has every field of `typed`, with them typed in."""
    for action, fields, names in _Forms(page).named:
        if names >= set(typed):
            return action, {**fields, **typed}
    raise NoForm(", ".join(typed))
