"""The tables of a document and of its annex, read back from what will be given away."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from themes.report.annex import Sheet
from themes.report.checks.number_words import NUMBER_WORDS
from themes.report.checks.texts import smooth

IN_WORDS = {word: number for word, number in NUMBER_WORDS.items() if number <= 12}
NUMBER = rf"(\d+|{'|'.join(IN_WORDS)})"
COUNTED = (
    r"(?: (?:cases?|famil(?:y|ies)|bab(?:y|ies)|child(?:ren)?|social workers?|parents?|mothers?|fathers?))?"
)
COUNT = re.compile(
    rf"^{NUMBER}(?: (?:out )?of (?:the )?(?:\d+|{'|'.join(IN_WORDS)}))?{COUNTED}$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Table:
    """`name` is its caption, or its tab in the annex; empty for one that somebody typed into a section."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(slots=True)
class _Open:
    caption: str = ""
    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


class _Reader(HTMLParser):
    """Collects each table; cells of the head are those inside `<thead>`."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[Table] = []
        self._table: _Open | None = None
        self._in_head = False
        self._words: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._table = _Open()
        elif tag == "thead":
            self._in_head = True
        elif tag == "tr" and self._table and not self._in_head:
            self._table.rows.append([])
        elif tag in ("th", "td", "caption"):
            self._words = []

    def handle_data(self, data: str) -> None:
        if self._words is not None:
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "thead":
            self._in_head = False
        elif tag == "table" and self._table:
            rows = tuple(tuple(row) for row in self._table.rows)
            self.tables.append(Table(self._table.caption, tuple(self._table.head), rows))
            self._table = None
        elif tag in ("th", "td", "caption") and self._table and self._words is not None:
            self._close(tag, " ".join("".join(self._words).split()))

    def _close(self, tag: str, words: str) -> None:
        assert self._table is not None, "called inside a table"  # nosec B101
        self._words = None
        if tag == "caption":
            self._table.caption = words
        elif self._in_head:
            self._table.head.append(words)
        elif self._table.rows:
            self._table.rows[-1].append(words)


def tables_of(html: str) -> list[Table]:
    reader = _Reader()
    reader.feed(smooth(html))
    reader.close()
    return reader.tables


def tables_of_annex(sheets: Sequence[Sheet]) -> list[Table]:
    return [
        Table(
            sheet.name,
            tuple(map(str, sheet.columns)),
            tuple(tuple("" if cell is None else smooth(str(cell)) for cell in row) for row in sheet.rows),
        )
        for sheet in sheets
    ]


def count_in(cell: str) -> int | None:
    """The count that a cell holds, as in "3", "three cases" or "3 of 6"; None where it holds none."""
    found = COUNT.match(cell)
    if found is None:
        return None
    said = found[1].casefold()
    return IN_WORDS[said] if said in IN_WORDS else int(said)
