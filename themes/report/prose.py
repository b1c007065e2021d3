"""Written sections: Markdown in, plain and safe HTML out."""

import re
from typing import TYPE_CHECKING

import nh3

if TYPE_CHECKING:
    from markdown_it.token import Token

TAGS = {
    "p", "ul", "ol", "li", "strong", "em", "blockquote", "h3", "h4", "a", "code", "br", "hr",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
BLANK_HEADING = re.compile(r"<h[34]>\s*</h[34]>")


def prose(markdown: str) -> str:
    """The section's text as HTML: no raw HTML, no pictures, headings from h3 down, links to the web only."""
    from markdown_it import MarkdownIt  # read where a report is, not at every start

    reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
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


def _settle_headings(tokens: "list[Token]") -> None:
    """The highest heading used becomes h3, under the section's own h2; all below it h4."""
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    highest = min((token.tag for token in headings), default="")
    for token in headings:
        token.tag = "h3" if token.tag == highest else "h4"
