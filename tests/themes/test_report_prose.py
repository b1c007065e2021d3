"""Sections are Markdown from people: what is not plain text stays out of the report."""

from html.parser import HTMLParser

import pytest

from themes.report.prose import TAGS, prose

Attributes = list[tuple[str, str | None]]


class Elements(HTMLParser):
    """Collects every element with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, Attributes]] = []

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        self.found.append((tag, attrs))


def elements(html: str) -> list[tuple[str, Attributes]]:
    reader = Elements()
    reader.feed(html)
    return reader.found


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("One.\n\nTwo.", "<p>One.</p>\n<p>Two.</p>\n"),
        ("**Bold** and *italic*", "<p><strong>Bold</strong> and <em>italic</em></p>\n"),
        ("## Part\n\n### Below", "<h3>Part</h3>\n<h4>Below</h4>\n"),
        ("#### Deep", "<h3>Deep</h3>\n"),
        ("[link](https://example.org/a)", '<p><a href="https://example.org/a">link</a></p>\n'),
    ],
)
def test_markdown_becomes_plain_html_under_the_sections_heading(markdown, html):
    assert prose(markdown) == html


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<img src="https://example.org/x.png">',
        "![x](https://example.org/x.png)",
        "[x](javascript:alert(1))",
        "[x](data:text/html,x)",
        '<a href="#" onclick="x()">x</a>',
        '<p style="color:red">x</p>',
        "<iframe src=x></iframe>",
    ],
)
def test_nothing_that_runs_or_fetches_gets_through(hostile):
    for tag, attributes in elements(prose(hostile)):
        assert tag in TAGS
        assert not attributes or (tag == "a" and str(attributes[0][1]).startswith("https://"))


def test_a_table_has_heads_with_a_scope():
    html = prose("| A | B |\n|---|---|\n| 1 | 2 |")
    assert '<th scope="col">A</th>' in html
    assert "style" not in html
