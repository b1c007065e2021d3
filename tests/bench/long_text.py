"""The text that both sides of the tagging benchmark hold: made up, the same at every call."""

import random
from dataclasses import dataclass
from functools import cached_property

SIZE = 200_000
PASSAGES = 2_000
SEED = 30
SENTENCES = (
    "the worker visited early agency checks were sent to health visitor midwife school housing "
    "and probation records showed that support was offered before birth family network "
    "grandmother aunt agreed plan meeting supervision noted progress chronology pattern earlier "
    "concern reviewed with manager conference referral made request front door relationship "
    "trust cup tea timetable visual aid practical help "
)
WORDS = SENTENCES.split()
THEMES = tuple(f"Theme {number:02}" for number in range(1, 31))


@dataclass(frozen=True)
class Marked:
    """A passage in code points of the text, and of the same text without its line ends."""

    start: int
    end: int
    start_in_html: int
    end_in_html: int
    themes: tuple[int, ...]


@dataclass(frozen=True)
class Material:
    """`paragraphs` of plain letters, and passages within them that overlap and nest."""

    paragraphs: tuple[str, ...]
    passages: tuple[Marked, ...]

    @cached_property
    def text(self) -> str:
        return "\n".join(self.paragraphs)

    @cached_property
    def html(self) -> str:
        return "".join(f"<p>{paragraph}</p>" for paragraph in self.paragraphs)


def material(passages: int = PASSAGES, size: int = SIZE) -> Material:
    """A text of about `size` signs with this many different passages."""
    dice = random.Random(SEED)
    paragraphs: list[str] = []
    while sum(map(len, paragraphs)) + len(paragraphs) < size:
        paragraphs.append(" ".join(_sentence(dice) for _ in range(dice.randint(4, 9))))
    starts = [0]
    for paragraph in paragraphs:
        starts.append(starts[-1] + len(paragraph))
    places: set[tuple[int, int, int]] = set()
    while len(places) < passages:
        number = dice.randrange(len(paragraphs))
        words = paragraphs[number].split(" ")
        first = dice.randrange(len(words))
        last = min(first + dice.choice((1, 3, 8, 15, 25)), len(words))
        start = len(" ".join(words[:first])) + (first > 0)
        places.add((number, start, start + len(" ".join(words[first:last]))))
    marked = [
        Marked(
            starts[number] + number + start,
            starts[number] + number + end,
            starts[number] + start,
            starts[number] + end,
            tuple(sorted(dice.sample(range(len(THEMES)), dice.choice((1, 1, 2))))),
        )
        for number, start, end in sorted(places)
    ]
    return Material(tuple(paragraphs), tuple(marked))


def _sentence(dice: random.Random) -> str:
    words = dice.choices(WORDS, k=dice.randint(8, 20))
    return " ".join(words).capitalize() + "."
