"""Rule 1: from the answers of a case to its counts under a profile.

A missing answer is *not known*; not known is never counted, shown or stored as absent.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
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


class AnswersRead(NamedTuple):
    """What a set of answers comes to under a profile; `in_full` has every characteristic, in order."""

    match_count: int
    key_count: int
    not_known: int
    key_not_known: int
    in_full: Mapping[str, str]


class ProfileReader:
    """Reads answers under one profile (rule 1), each distinct set of answers only once.

    With nine characteristics there are at most 19,683 sets, so a hundred thousand cases share most of them.
    """

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self._read: dict[tuple[str | None, ...], AnswersRead] = {}

    def read(self, answers: Mapping[str, str]) -> AnswersRead:
        """An answer outside the three words is a ValueError."""
        given = tuple(map(answers.get, self.profile.slugs))
        known = self._read.get(given)
        if known is None:
            known = self._read[given] = self._count(given)
        return known

    def counts(self, case: CaseAnswers) -> Counts:
        match_count, key_count, not_known, key_not_known, _ = self.read(case.answers)
        return Counts(case.district, match_count, key_count, not_known, key_not_known)

    def _count(self, given: tuple[str | None, ...]) -> AnswersRead:
        in_full = {
            slug: NOT_KNOWN if answer is None else answer
            for slug, answer in zip(self.profile.slugs, given, strict=True)
        }
        for answer in in_full.values():
            if answer not in ANSWERS:
                raise ValueError(f"“{answer}” is not an answer: it is one of {', '.join(ANSWERS)}")
        answered = list(in_full.values())
        to_key = [in_full[line.slug] for line in self.profile.characteristics if line.tier == KEY]
        return AnswersRead(
            match_count=answered.count(PRESENT),
            key_count=to_key.count(PRESENT),
            not_known=answered.count(NOT_KNOWN),
            key_not_known=to_key.count(NOT_KNOWN),
            in_full=MappingProxyType(in_full),
        )


def count_case(case: CaseAnswers, profile: Profile) -> Counts:
    """The counts of one case under a profile (rule 1); for many cases keep one `ProfileReader`."""
    return ProfileReader(profile).counts(case)


def answers_in_full(case: CaseAnswers, profile: Profile) -> dict[str, str]:
    """One answer a characteristic, in the profile's order, a missing one as *not known*."""
    return dict(ProfileReader(profile).read(case.answers).in_full)
