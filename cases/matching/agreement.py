"""Rule 5: how far reported and verified answers agree.

Cohen's kappa (Cohen 1960) over the three answers: (p - e) / (1 - e), with p the share of answers that agree
and e the share that would by chance, from how often each side gives each answer. It is undefined where
chance alone would make every answer agree.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple


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


@dataclass(frozen=True, slots=True)
class AgreementTable:
    """Agreement by characteristic slug, in the order asked for, and over all of them together."""

    by_characteristic: Mapping[str, Agreement]
    overall: Agreement


def agreement(pairs: Iterable[tuple[str, str]]) -> Agreement:
    """Agreement over (reported, verified) pairs."""
    cells = Counter(pairs)
    compared = cells.total()
    if not compared:
        return Agreement(0, 0, None, None, "No answer has been verified yet.")
    agreed = sum(number for (reported, verified), number in cells.items() if reported == verified)
    percentage = 100 * agreed / compared
    by_reported: Counter[str] = Counter()
    by_verified: Counter[str] = Counter()
    for (reported, verified), number in cells.items():
        by_reported[reported] += number
        by_verified[verified] += number
    # Whole numbers until the one division, so that "undefined" is exact: this is e times compared squared.
    by_chance = sum(number * by_verified[answer] for answer, number in by_reported.items())
    if by_chance == compared**2:
        (only,) = by_reported
        reason = (
            f"Every answer is “{only}”, reported and verified, so agreement beyond chance cannot be told."
        )
        return Agreement(compared, agreed, percentage, None, reason)
    kappa = (compared * agreed - by_chance) / (compared**2 - by_chance)
    return Agreement(compared, agreed, percentage, kappa)


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
