"""Words of an interview without agreement to be quoted: marked quotable, or repeated in any text."""

import re
from collections.abc import Iterator

from themes.models import InterviewNote, Passage
from themes.report.checks.looked_at import Looked
from themes.report.checks.problem import Check, Found, Written

RUN_OF_WORDS = 8
WORD = re.compile(r"[^\W_]+")


def runs(text: str) -> Iterator[tuple[str, ...]]:
    """Each run of eight words, whatever stands between them."""
    words = [word.casefold() for word in WORD.findall(text)]
    return (tuple(words[start : start + RUN_OF_WORDS]) for start in range(len(words) - RUN_OF_WORDS + 1))


def look(looked: Looked) -> Iterator[Found]:
    notes = InterviewNote.objects.filter(interview__case__review=looked.review)
    notes = notes.exclude(interview__quoting_agreed=True)
    marked = Passage.objects.of_selected_cases(looked.review).filter(quotable=True, note__in=notes)
    for case in marked.values_list("case__public_id", flat=True).distinct():
        at = Written("An interview", "", case=case)
        yield Found("An interview has a passage marked quotable, and quoting was not agreed.", at, case)
    not_agreed = {run for words in notes.values_list("text", flat=True) for run in runs(words)}
    for text in looked.written:
        if any(run in not_agreed for run in runs(text.text)):
            sentence = f"{text.place} repeats words of an interview whose speaker did not agree to be quoted."
            yield Found(sentence, text, text.text)


NOT_AGREED = Check(
    slug="quoting-not-agreed",
    title="Words without agreement to quote",
    why="The person spoke on the understanding that their words would not be printed.",
    remedy="Ask for the agreement and record it with the interview, or take the words out.",
    look=look,
)
