"""What a case said at each change, kept sealed, and the differences between two of them in words."""

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from django.db import connection
from django.utils import timezone

from cases import bulk, liberi
from cases.dates import day
from cases.models import Case, CaseVersion, Presence, ProfileLine, Review
from kscmp_review.accounts.models import User

# So short a text gains nothing from the patience of higher levels.
QUICK = 1


@dataclass(frozen=True, kw_only=True)
class Said:
    """A case as it was saved once: `answers` maps a characteristic's slug to (presence, evidence note)."""

    liberi_id: str
    assessment_date: date
    answers: Mapping[str, tuple[str, str]]


def said_of(case: Case) -> Said:
    """What the case says now, as its district reported it."""
    answers = case.answers.select_related("characteristic").order_by("characteristic")
    return Said(
        liberi_id=case.liberi_id,
        assessment_date=case.assessment_date,
        answers={answer.characteristic.slug: (answer.reported, answer.evidence) for answer in answers},
    )


def keep_version(case: Case, *, by: User) -> CaseVersion:
    """Keep what the case says now as its next version."""
    return CaseVersion.objects.create(
        case=case, number=case.versions.count() + 1, sealed=seal(said_of(case)), saved_by=by
    )


def keep_first_version(case: Case) -> None:
    """Before a change: keep what was submitted, of a case from before versions were kept."""
    if not case.versions.exists():
        CaseVersion.objects.create(
            case=case,
            number=1,
            sealed=seal(said_of(case)),
            saved_by=case.submitted_by,
            saved_at=case.submitted_at,
        )


def keep_first_versions(cases: Iterable[tuple[int, Said]], *, by: User) -> None:
    """The same for the new cases of a sheet, by their primary keys, in one go."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    bulk.write(
        CaseVersion,
        ("case_id", "number", "sealed", "saved_by_id", "saved_at"),
        ((case, 1, seal(said), by.pk, now) for case, said in cases),
    )


def seal(said: Said) -> bytes:
    plain = {
        "liberi_id": said.liberi_id,
        "assessment_date": said.assessment_date.isoformat(),
        "answers": said.answers,
    }
    return liberi.seal(zlib.compress(json.dumps(plain).encode(), QUICK))


def unseal(version: CaseVersion) -> Said:
    """Raises UnreadableLiberiId where its key is gone."""
    plain: dict[str, Any] = json.loads(zlib.decompress(liberi.unseal(version.sealed)))
    return Said(
        liberi_id=plain["liberi_id"],
        assessment_date=date.fromisoformat(plain["assessment_date"]),
        answers={slug: (presence, evidence) for slug, (presence, evidence) in plain["answers"].items()},
    )


def differences(before: Said, after: Said, names: Mapping[str, str]) -> list[str]:
    """What changed, a sentence each; `names` gives characteristics by slug, one that is missing its slug."""
    found = []
    if before.liberi_id != after.liberi_id:
        found.append(f"Liberi ID: {before.liberi_id} became {after.liberi_id}.")
    if before.assessment_date != after.assessment_date:
        found.append(f"Assessment date: {day(before.assessment_date)} became {day(after.assessment_date)}.")
    nothing = (Presence.NOT_KNOWN.value, "")
    for slug in dict.fromkeys([*before.answers, *after.answers]):
        name = names.get(slug, slug)
        was, now = before.answers.get(slug, nothing), after.answers.get(slug, nothing)
        if was[0] != now[0]:
            found.append(f"{name}: {was[0]} became {now[0]}.")
        if was[1] != now[1]:
            found.append(_note_changed(name, was[1], now[1]))
    return found


def _note_changed(name: str, was: str, now: str) -> str:
    if not was:
        return f"{name}: a note was added: “{now}”"
    if not now:
        return f"{name}: the note “{was}” was taken out."
    return f"{name}: the note “{was}” became “{now}”"


def names_of(review: Review) -> dict[str, str]:
    """Slug → name of every characteristic, as the newest version that has it words it."""
    lines = ProfileLine.objects.filter(version__review=review).order_by("version__number")
    return dict(lines.values_list("characteristic__slug", "name"))


def changes_of(versions: Sequence[CaseVersion], names: Mapping[str, str]) -> list[list[str]]:
    """What each version changed in the one before it; nothing for the first."""
    said = [unseal(version) for version in versions]
    return [[], *(differences(before, after, names) for before, after in pairwise(said))]
