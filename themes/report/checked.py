"""What a report's HTML must be before it is made into any format."""

import re
from html.parser import HTMLParser

from themes.report.pandoc import FormatError

# A report reads the same on any machine and asks nothing of another: links may lead out, nothing is fetched.
FETCHED = {"src", "srcset", "data", "poster", "background", "action", "formaction"}
REFUSED = {"script", "iframe", "object", "embed", "form", "input", "link", "base", "style"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.language: str | None = None
        self.title = ""
        self.main_headings = 0
        self._in_title = False
        self._in_svg = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._in_svg += tag == "svg"
        self._in_title = tag == "title" and not self._in_svg
        self.main_headings += tag == "h1"
        if tag == "html":
            self.language = given.get("lang")
        if tag in REFUSED:
            self.faults.append(f"<{tag}> has no place in a report")
        if tag == "img" and not given.get("alt", "").strip():
            self.faults.append("a picture has no description (alt)")
        for name, value in given.items():
            self._check_attribute(tag, name, value)

    def handle_endtag(self, tag: str) -> None:
        self._in_svg -= tag == "svg"
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data

    def _check_attribute(self, tag: str, name: str, value: str) -> None:
        if name.startswith("on") or name == "style":
            self.faults.append(f"<{tag}> carries {name}")
        if name in FETCHED and not value.startswith("data:image/"):
            self.faults.append(f"<{tag}> fetches a file")
        if name == "href" and re.match(r"\s*(javascript|data|file|vbscript):", value, re.IGNORECASE):
            self.faults.append(f"<{tag}> links to a script or a file")


def check(html: str) -> str:
    """The document's title.

    FormatError lists every fault: no language, no title, not one `<h1>`, a picture without a description,
    scripts, style sheets or attributes, or anything fetched from elsewhere.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    faults = list(dict.fromkeys(reader.faults))
    if reader.language != "en-GB":
        faults.append('the language is not "en-GB"')
    title = " ".join(reader.title.split())
    if not title:
        faults.append("there is no title")
    if reader.main_headings != 1:
        faults.append(f"there are {reader.main_headings} main headings (h1), not 1")
    if faults:
        raise FormatError("The report cannot be made: " + "; ".join(faults) + ".")
    return title
