"""Rules 2 to 4 read word for word and tried every way. Slow on purpose; shares no code with what it checks.

A case here is (key, district, answers by slug in profile order); `tiers` gives a tier for each slug.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby, permutations, product
from typing import NamedTuple


class Plain(NamedTuple):
    key: str
    district: str
    answers: tuple[str, ...]


class Asked(NamedTuple):
    wanted: int
    minimum: int
    per_district: int


def measure(case: Plain, tiers: Sequence[str]) -> tuple[int, int, int]:
    """Sorts best first."""
    present = [tier for answer, tier in zip(case.answers, tiers, strict=True) if answer == "present"]
    return -len(present), -present.count("key"), case.answers.count("not known")


def each_way_of_breaking_ties(cases: Sequence[Plain], tiers: Sequence[str]) -> Iterator[list[Plain]]:
    ordered = sorted(cases, key=lambda case: measure(case, tiers))
    tied = [tuple(group) for _, group in groupby(ordered, key=lambda case: measure(case, tiers))]
    for way in product(*(permutations(group) for group in tied)):
        yield [case for group in way for case in group]


def choose(in_order: Sequence[Plain], tiers: Sequence[str], asked: Asked) -> frozenset[str]:
    """The selection once every tie is broken."""
    qualifying = [case for case in in_order if -measure(case, tiers)[0] >= asked.minimum]
    chosen: list[Plain] = []
    for district in sorted({case.district for case in qualifying}):
        of_district = [case for case in qualifying if case.district == district]
        chosen += of_district[: asked.per_district]
    for case in qualifying:
        if case not in chosen and len(chosen) < asked.wanted:
            chosen.append(case)
    return frozenset(case.key for case in chosen)


def selections(cases: Sequence[Plain], tiers: Sequence[str], asked: Asked) -> set[frozenset[str]]:
    return {choose(way, tiers, asked) for way in each_way_of_breaking_ties(cases, tiers)}


def in_all_some_or_none(cases: Sequence[Plain], ways: set[frozenset[str]], words: str) -> dict[str, str]:
    in_all, in_some, in_none = words.split()
    return {
        case.key: in_all
        if all(case.key in way for way in ways)
        else in_some
        if any(case.key in way for way in ways)
        else in_none
        for case in cases
    }


def suggestion(cases: Sequence[Plain], tiers: Sequence[str], asked: Asked) -> dict[str, str]:
    return in_all_some_or_none(cases, selections(cases, tiers, asked), "yes tie no")


def each_way_it_turns_out(cases: Sequence[Plain]) -> Iterator[list[Plain]]:
    turns = [
        product(*(("present", "absent") if answer == "not known" else (answer,) for answer in case.answers))
        for case in cases
    ]
    for way in product(*turns):
        yield [case._replace(answers=answers) for case, answers in zip(cases, way, strict=True)]


def standing(cases: Sequence[Plain], tiers: Sequence[str], asked: Asked) -> dict[str, str]:
    ways = set[frozenset[str]]()
    for way in each_way_it_turns_out(cases):
        ways |= selections(way, tiers, asked)
    return in_all_some_or_none(cases, ways, "secure open out")


def decisive(cases: Sequence[Plain], tiers: Sequence[str], asked: Asked) -> set[tuple[str, int]]:
    return decisive_by_turning(cases, tiers, asked, ("present", "absent"))


def decisive_by_turning(
    cases: Sequence[Plain], tiers: Sequence[str], asked: Asked, turns: Sequence[str]
) -> set[tuple[str, int]]:
    """(key, place in the profile) of each decisive answer."""
    now = suggestion(cases, tiers, asked)
    found = set[tuple[str, int]]()
    for row, case in enumerate(cases):
        for place, answer in enumerate(case.answers):
            if answer != "not known":
                continue
            for turned in turns:
                answers = (*case.answers[:place], turned, *case.answers[place + 1 :])
                others = [*cases[:row], case._replace(answers=answers), *cases[row + 1 :]]
                if suggestion(others, tiers, asked) != now:
                    found.add((case.key, place))
    return found


def suggestion_ignoring_ties(cases: Sequence[Plain], tiers: Sequence[str], asked: Asked) -> dict[str, str]:
    """A wrong rule, kept so that the comparison is seen to fail: ties broken by order of submission."""
    way = choose(sorted(cases, key=lambda case: measure(case, tiers)), tiers, asked)
    return in_all_some_or_none(cases, {way}, "yes tie no")


def standing_one_case_at_a_time(cases: Sequence[Plain], tiers: Sequence[str], asked: Asked) -> dict[str, str]:
    """A wrong rule: each case's own not-known answers turn out, everyone else's are taken for absent."""
    found: dict[str, str] = {}
    for row, case in enumerate(cases):
        others = [
            other._replace(answers=tuple(a if a != "not known" else "absent" for a in other.answers))
            for other in cases
        ]
        others[row] = case
        found[case.key] = standing(others, tiers, asked)[case.key]
    return found
