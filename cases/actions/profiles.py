"""Versions of the risk profile: each change a new version, with a reason; answers survive it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection, transaction
from django.utils.text import slugify

from cases.actions.about_reviews import locked_to_manage
from cases.counters import recount_by
from cases.errors import Refused, Stale
from cases.exports import COLUMNS
from cases.imports import FIXED_COLUMNS
from cases.lifecycle import Activity, check_stage_allows
from cases.matching import Counts, score_of
from cases.models import (
    Carried,
    Case,
    Characteristic,
    ProfileLine,
    ProfileVersion,
    Review,
    Tier,
)
from cases.ranking import Ranking, counts_of, rank_review
from cases.sheet_cells import plain_heading
from kscmp_review.accounts.models import User
from kscmp_review.audit.record import record

LONGEST_NAME = ProfileLine._meta.get_field("name").max_length or 0
LONGEST_SLUG = Characteristic._meta.get_field("slug").max_length or 0
# A case sheet and the exported ranking have a column a characteristic beside these.
OTHER_COLUMNS = frozenset(map(plain_heading, (*FIXED_COLUMNS, *COLUMNS)))
# Each answer as reported and as verified, in one statement however many cases there are.
CARRY = """
INSERT INTO cases_answer (
    case_id, characteristic_id, reported, evidence, verified, verified_note, verified_by_id, verified_at
)
SELECT case_id, %s, reported, evidence, verified, verified_note, verified_by_id, verified_at
FROM cases_answer WHERE characteristic_id = %s {only}"""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One characteristic of a version to be made.

    `answers_from` names the characteristic whose answers a new one starts with (a split), and `carried` how:
    as they are, or absent where that is absent and else not known. Without it the new one starts not known in
    every case. `problem` is what it speaks of where another speaks of it too.
    """

    slug: str
    name: str
    tier: str
    guidance: str = ""
    problem: str = ""
    answers_from: str = ""
    carried: str = Carried.AS_THEY_ARE


def lines_of(version: ProfileVersion) -> list[Line]:
    """The version as lines that can be changed and saved as the next."""
    return [
        Line(
            slug=line.slug,
            name=line.name,
            tier=line.tier,
            guidance=line.guidance,
            problem=line.problem,
        )
        for line in version.lines.select_related("characteristic")
    ]


@transaction.atomic
def change(
    *, review: Review, lines: Sequence[Line], reason: str, seen: int | None = None, by: User
) -> ProfileVersion:
    """Make the next version and count every case by it.

    Raises Refused without a reason, without a difference, or where the review's minimum no longer fits; Stale
    where version `seen`, beside which the person saw the new one, is current no longer.
    """
    review = locked_to_manage(review, by)
    check_stage_allows(review, Activity.CHANGE_PROFILE)
    if not reason.strip():
        raise Refused("Give a reason for changing the risk profile.")
    previous = review.current_profile
    if seen not in (None, previous.number):
        raise Stale(
            f"Somebody has changed the profile meanwhile: version {previous.number} is current. Nothing has "
            "been saved. Look at what your change would do to it, and save again, or go back and edit."
        )
    if [_shown(line) for line in lines_of(previous)] == [_shown(line) for line in lines]:
        raise Refused("Nothing is different from the current version.")
    if review.minimum_matches > len(lines):
        raise Refused(
            f"The review asks for at least {review.minimum_matches} matches: "
            f"a profile of {len(lines)} cannot give that many."
        )
    version = add_version(review=review, lines=lines, reason=reason, by=by)
    recount_by(Case.objects.of(review), version)
    record(
        "profile.changed",
        by=by,
        review_id=review.pk,
        object_type="profile",
        object_id=str(version.number),
        before={"version": previous.number, "tiers": _tiers(lines_of(previous))},
        after={"version": version.number, "tiers": _tiers(lines)},
    )
    return version


def add_version(*, review: Review, lines: Sequence[Line], reason: str, by: User) -> ProfileVersion:
    """Write a version that has been permitted: its characteristics, lines and carried answers."""
    _check_lines(lines)
    newest = review.profile_versions.order_by("-number").first()
    version = ProfileVersion(
        review=review, number=newest.number + 1 if newest else 1, reason=reason.strip(), created_by=by
    )
    version.full_clean()
    version.save()
    known = {characteristic.slug: characteristic for characteristic in review.characteristics.all()}
    for order, line in enumerate(lines, start=1):
        characteristic, source = known.get(line.slug), None
        if characteristic is None:
            if names_other_column(line.slug):
                raise Refused(f"“{line.slug}” is another column of the sheets: choose another short name.")
            characteristic = Characteristic.objects.create(review=review, slug=line.slug)
            source = _carry_answers(known, line, characteristic)
        entry = ProfileLine(
            version=version,
            characteristic=characteristic,
            name=line.name.strip(),
            tier=line.tier,
            guidance=line.guidance.strip(),
            problem=" ".join(line.problem.split()),
            taken_from=source,
            carried=line.carried if source else "",
            order=order,
        )
        entry.full_clean(validate_constraints=False)
        entry.save()
    return version


def _carry_answers(
    known: Mapping[str, Characteristic], line: Line, new: Characteristic
) -> Characteristic | None:
    """Begin with the answers of another; returns which. Each is kept as reported and as verified."""
    if not line.answers_from:
        return None
    if line.carried not in Carried.values:
        raise Refused(f"Say how answers are carried over to “{line.name}”.")
    source = known.get(line.answers_from)
    if source is None:
        raise Refused(f"There is no characteristic “{line.answers_from}” to take answers from.")
    # Where the whole is absent, so is each part; where it is present, nobody knows of which.
    only = "AND presence = 'absent'" if line.carried == Carried.ABSENT_ONLY else ""
    with connection.cursor() as cursor:
        cursor.execute(CARRY.format(only=only), [new.pk, source.pk])
    return source


def names_other_column(slug: str) -> bool:
    """Whether a characteristic of this short name would share a column's heading with something else."""
    return plain_heading(slug) in OTHER_COLUMNS


def _check_lines(lines: Sequence[Line]) -> None:
    if not lines:
        raise Refused("A risk profile has at least one characteristic.")
    for line in lines:
        _check_name(line.name.strip())
        _check_slug(line)
        if line.tier not in Tier.values:
            raise Refused(f"“{line.name}” belongs to one of two tiers: key or of interest.")
    if len({line.slug for line in lines}) != len(lines):
        raise Refused("Each characteristic has a short name of its own.")
    if len({line.name.strip().casefold() for line in lines}) != len(lines):
        raise Refused("Each characteristic has a name of its own.")


def _check_name(name: str) -> None:
    if not name:
        raise Refused("Each characteristic has a name.")
    if len(name) > LONGEST_NAME:
        raise Refused(
            f"“{name[:30]}…” is too long: the name of a characteristic has at most {LONGEST_NAME} characters."
        )


def _check_slug(line: Line) -> None:
    if line.slug != slugify(line.slug) or not line.slug:
        raise Refused(
            f"The short name of “{line.name}” may hold lower-case letters, digits and hyphens only."
        )
    if len(line.slug) > LONGEST_SLUG:
        raise Refused(f"The short name of “{line.name}” has at most {LONGEST_SLUG} characters.")


def _shown(line: Line) -> tuple[str, ...]:
    return line.slug, line.name.strip(), line.tier, line.guidance.strip(), " ".join(line.problem.split())


def _tiers(lines: Sequence[Line]) -> dict[str, str]:
    return {line.slug: str(line.tier) for line in lines}


class Undo(Exception):
    """Ends a rehearsal: nothing of it stays."""


class Placed(NamedTuple):
    """A case and where it stands, without its answers: a rehearsal reads every case twice."""

    case: Case
    district: str
    rank: int
    counts: Counts
    suggested: str


@dataclass(frozen=True)
class Effect:
    """What a change of the profile would do: each case before and after, in the order of the new ranking."""

    rows: list[tuple[Placed, Placed]]

    @property
    def entering(self) -> list[Placed]:
        """Cases that would be suggested (for sure or by a tie) and are not now."""
        return [after for before, after in self.rows if before.suggested == "no" and after.suggested != "no"]

    @property
    def leaving(self) -> list[Placed]:
        return [before for before, after in self.rows if before.suggested != "no" and after.suggested == "no"]

    @property
    def changed(self) -> list[tuple[Placed, Placed]]:
        return [
            (before, after)
            for before, after in self.rows
            if (before.rank, before.counts, before.suggested) != (after.rank, after.counts, after.suggested)
        ]


def rehearse(*, review: Review, lines: Sequence[Line], reason: str, by: User) -> Effect:
    """The effect of `change` on the ranking, worked out by making the change and undoing it.

    Raises Refused exactly where `change` would.
    """
    effect: Effect | None = None
    try:
        with transaction.atomic():
            before = {row.case.pk: row for row in _rows(rank_review(review))}
            change(review=review, lines=lines, reason=reason, by=by)
            effect = Effect([(before[row.case.pk], row) for row in _rows(rank_review(review))])
            raise Undo
    except Undo:
        pass
    assert effect is not None  # nosec B101
    return effect


def _rows(ranking: Ranking) -> Iterator[Placed]:
    names = dict(ranking.review.districts.values_list("pk", "name"))
    cases = ranking.cases().only("public_id", "district_id")
    for case in cases.iterator(chunk_size=5_000):
        counts = counts_of(case)
        rank, suggested = ranking.ranks[score_of(counts)], ranking.suggestions[counts]
        yield Placed(case, names[case.district_id], rank, counts, suggested)
