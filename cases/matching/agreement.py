"""Rule 5: how far reported and verified answers agree.

Cohen's kappa (Cohen 1960) over the three answers: (p - e) / (1 - e), with p the share of answers that agree
and e the share that would by chance, from how often each side gives each answer. It is undefined where
chance alone would make every answer agree, and withheld below twice the square of the number of answers to
choose from, the smallest sample for which kappa's distribution is near enough to normal to be read at all
(Cicchetti 1976).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from cases.matching.answers import ANSWERS

FEWEST_FOR_KAPPA: Final = 2 * len(ANSWERS) ** 2


class Comparison(NamedTuple):
    """One answer as reported and as verified; `verified` is None where nobody has verified it yet."""

    slug: str
    reported: str
    verified: str | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """`percentage` is 0 to 100, `kappa` -1 to 1; where `kappa` is None, `reason` says why in a sentence."""

    compared: int
    agreed: int
    percentage: float | None
    kappa: float | None
    reason: str = ""

    @property
    def share(self) -> float:
        """The percentage as a share of 1."""
        return self.agreed / self.compared if self.compared else 0.0

    @property
    def too_few(self) -> bool:
        return self.compared < FEWEST_FOR_KAPPA


@dataclass(frozen=True, slots=True)
class AgreementTable:
    """Agreement by characteristic slug, in the order asked for, and over all of them together."""

    by_characteristic: Mapping[str, Agreement]
    overall: Agreement


def cohens_kappa(cells: Mapping[tuple[str, str], int]) -> float | None:
    """Kappa of a table of (reported, verified) → how many; None where it is undefined (Cohen 1960)."""
    compared = sum(cells.values())
    by_reported: Counter[str] = Counter()
    by_verified: Counter[str] = Counter()
    for (reported, verified), number in cells.items():
        by_reported[reported] += number
        by_verified[verified] += number
    # Whole numbers until the one division, so that "undefined" is exact: this is e times compared squared.
    by_chance = sum(number * by_verified[answer] for answer, number in by_reported.items())
    if by_chance == compared**2:
        return None
    return (compared * _agreed(cells) - by_chance) / (compared**2 - by_chance)


def agreement(pairs: Iterable[tuple[str, str]]) -> Agreement:
    """Agreement over (reported, verified) pairs."""
    cells = Counter(pairs)
    compared, agreed = cells.total(), _agreed(cells)
    if not compared:
        return Agreement(0, 0, None, None, "No answer has been verified yet.")
    percentage = 100 * agreed / compared
    if compared < FEWEST_FOR_KAPPA:
        reason = (
            f"Kappa is not given for fewer than {FEWEST_FOR_KAPPA} verified answers: "
            "on so few it would say little."
        )
        return Agreement(compared, agreed, percentage, None, reason)
    kappa = cohens_kappa(cells)
    if kappa is None:
        ((only, _),) = cells
        reason = (
            f"Every answer is “{only}”, reported and verified, so agreement beyond chance cannot be told."
        )
        return Agreement(compared, agreed, percentage, None, reason)
    return Agreement(compared, agreed, percentage, kappa)


def _agreed(cells: Mapping[tuple[str, str], int]) -> int:
    return sum(number for (reported, verified), number in cells.items() if reported == verified)


def agreement_table(comparisons: Iterable[Comparison], slugs: Sequence[str]) -> AgreementTable:
    """Agreement for each of `slugs` and overall; answers not verified, or to other slugs, are left out."""
    pairs: dict[str, list[tuple[str, str]]] = {slug: [] for slug in slugs}
    for slug, reported, verified in comparisons:
        if verified is not None and slug in pairs:
            pairs[slug].append((reported, verified))
    return AgreementTable(
        by_characteristic={slug: agreement(own) for slug, own in pairs.items()},
        overall=agreement(pair for own in pairs.values() for pair in own),
    )
