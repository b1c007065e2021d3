"""Written sections: Markdown in, plain and safe HTML out."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote_plus

import nh3

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

TAGS = {
    "p", "ul", "ol", "li", "strong", "em", "blockquote", "h3", "h4", "a", "code", "br", "hr",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
BLANK_HEADING = re.compile(r"<h[34]>\s*</h[34]>")


def prose(markdown: str) -> str:
    """The section's text as HTML: no raw HTML, no pictures, headings from h3 down, links to the web only."""
    reader = _reader()
    tokens = reader.parse(markdown)
    _settle_headings(tokens)
    html = nh3.clean(
        reader.renderer.render(tokens, reader.options, {}),
        tags=TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https"},
        link_rel=None,
        set_tag_attribute_values={"th": {"scope": "col"}},
    )
    return BLANK_HEADING.sub("", html)


class Read(NamedTuple):
    """A section's text as it reads.

    `words` without emphasis, escapes or entities, a paragraph or row of a table a line; a heading keeps its
    "# " and what is quoted as a block its "> ", which readers see as well. `addresses`: where its links lead,
    with the signs that an address writes otherwise, since readers can see that too.
    """

    words: str
    addresses: list[str]


def as_read(markdown: str) -> Read:
    tokens = _reader().parse(markdown)
    spans = (child for token in tokens for child in token.children or ())
    links = [unquote_plus(str(span.attrGet("href"))) for span in spans if span.type == "link_open"]
    return Read("\n\n".join(_blocks(tokens)), links)


def _reader() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # read where a report is, not at every start

    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def _blocks(tokens: "list[Token]") -> Iterator[str]:
    quoted, heading = 0, ""
    row: list[str] | None = None
    for token in tokens:
        quoted += token.nesting if token.type.startswith("blockquote") else 0
        if token.type.startswith("heading"):
            heading = "# " if token.nesting == 1 else ""
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            yield " | ".join(row or ())
            row = None
        elif token.type == "inline" and row is not None:
            row.append(_span(token))
        elif token.type in ("inline", "fence", "code_block"):
            yield f"{'> ' if quoted else ''}{heading}{_span(token)}"


def _span(token: "Token") -> str:
    """Its words on one line."""
    if not token.children:
        return " ".join(token.content.split())
    breaks = ("softbreak", "hardbreak")
    return "".join(" " if child.type in breaks else child.content for child in token.children)


def _settle_headings(tokens: "list[Token]") -> None:
    """The highest heading used becomes h3, under the section's own h2; all below it h4."""
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    highest = min((token.tag for token in headings), default="")
    for token in headings:
        token.tag = "h3" if token.tag == highest else "h4"
