"""The report in every format, from one semantic HTML document.

HTML → HTML with its style sheet inside, DOCX, ODT, PDF (PDF/UA-1 and PDF/A-2a). The XLSX annex is in
`annex.py`. No format carries an author, a machine or the time of day; equal documents of one date make equal
bytes.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from themes.report import pictures
from themes.report.checked import check
from themes.report.finishing import finished
from themes.report.pandoc import FormatError, pandoc
from themes.report.references import reference

__all__ = ["FORMATS", "Format", "FormatError", "converted", "file_name", "fits_a_page"]

HERE = Path(__file__).parent
NAV = re.compile(r"<nav\b.*?</nav>", re.DOTALL)
SECTION_HEADING = re.compile(r"<h2(?P<attributes>[^>]*)>(?P<words>.*?)</h2>", re.DOTALL)
ONE_PAGE = re.compile(r"""<meta name=["']one-page["']""")
IDENTIFIER = re.compile(r"""\bid=["']([^"']+)["']""")


@dataclass(frozen=True, slots=True)
class Format:
    """How a format is called in a file name, in a header and on the page."""

    extension: str
    content_type: str
    label: str


FORMATS = {
    "html": Format("html", "text/html; charset=utf-8", "Web page (HTML)"),
    "docx": Format(
        "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word (DOCX)"
    ),
    "odt": Format("odt", "application/vnd.oasis.opendocument.text", "OpenDocument (ODT)"),
    "pdf": Format("pdf", "application/pdf", "PDF"),
    "xlsx": Format(
        "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel annex (XLSX)"
    ),
}


def converted(html: str, to: str, *, on: date) -> bytes:
    """The document as "html", "docx", "odt" or "pdf", dated `on`. FormatError says what stands in the way.

    The document is complete: `<html lang="en-GB">`, a title, one h1, pictures with alt or SVGs with a title.
    A `<div class="subtitle">` after the h1 becomes the subtitle; `<header>`, `<footer>`, `<nav>` and a
    `<div class="screen-only">` stay off paper; cells of class "numeric" are set to the right. One with
    `<meta name="one-page">` in its head is set smaller and has no list of contents; `fits_a_page`
    says whether it is one.
    """
    if to not in WRITERS:
        raise FormatError(f"There is no report format {to!r}.")
    check(html)
    return WRITERS[to](html, on)


def fits_a_page(html: str, on: date) -> bool:
    """Whether the PDF is one page with a twelfth of it to spare, as Word sets it a little wider."""
    import typst

    html, files = pictures.as_files(html)
    sources: Any = {"main": _typst_source(html, on, ["--variable=measured"]), **files}
    try:
        pages = typst.query(sources, "<pages>", field="value", one=True, font_paths=pictures.fonts())
    except RuntimeError as error:  # of which typst's own error is one
        raise FormatError(f"The page could not be measured: {error}") from error
    return bool(json.loads(pages) == 1)


def file_name(slug: str, to: str, on: date, *, part: str = "") -> str:
    """Such as "nai-2022-report-2022-03-05.pdf": from the review's slug and the date, and nothing else.

    `part` names another document than the report.
    """
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        raise FormatError("A file name is made from a review's slug.")
    part = part or ("annex" if to == "xlsx" else "report")
    return f"{slug}-{part}-{on.isoformat()}.{FORMATS[to].extension}"


def _html(html: str, on: date) -> bytes:
    """The page with its style sheet inside, and a list of contents where it has none."""
    styled = html.replace("</head>", f"<style>\n{_style_sheet()}</style></head>", 1)
    if not NAV.search(styled) and not ONE_PAGE.search(html):
        styled = _with_contents(styled)
    return styled.encode()


def _with_contents(html: str) -> str:
    entries: list[str] = []

    def numbered(found: re.Match[str]) -> str:
        given = IDENTIFIER.search(found["attributes"])
        name = given[1] if given else f"section-{len(entries) + 1}"
        words = re.sub(r"<[^>]+>", "", found["words"])
        entries.append(f'<li><a href="#{name}">{words}</a></li>')
        return found[0] if given else f'<h2 id="{name}"{found["attributes"]}>{found["words"]}</h2>'

    html = SECTION_HEADING.sub(numbered, html)
    if len(entries) < 2:
        return html
    contents = (
        f'<nav aria-labelledby="contents"><h2 id="contents">Contents</h2><ol>{"".join(entries)}</ol></nav>'
    )
    after = re.compile(r'</h1>(\s*<div class="subtitle">.*?</div>)?', re.DOTALL)
    return after.sub(lambda found: found[0] + contents, html, count=1)


def _words(kind: str) -> Callable[[str, date], bytes]:
    """A writer for "docx" or "odt"."""

    def write(html: str, on: date) -> bytes:
        with TemporaryDirectory() as folder:
            look = Path(folder) / f"reference.{kind}"
            look.write_bytes(reference(kind, small=ONE_PAGE.search(html) is not None))
            arguments = ["--to", kind, "--reference-doc", str(look), "--output", "-"]
            return finished(_from_html(pictures.as_png(html), arguments), kind, on)

    return write


def _pdf(html: str, on: date) -> bytes:
    import typst

    html, files = pictures.as_files(html)
    source = _typst_source(html, on, [])
    with TemporaryDirectory() as folder:
        for name, content in {"report.typ": source, **files}.items():
            (Path(folder) / name).write_bytes(content)
        try:
            made = typst.compile(
                str(Path(folder) / "report.typ"),
                root=folder,
                format="pdf",
                pdf_standards=["ua-1", "a-2a"],
                font_paths=pictures.fonts(),
                timestamp=int(datetime(on.year, on.month, on.day, tzinfo=UTC).timestamp()),
            )
        except RuntimeError as error:  # of which typst's own error is one
            raise FormatError(f"The PDF could not be made: {error}") from error
    return bytes(made)


def _typst_source(html: str, on: date, arguments: list[str]) -> bytes:
    day = [f"--variable={part}:{getattr(on, part)}" for part in ("year", "month", "day")]
    template = ["--template", str(HERE / "styles" / "report.typ")]
    return _from_html(html, ["--to", "typst", "--standalone", *template, *day, *arguments])


def _from_html(html: str, arguments: list[str]) -> bytes:
    read = ["--from", "html", "--lua-filter", str(HERE / "filters" / "report.lua")]
    return pandoc([*read, *arguments], NAV.sub("", html).encode())


@cache
def _style_sheet() -> str:
    return (HERE / "styles" / "report.css").read_text("utf-8")


WRITERS: dict[str, Callable[[str, date], bytes]] = {
    "html": _html,
    "docx": _words("docx"),
    "odt": _words("odt"),
    "pdf": _pdf,
}
