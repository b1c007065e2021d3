"""The index cases of a review, ready to say how close a case is to each of them (rule 9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cases.matching import ClosenessToIndex
from cases.models import IndexCase, ProfileLine, Review
from cases.words import joined, plural


@dataclass(frozen=True)
class IndexCases:
    """The index cases by number, each with its answers by slug, ready to compare cases with."""

    answers: Mapping[int, Mapping[str, str]]
    lines: Sequence[ProfileLine]
    reader: ClosenessToIndex

    @property
    def number(self) -> int:
        return len(self.answers)

    def closeness(self, answers: Mapping[str, str]) -> float | None:
        """0 to 1 (rule 9); None where there is no index case, or none shares a known answer."""
        return self.reader.of(answers)

    def compared(self, answers: Mapping[str, str]) -> int:
        """With how many index cases a known answer is shared: the closeness is the mean over these."""
        return sum(bool(found.known) for found in self.reader.explain(answers))

    def explained(self, answers: Mapping[str, str]) -> list[str]:
        """A sentence for each index case: on how many answers known in both the two are alike."""
        names = {line.characteristic.slug: line.name for line in self.lines}
        sentences = []
        for number, found in zip(self.answers, self.reader.explain(answers), strict=True):
            if not found.known:
                sentences.append(f"Index case {number}: no answer is known in both.")
                continue
            alike = f"Index case {number}: alike on {len(found.alike)} of the {plural(found.known, 'answer')}"
            differing = [names[slug] for slug in found.differing]
            rest = f"; they differ on {joined(differing)}" if differing else ""
            sentences.append(f"{alike} known in both{rest}.")
        return sentences


def index_cases_of(review: Review, lines: Sequence[ProfileLine]) -> IndexCases:
    """In one query; `lines` with their characteristic say which answers count."""
    wanted = {line.characteristic_id: line.characteristic.slug for line in lines}
    answers: dict[int, dict[str, str]] = {}
    rows = IndexCase.objects.filter(review=review).order_by("number")
    for number, characteristic, presence in rows.values_list(
        "number", "answers__characteristic_id", "answers__presence"
    ):
        given = answers.setdefault(number, {})
        if characteristic in wanted:
            given[wanted[characteristic]] = presence
    return IndexCases(answers, lines, ClosenessToIndex(answers.values(), list(wanted.values())))
