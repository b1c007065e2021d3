"""What two versions of a report say differently: section by section, word by word, and figure by figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Literal

from themes.coding.differences import Piece, differences

# A block of text ends where one of these begins or ends.
BLOCKS = frozenset(
    [
        "p",
        "li",
        "ul",
        "ol",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "tr",
        "table",
        "caption",
        "figcaption",
        "figure",
        "blockquote",
        "div",
        "section",
    ]
)
# What is drawn or steers the page is not read; a chart's figures stand in the table beside it.
NOT_READ = frozenset({"svg", "nav", "script", "style", "head"})
BETWEEN_CELLS = " | "
# An unchanged stretch longer than this is cut, and this much of it is left beside a change.
LONGEST_SAME, LEFT = 400, 150
CUT = " […] "


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report under its heading; `text` has a line a paragraph, item or row of a table."""

    key: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One section of two versions. `pieces` are empty where it is the same."""

    key: str
    heading: str
    what: Literal["same", "changed", "new", "gone"]
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class Figure:
    """One live count that reads otherwise; empty where one of the versions does not know it."""

    name: str
    before: str
    after: str


class _Reader(HTMLParser):
    """Collects blocks of text, parted by second-level headings."""

    def __init__(self) -> None:
        super().__init__()
        self.sections: list[tuple[str, list[str]]] = [("", [])]
        self.headings: dict[int, str] = {}
        self._words: list[str] = []
        self._unread = 0

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self._unread += tag in NOT_READ
        if tag in BLOCKS:
            self._end_block()
        if tag in ("td", "th") and "".join(self._words).strip():
            self._words.append(BETWEEN_CELLS)
        if tag == "h2" and not self._unread:
            self.sections.append((dict(attrs).get("id") or f"section-{len(self.sections)}", []))

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in NOT_READ
        if tag == "h2" and not self._unread:
            self.headings[len(self.sections) - 1] = " ".join("".join(self._words).split())
            self._words = []
        elif tag in BLOCKS:
            self._end_block()

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self._words.append(data)

    def _end_block(self) -> None:
        words = " ".join("".join(self._words).split())
        if words:
            self.sections[-1][1].append(words)
        self._words = []


def sections_of(html: str) -> list[Section]:
    """The sections of a report's HTML in order, each under its h2; what stands before the first is none."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return [
        Section(key, reader.headings.get(place, ""), "\n".join(blocks))
        for place, (key, blocks) in enumerate(reader.sections)
        if place
    ]


def compared(before: str, after: str) -> list[Compared]:
    """The sections of both, in the order of the second; those that are gone stand last."""
    old = {section.key: section for section in sections_of(before)}
    new = sections_of(after)
    gone = [section for key, section in old.items() if key not in {section.key for section in new}]
    return [
        *(_compared(old.get(section.key), section) for section in new),
        *(Compared(section.key, section.heading, "gone", _whole("gone", section)) for section in gone),
    ]


def _compared(old: Section | None, new: Section) -> Compared:
    if old is None:
        return Compared(new.key, new.heading, "new", _whole("new", new))
    if (old.heading, old.text) == (new.heading, new.text):
        return Compared(new.key, new.heading, "same", [])
    before, after = old.text, new.text
    if old.heading != new.heading:
        before, after = f"{old.heading}\n{before}", f"{new.heading}\n{after}"
    return Compared(new.key, new.heading, "changed", shortened(differences(before, after)))


def _whole(what: Literal["gone", "new"], section: Section) -> list[Piece]:
    return [Piece(what, section.text)] if section.text else []


def shortened(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with long unchanged stretches cut to what stands beside a change."""
    return [
        _cut(piece, first=place == 0, last=place == len(pieces) - 1)
        if piece.what == "same" and len(piece.text) > LONGEST_SAME
        else piece
        for place, piece in enumerate(pieces)
    ]


def _cut(piece: Piece, *, first: bool, last: bool) -> Piece:
    text = piece.text
    head = "" if first else text[: _word_end(text, LEFT)]
    tail = "" if last else text[_word_start(text, len(text) - LEFT) :]
    return Piece("same", f"{head}{CUT}{tail}")


def _word_end(text: str, at: int) -> int:
    while at < len(text) and not text[at].isspace():
        at += 1
    return at


def _word_start(text: str, at: int) -> int:
    while at > 0 and not text[at - 1].isspace():
        at -= 1
    return at


def changed_figures(before: Mapping[str, Sequence[str]], after: Mapping[str, Sequence[str]]) -> list[Figure]:
    """Live counts that read otherwise, as each version holds them: token → (what it counts, its words)."""
    tokens = dict.fromkeys([*after, *before])
    found = []
    for token in tokens:
        name, now = after.get(token, ("", ""))
        old_name, then = before.get(token, ("", ""))
        if now != then:
            found.append(Figure(name or old_name, then, now))
    return found
