"""Quotations: words of an interview without agreement, and words in quotation marks that nobody marked."""

import re
from collections.abc import Iterable, Iterator, Sequence

from themes.models import InterviewNote, Passage
from themes.report.checks.looked_at import Looked
from themes.report.checks.problem import Check, Found, Written
from themes.report.checks.texts import sentence_with, smooth

RUN_OF_WORDS = 8
# In quotation marks fewer are enough: whoever puts them there says that somebody said so.
FEWEST_QUOTED = 3
FEWEST_OF_UNKNOWN_SOURCE = 5
WORD = re.compile(r"[^\W_]+")
MARKED = re.compile(
    r"“([^”]+)”|«([^»]+)»|„([^“”]+)[“”]|\"([^\"\n]+)\"|(?<!\w)[‘']([^‘’']+(?:['’]\w[^‘’']*)*)[’'](?!\w)"
)
BLOCK = re.compile(r"^[ \t]*>[ \t]?(.+)$", re.MULTILINE)


class Said:
    """Texts as the words in them, for asking whether others repeat them; each is taken apart once."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = [f" {' '.join(words_of(smooth(text)))} " for text in texts]
        self._runs = {run for text in self._texts for run in runs(text)}

    def holds(self, words: Sequence[str]) -> bool:
        wanted = f" {' '.join(words)} "
        return any(wanted in text for text in self._texts)

    def run_in(self, text: str) -> str:
        """The first run of eight words that the text has in common with one of them."""
        return next((run for run in runs(text) if run in self._runs), "")


def words_of(text: str) -> list[str]:
    return WORD.findall(text.casefold())


def runs(text: str) -> Iterator[str]:
    """Each run of eight words, whatever stands between them."""
    words = words_of(text)
    return (" ".join(words[start : start + RUN_OF_WORDS]) for start in range(len(words) - RUN_OF_WORDS + 1))


def in_marks(text: str) -> Iterator[str]:
    """What stands in quotation marks, and each line of a block quotation."""
    for found in MARKED.finditer(text):
        yield next(words for words in found.groups() if words)
    yield from (found[1] for found in BLOCK.finditer(text))


def repeated(text: str, not_agreed: Said) -> str:
    """Words of notes that the text repeats: a run of eight, or three and more in quotation marks."""
    quoted = (words for words in in_marks(text) if len(words_of(words)) >= FEWEST_QUOTED)
    return not_agreed.run_in(text) or next(
        (words for words in quoted if not_agreed.holds(words_of(words))), ""
    )


def of_unknown_source(text: str, quotable: Said) -> Iterator[str]:
    """Quotations of five words and more that stand in no passage marked quotable."""
    for quoted in in_marks(text):
        words = words_of(quoted)
        if len(words) >= FEWEST_OF_UNKNOWN_SOURCE and not quotable.holds(words):
            yield quoted


def look_for_not_agreed(looked: Looked) -> Iterator[Found]:
    notes = InterviewNote.objects.filter(interview__case__review=looked.review)
    notes = notes.exclude(interview__quoting_agreed=True)
    marked = Passage.objects.of_selected_cases(looked.review).filter(quotable=True, note__in=notes)
    for case in marked.values_list("case__public_id", flat=True).distinct():
        at = Written("An interview", "", case=case)
        yield Found("An interview has a passage marked quotable, and quoting was not agreed.", at, case)
    not_agreed = Said(notes.values_list("text", flat=True))
    for text in looked.written:
        words = repeated(text.text, not_agreed)
        if words:
            sentence = f"{text.place} repeats words of an interview whose speaker did not agree to be quoted."
            yield Found(sentence, text, words, passage=sentence_with(words, text.text))


def look_for_unknown(looked: Looked) -> Iterator[Found]:
    passages = Passage.objects.of_selected_cases(looked.review).quotable().with_source()
    quotable = Said(passage.words for passage in passages)
    for text in looked.sections:
        for quoted in of_unknown_source(text.text, quotable):
            told = f"{text.place} quotes words that are in no passage marked quotable."
            yield Found(told, text, quoted, passage=quoted)


NOT_AGREED = Check(
    slug="quoting-not-agreed",
    title="Words without agreement to quote",
    why="The person spoke on the understanding that their words would not be printed.",
    remedy="Ask for the agreement and record it with the interview, or take the words out.",
    look=look_for_not_agreed,
)
UNKNOWN = Check(
    slug="quotation-unknown",
    title="Quotation of unknown source",
    why="Nobody can tell whose words these are, or whether they agreed to be quoted.",
    remedy="Mark the passage they come from as quotable, or take the quotation marks off.",
    look=look_for_unknown,
    acceptable=True,
)
