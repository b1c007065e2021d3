"""Two readers of the same texts: where they differ, and how far they agree.

Agreement is told by sentence and theme: of each sentence, whether each reader's passages with that theme
touch it. Percentage; Cohen's kappa (Cohen 1960); Krippendorff's alpha for nominal data (Krippendorff 2011),
here for two readers and nothing missing: 1 - d(2N - 1) / (n0 n1), with N units of which d differ, and n0 and
n1 how often both readers together said no and yes.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from cases.matching.agreement import cohens_kappa
from themes.coding.passages import Passage

Reader = Literal["first", "second"]

# On fewer sentences tagged by either reader the figures move much with each of them.
FEW: Final = 20


@dataclass(frozen=True, slots=True)
class Mark:
    """One theme on a passage of a text, or on the whole of it where `passage` is None."""

    text: Hashable
    theme: Hashable
    passage: Passage | None = None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A mark of one reader that no mark of the other with the same theme touches."""

    mark: Mark
    reader: Reader


@dataclass(frozen=True, slots=True)
class Reliability:
    """Agreement over units; `kappa` and `alpha` are None where chance alone would make every unit agree."""

    both: int
    only_first: int
    only_second: int
    neither: int
    kappa: float | None
    alpha: float | None

    @property
    def units(self) -> int:
        return self.both + self.only_first + self.only_second + self.neither

    @property
    def percentage(self) -> float | None:
        """0 to 100; None without a unit."""
        return 100 * (self.both + self.neither) / self.units if self.units else None

    @property
    def few(self) -> bool:
        return self.both + self.only_first + self.only_second < FEW


def disagreements(first: Iterable[Mark], second: Iterable[Mark]) -> list[Disagreement]:
    """The marks of either that the other has not, the first reader's before the second's."""
    ours, theirs = list(dict.fromkeys(first)), list(dict.fromkeys(second))
    return [Disagreement(mark, "first") for mark in ours if not _met(mark, theirs)] + [
        Disagreement(mark, "second") for mark in theirs if not _met(mark, ours)
    ]


def by_theme(
    texts: Mapping[Hashable, Sequence[Passage]], first: Iterable[Mark], second: Iterable[Mark]
) -> dict[Hashable, Reliability]:
    """Reliability of each theme that either reader used; `texts` holds the sentences of each text."""
    ours, theirs = list(first), list(second)
    themes = dict.fromkeys(mark.theme for mark in [*ours, *theirs])
    return {theme: reliability(_ratings(texts, ours, theirs, theme)) for theme in themes}


def together(parts: Iterable[Reliability]) -> Reliability:
    """The reliability over the units of all of them."""
    pairs: Counter[tuple[bool, bool]] = Counter()
    for part in parts:
        pairs[True, True] += part.both
        pairs[True, False] += part.only_first
        pairs[False, True] += part.only_second
        pairs[False, False] += part.neither
    return _of(pairs)


def reliability(ratings: Iterable[tuple[bool, bool]]) -> Reliability:
    """Agreement over (first said yes, second said yes) of each unit."""
    return _of(Counter(ratings))


def krippendorffs_alpha(pairs: Mapping[tuple[bool, bool], int]) -> float | None:
    """Alpha of two readers and two values; None where only one value was ever given (Krippendorff 2011)."""
    units = sum(pairs.values())
    yes = sum(number * (one + other) for (one, other), number in pairs.items())
    no = 2 * units - yes
    if not yes or not no:
        return None
    differ = sum(number for (one, other), number in pairs.items() if one != other)
    return 1 - differ * (2 * units - 1) / (yes * no)


def _of(pairs: Mapping[tuple[bool, bool], int]) -> Reliability:
    words = {pair: (str(pair[0]), str(pair[1])) for pair in pairs}
    kappa = (
        cohens_kappa({words[pair]: number for pair, number in pairs.items()}) if sum(pairs.values()) else None
    )
    return Reliability(
        both=pairs.get((True, True), 0),
        only_first=pairs.get((True, False), 0),
        only_second=pairs.get((False, True), 0),
        neither=pairs.get((False, False), 0),
        kappa=kappa,
        alpha=krippendorffs_alpha(pairs),
    )


def _ratings(
    texts: Mapping[Hashable, Sequence[Passage]], first: list[Mark], second: list[Mark], theme: Hashable
) -> Iterator[tuple[bool, bool]]:
    for text, sentences in texts.items():
        ours = [mark for mark in first if mark.theme == theme and mark.text == text]
        theirs = [mark for mark in second if mark.theme == theme and mark.text == text]
        for sentence in sentences:
            yield _touched(sentence, ours), _touched(sentence, theirs)


def _touched(sentence: Passage, marks: list[Mark]) -> bool:
    return any(mark.passage is None or _overlap(mark.passage, sentence) for mark in marks)


def _met(mark: Mark, others: list[Mark]) -> bool:
    return any(
        other.text == mark.text
        and other.theme == mark.theme
        and (mark.passage is None or other.passage is None or _overlap(mark.passage, other.passage))
        for other in others
    )


def _overlap(one: Passage, other: Passage) -> bool:
    return one.start < other.end and other.start < one.end
