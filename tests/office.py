"""A document as LibreOffice lays it out: its pages as words with their places, and as pictures."""

import re
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

import pypdf
from PIL import Image

from tests.programs import find_office

PIXELS_PER_INCH = 60
POINTS_PER_INCH = 72
WORD = "{http://www.w3.org/1999/xhtml}word"
PAGE = "{http://www.w3.org/1999/xhtml}page"
SECONDS = 300


@dataclass(frozen=True)
class Page:
    """`text` is in the order of reading; `words` are (text, left, top, right, bottom) in points; `picture`
    is the page as drawn, in grey.
    """

    text: str
    words: list[tuple[str, float, float, float, float]]
    picture: Image.Image

    def inked(self, box: tuple[float, float, float, float]) -> bool:
        """Whether something darker than its surroundings is drawn within the box."""
        scale = PIXELS_PER_INCH / POINTS_PER_INCH
        left, top, right, bottom = (round(side * scale) for side in box)
        low, high = self.picture.crop((left, top, max(right, left + 1), max(bottom, top + 1))).getextrema()
        return float(low) < 0.7 * float(high)  # type: ignore[arg-type]  # of a grey picture these are numbers


def laid_out(document: Path, folder: Path) -> list[Page]:
    """The pages of a Word or OpenDocument file. RuntimeError where LibreOffice does not make them."""
    office = find_office()
    assert office is not None, "these tests are not run without LibreOffice"
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    _run(office, "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder), str(document))
    pdf = folder / f"{document.stem}.pdf"
    if not pdf.is_file():
        raise RuntimeError(f"LibreOffice made nothing of {document.name}")
    _run("pdftotext", "-bbox", str(pdf), str(folder / "words.html"))
    _run("pdftoppm", "-r", str(PIXELS_PER_INCH), "-gray", "-png", str(pdf), str(folder / "page"))
    told = (folder / "words.html").read_text()
    root = ET.fromstring(re.sub(r"<!DOCTYPE[^>]*>", "", told))
    pictures = sorted(folder.glob("page-*.png"))
    texts = [page.extract_text() for page in pypdf.PdfReader(pdf).pages]
    return [
        Page(text, [_word(word) for word in page.iter(WORD)], Image.open(picture).convert("L"))
        for text, page, picture in zip(texts, root.iter(PAGE), pictures, strict=True)
    ]


def _word(element: ET.Element) -> tuple[str, float, float, float, float]:
    left, top, right, bottom = (float(element.get(side, "0")) for side in ("xMin", "yMin", "xMax", "yMax"))
    return element.text or "", left, top, right, bottom


def _run(*command: str) -> None:
    finished = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    if finished.returncode:
        raise RuntimeError(f"{command[0]} stopped: {finished.stderr or finished.stdout}")
