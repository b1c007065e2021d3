"""A change of the risk profile in the making: several steps that become one version.

It waits in the session: it holds no case, and nobody else has a use for it.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

from django.http import HttpRequest
from django.utils.text import slugify

from cases.actions.profiles import LONGEST_SLUG, Line, lines_of, names_other_column
from cases.errors import Refused
from cases.models import Carried, ProfileVersion, Review


class Carry(StrEnum):
    """How the answers to a characteristic carry over to the two it is split into."""

    BOTH = "both"
    FIRST = "first"
    SECOND = "second"
    ABSENT = "absent"
    NEITHER = "neither"


CARRIES: dict[str, str] = {
    Carry.BOTH: "To both, as they are",
    Carry.FIRST: "To the first only: the second is not known in every case",
    Carry.SECOND: "To the second only: the first is not known in every case",
    Carry.ABSENT: "Absent to both: what was present becomes not known in both",
    Carry.NEITHER: "To neither: both are not known in every case",
}


@dataclass(frozen=True)
class Proposal:
    """The lines of the version to be made, and the number of the version they set out from."""

    base: int
    lines: tuple[Line, ...]

    def line(self, slug: str) -> Line | None:
        return next((line for line in self.lines if line.slug == slug), None)

    def with_lines(self, lines: Sequence[Line]) -> "Proposal":
        return replace(self, lines=tuple(lines))

    def moved(self, slug: str, step: int) -> "Proposal":
        """One place up (-1) or down (1); at the end it stays where it is."""
        lines = list(self.lines)
        place = [line.slug for line in lines].index(slug)
        other = min(max(place + step, 0), len(lines) - 1)
        lines[place], lines[other] = lines[other], lines[place]
        return self.with_lines(lines)

    def without(self, slug: str) -> "Proposal":
        return self.with_lines([line for line in self.lines if line.slug != slug])

    def put(self, slug: str, new: Sequence[Line]) -> "Proposal":
        """With one line replaced by others in its place."""
        place = [line.slug for line in self.lines].index(slug)
        return self.with_lines([*self.lines[:place], *new, *self.lines[place + 1 :]])

    def added(self, line: Line) -> "Proposal":
        return self.with_lines([*self.lines, line])


def split(
    whole: Line, first: Line, second: Line, carry: str, *, known: Collection[str], taken: Collection[str]
) -> list[Line]:
    """The two lines that take the place of `whole`.

    `known` are the short names of characteristics that have answers, `taken` those in use besides.

    A part keeps the identity of the whole, and with it every answer, only where answers carry as they are;
    otherwise it is a characteristic of its own, so that earlier versions rank as they did.
    """
    first = replace(first, slug=free_slug(first.name, {*known, *taken}))
    second = replace(second, slug=free_slug(second.name, {*known, *taken, first.slug}))
    source = whole.slug if whole.slug in known else whole.answers_from
    same = {"slug": whole.slug, "answers_from": whole.answers_from, "carried": whole.carried}
    if carry == Carry.BOTH:
        return [replace(first, **same), replace(second, answers_from=source)]
    if carry == Carry.FIRST:
        return [replace(first, **same), second]
    if carry == Carry.SECOND:
        return [first, replace(second, **same)]
    if carry == Carry.ABSENT:
        absent = {"answers_from": source, "carried": str(Carried.ABSENT_ONLY)}
        return [replace(first, **absent), replace(second, **absent)]
    return [first, second]


def free_slug(name: str, taken: Collection[str]) -> str:
    """A short name made of a name, with a number behind it where it is in use or would mislead."""
    stem = slugify(name)[: LONGEST_SLUG - 4].strip("-") or "characteristic"
    slug, number = stem, 1
    while slug in taken or names_other_column(slug):
        number += 1
        slug = f"{stem}-{number}"
    return slug


def key_of(review: Review) -> str:
    return f"profile:{review.pk}"


def proposal_of(request: HttpRequest, review: Review, current: ProfileVersion) -> Proposal:
    """What the person has proposed so far; without anything, the current version."""
    kept = request.session.get(key_of(review))
    if kept is None:
        return Proposal(current.number, tuple(lines_of(current)))
    return Proposal(kept["base"], tuple(Line(**line) for line in kept["lines"]))


def keep(request: HttpRequest, review: Review, proposal: Proposal) -> None:
    request.session[key_of(review)] = {
        "base": proposal.base,
        "lines": [asdict(line) for line in proposal.lines],
    }


def drop(request: HttpRequest, review: Review) -> None:
    request.session.pop(key_of(review), None)


def steps(proposal: Proposal, current: Sequence[Line]) -> list[str]:
    """What is proposed, a sentence each, beside the current version."""
    old = {line.slug: line for line in current}
    new = {line.slug: line for line in proposal.lines}
    sentences = [f"“{line.name}” is removed." for slug, line in old.items() if slug not in new]
    for slug, line in new.items():
        sentences += _step(old.get(slug), line, old)
    if [slug for slug in old if slug in new] != [slug for slug in new if slug in old]:
        sentences.append("The order changes.")
    return sentences


def _step(before: Line | None, after: Line, old: dict[str, Line]) -> list[str]:
    if before is None:
        if not after.answers_from:
            return [f"“{after.name}” is added."]
        source = old.get(after.answers_from)
        whose = f"“{source.name}”" if source else "an earlier characteristic"
        how = (
            "absent where that is absent" if after.carried == Carried.ABSENT_ONLY else "with the same answers"
        )
        return [f"“{after.name}” is split from {whose}, {how}."]
    differs: list[tuple[bool, str]] = [
        (before.name != after.name, f"“{before.name}” is called “{after.name}”."),
        (before.tier != after.tier, f"“{after.name}” moves to the other tier."),
        (
            before.problem != after.problem,
            f"“{after.name}” speaks of “{after.problem or 'no named problem'}”.",
        ),
        (before.guidance != after.guidance, f"The guidance of “{after.name}” changes."),
    ]
    return [sentence for changed, sentence in differs if changed]


def changed(proposal: Proposal, slug: str, act: Callable[[Proposal, str], Proposal]) -> Proposal:
    """One step; raises Refused where the line has gone from the proposal."""
    if proposal.line(slug) is None:
        raise Refused("This characteristic is no longer in the proposal.")
    return act(proposal, slug)
