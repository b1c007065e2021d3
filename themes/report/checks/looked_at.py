"""What the checks look at: each written text, and the whole document as it would be given away."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils import timezone

from cases.models import Review
from themes.report.briefing import briefing_html
from themes.report.checks.problem import ANYWHERE, Written
from themes.report.checks.texts import names_in, plain, sentences_of, smooth, written_texts
from themes.report.document import Document, Material, build
from themes.report.live_counts import filled


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a section: as it is typed, with live counts in braces, and as it reads."""

    said: str
    read: str
    at: Written


@dataclass(frozen=True, slots=True)
class Looked:
    """`words` are those of the whole document and of the briefing, their tags gone.

    With the addresses and anchors in them, and the review's short name, after which files are called.
    """

    material: Material
    written: tuple[Written, ...]
    document: Document = field(repr=False)
    words: str = field(repr=False)
    sentences: tuple[Sentence, ...] = field(repr=False)

    @property
    def review(self) -> Review:
        return self.material.review

    @property
    def sections(self) -> list[Written]:
        return [text for text in self.written if text.section]

    def place_of(self, words: str) -> Written:
        """The written text that holds the words; the document as a whole where none does."""
        wanted = words.casefold()
        return next((text for text in self.written if wanted in text.text.casefold()), ANYWHERE)


def looked_at(material: Material) -> Looked:
    written = tuple(written_texts(material))
    today = timezone.localdate()
    document = build(material, on=today, leave_unknown=True)
    html = document.html + briefing_html(material, on=today)
    words = "\n----\n".join((plain(html), names_in(html), material.review.slug.replace("-", " ")))
    said = tuple(_sentences(material, written))
    return Looked(material, written, document, words, said)


def _sentences(material: Material, written: tuple[Written, ...]) -> Iterator[Sentence]:
    for at in written:
        for said in sentences_of(at.said):
            yield Sentence(said, smooth(filled(said, material.words, leave_unknown=True)), at)
