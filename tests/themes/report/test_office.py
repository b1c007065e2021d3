"""LibreOffice opens our Word and OpenDocument files, and every page it draws shows the words it should."""

import re

import docx
import pytest
from PIL import Image

from tests.office import PIXELS_PER_INCH, Page, laid_out
from tests.themes.report import words
from tests.themes.report.test_same_words import EXAMPLE, READERS, example

pytestmark = [pytest.mark.office, pytest.mark.long]
A4 = (8.27 * PIXELS_PER_INCH, 11.69 * PIXELS_PER_INCH)
# Drawn after the page's words, or before them.
BULLETS = re.compile("[•\uf0b7]")  # the second is that of the font Symbol
FOOTER = re.compile(r"^Page\d+of\d+|Page\d+of\d+$")


@pytest.fixture(scope="module", params=["docx", "odt"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def pages(kind: str, tmp_path_factory: pytest.TempPathFactory) -> list[Page]:
    [document] = EXAMPLE.glob(f"*.{kind}")
    return laid_out(document.resolve(), tmp_path_factory.mktemp(kind))


def test_every_page_is_numbered_and_a4(pages: list[Page]) -> None:
    numbers = [FOOTER.search(words.squeezed(page.text)) for page in pages]
    assert [found and found[0] for found in numbers] == [
        f"Page{number}of{len(pages)}" for number in range(1, len(pages) + 1)
    ]
    for page in pages:
        assert page.picture.size == pytest.approx(A4, abs=2)


def test_page_by_page_no_word_is_missing(kind: str, pages: list[Page]) -> None:
    """Each page begins where the one before it ended, and the last one ends where the report does.

    LibreOffice repeats the head of a table on each page it stands on, and draws the marks of lists.
    """
    sections = READERS[kind](example(kind))
    left = "".join(heading + told for heading, told in sections[1:])
    heads = sorted(table_heads(), key=len, reverse=True)
    begun = False
    for number, page in enumerate(pages, 1):
        shown = FOOTER.sub("", words.squeezed(page.text))
        shown = BULLETS.sub("", shown)
        if not begun and not left.startswith(shown[:40]):
            continue  # the title and the list of contents
        begun = True
        left, missing = consumed(shown, left, heads)
        assert not missing, f"page {number} shows {missing[:60]!r} where the report has {left[:60]!r}"
    assert left == ""


def consumed(shown: str, left: str, heads: list[str]) -> tuple[str, str]:
    """What is left of the report after a page, and what the page shows that does not follow."""
    while shown:
        length = common(shown, left)
        shown, left = shown[length:], left[length:]
        if not shown:
            break
        again = next((head for head in heads if shown.startswith(head)), "")
        number = re.match(r"\d\.", shown)
        extra = again or (number[0] if number else "")
        if not extra:
            return left, shown
        shown = shown[len(extra) :]
    return left, ""


def common(one: str, other: str) -> int:
    """How far two texts are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (ours, theirs) in pairs if ours != theirs), min(len(one), len(other)))


def table_heads() -> set[str]:
    [document] = EXAMPLE.glob("*.docx")
    tables = docx.Document(str(document)).tables
    return {words.squeezed("".join(cell.text for cell in table.rows[0].cells)) for table in tables}


def test_every_word_is_drawn_dark_on_light(pages: list[Page]) -> None:
    for number, page in enumerate(pages, 1):
        faint = [word for word, *box in page.words if not page.inked((box[0], box[1], box[2], box[3]))]
        assert faint == [], f"page {number}"


def test_what_is_missing_is_seen() -> None:
    assert consumed("Onetwo", "Onetwothree", []) == ("three", "")
    assert consumed("Onethree", "Onetwothree", []) == ("wothree", "hree")
    assert consumed("CaseCountOne1.two", "Onetwo", ["CaseCount"]) == ("", "")
    assert not Page("", [], Image.new("L", (100, 100), 255)).inked((10, 10, 40, 20))
