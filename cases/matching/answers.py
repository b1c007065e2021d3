"""Rule 1: from the answers of a case to its counts under a profile.

A missing answer is *not known*; not known is never counted, shown or stored as absent.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

PRESENT: Final = "present"
ABSENT: Final = "absent"
NOT_KNOWN: Final = "not known"
ANSWERS: Final = (PRESENT, ABSENT, NOT_KNOWN)

KEY: Final = "key"
OF_INTEREST: Final = "of-interest"
TIERS: Final = (KEY, OF_INTEREST)


@dataclass(frozen=True, slots=True)
class Characteristic:
    """One line of a risk profile. `tier` is "key" or "of-interest"; anything else is a ValueError."""

    slug: str
    tier: str

    def __post_init__(self) -> None:
        if self.tier not in TIERS:
            raise ValueError(f"“{self.tier}” is not a tier: it is one of {', '.join(TIERS)}")


@dataclass(frozen=True)
class Profile:
    """The characteristics of one version of a risk profile, in order. A repeated slug is a ValueError."""

    characteristics: tuple[Characteristic, ...]

    def __post_init__(self) -> None:
        if len(set(self.slugs)) != len(self.slugs):
            raise ValueError("a profile names each characteristic once")

    @cached_property
    def slugs(self) -> tuple[str, ...]:
        return tuple(line.slug for line in self.characteristics)


@dataclass(frozen=True, slots=True)
class CaseAnswers:
    """One case as it stands: `answers` maps a slug to "present", "absent" or "not known".

    `key` is whatever the caller knows the case by; `sequence` is its place in order of submission.
    Answers to characteristics outside the profile are ignored.
    """

    key: Hashable
    district: str
    sequence: int
    answers: Mapping[str, str]


class Counts(NamedTuple):
    """All that rules 2 to 4 need to know of a case; cases with equal counts are treated alike.

    `district` may be any hashable value (a name or a database id). `key_not_known`, the not-known answers
    among the key characteristics, is needed by rule 4 alone and may be left out (None) for rules 2 and 3.
    """

    district: Hashable
    match_count: int
    key_count: int
    not_known: int
    key_not_known: int | None = None

    @property
    def lowest(self) -> int:
        """Rule 4: the match count if every not-known answer turned out absent."""
        return self.match_count

    @property
    def highest(self) -> int:
        """Rule 4: the match count if every not-known answer turned out present."""
        return self.match_count + self.not_known


class CountedCase(NamedTuple):
    """A case in its light form, as read from counters kept beside it."""

    key: Hashable
    sequence: int
    counts: Counts


def effective_answer(reported: str | None, verified: str | None) -> str:
    """Rule 5: a verified answer wins over the reported one; neither given is *not known*."""
    if verified is not None:
        return verified
    return NOT_KNOWN if reported is None else reported


class ProfileReader:
    """Counts cases under one profile (rule 1). Cases with equal counts share one `Counts`."""

    def __init__(self, profile: Profile) -> None:
        self._lines = [(line.slug, line.tier == KEY) for line in profile.characteristics]
        self._shared: dict[Counts, Counts] = {}

    def counts(self, case: CaseAnswers) -> Counts:
        """An answer outside the three words is a ValueError."""
        match_count = key_count = not_known = key_not_known = 0
        answer_to = case.answers.get
        for slug, is_key in self._lines:
            answer = answer_to(slug, NOT_KNOWN)
            if answer == PRESENT:
                match_count += 1
                key_count += is_key
            elif answer == NOT_KNOWN:
                not_known += 1
                key_not_known += is_key
            elif answer != ABSENT:
                raise ValueError(f"“{answer}” is not an answer: it is one of {', '.join(ANSWERS)}")
        counts = Counts(case.district, match_count, key_count, not_known, key_not_known)
        return self._shared.setdefault(counts, counts)


def count_case(case: CaseAnswers, profile: Profile) -> Counts:
    """The counts of one case under a profile (rule 1); for many cases keep one `ProfileReader`."""
    return ProfileReader(profile).counts(case)


def answers_in_full(case: CaseAnswers, profile: Profile) -> dict[str, str]:
    """One answer a characteristic, in the profile's order, a missing one as *not known*."""
    answer_to = case.answers.get
    return {slug: answer_to(slug, NOT_KNOWN) for slug in profile.slugs}
