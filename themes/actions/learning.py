"""Learning points: added, changed, ordered, withdrawn and brought back by those who write the report."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.db import models, transaction
from django.utils import timezone

from cases.errors import Refused
from cases.lifecycle import Activity, check_stage_allows
from cases.models import Review
from cases.permissions import Permission, check_user_can
from kscmp_review.accounts.models import User
from kscmp_review.audit.record import record
from themes.actions.opening import check_revision, written
from themes.actions.report import overtake
from themes.models import Audience, LearningPoint, Theme
from themes.report.checks.names import TITLED
from themes.report.checks.patterns import EMAIL
from themes.report.live_counts import STRAY

# A point is a sentence or two: several of them share one page of the briefing.
LONGEST_TEXT = 400
LONGEST_OWNER = 120
NO_TEXT = "Enter the learning point."
NO_AUDIENCE = "Select at least one audience."
NO_REASON = "Enter why it is withdrawn."


@dataclass(frozen=True)
class Point:
    """What a person says of a learning point."""

    text: str
    audiences: Iterable[str]
    owner: str = ""
    due_on: date | None = None
    themes: Iterable[Theme] = ()


@transaction.atomic
def add(*, review: Review, point: Point, by: User) -> LearningPoint:
    """Add a learning point after the others."""
    review = _opened(review, by)
    own = LearningPoint.objects.of(review)
    last = own.aggregate(last=models.Max("order"))["last"] or 0
    made = LearningPoint(review=review, order=last + 1, changed_by=by)
    _write(made, point)
    _record("learning point.added", made, by, after=_fields(made))
    return made


@transaction.atomic
def change(*, learning_point: LearningPoint, point: Point, revision: int, by: User) -> LearningPoint:
    """Change a point; raises Stale when somebody saved it since `revision`."""
    found = _opened_point(learning_point, by)
    check_revision(found.revision, revision)
    _check_stands(found)
    before = _fields(found)
    _touch(found, by)
    _write(found, point)
    _record("learning point.changed", found, by, before=before, after=_fields(found))
    return found


@transaction.atomic
def move(*, learning_point: LearningPoint, to: Literal["up", "down"], by: User) -> LearningPoint:
    """Change places with the standing point before or after."""
    found = _opened_point(learning_point, by)
    _check_stands(found)
    others = LearningPoint.objects.of(found.review)
    if to == "up":
        other = others.standing().filter(order__lt=found.order).order_by("-order").first()
    else:
        other = others.standing().filter(order__gt=found.order).order_by("order").first()
    if other is None:
        raise Refused(f"This learning point cannot be moved further {to}.")
    own, theirs = found.order, other.order
    # No two points share a place, not even on the way: the other one waits beyond the last.
    others.filter(pk=other.pk).update(order=(others.aggregate(last=models.Max("order"))["last"] or 0) + 1)
    found.order = theirs
    _touch(found, by)
    found.save()
    others.filter(pk=other.pk).update(order=own)
    overtake(found.review)
    _record("learning point.moved", found, by, before={"order": own}, after={"order": theirs})
    return found


@transaction.atomic
def withdraw(*, learning_point: LearningPoint, because: str, revision: int, by: User) -> LearningPoint:
    """Take a point out of the report and the follow-up; it stays on record, with the reason."""
    found = _opened_point(learning_point, by)
    check_revision(found.revision, revision)
    _check_stands(found)
    found.withdrawn_because = written(because, NO_REASON)
    found.withdrawn_at = timezone.now()
    _touch(found, by)
    found.save()
    overtake(found.review)
    _record("learning point.withdrawn", found, by)
    return found


@transaction.atomic
def restore(*, learning_point: LearningPoint, by: User) -> LearningPoint:
    """Bring back a point that was withdrawn, to the place it had."""
    found = _opened_point(learning_point, by)
    if found.withdrawn_at is None:
        raise Refused("This learning point has not been withdrawn.")
    found.withdrawn_at, found.withdrawn_because = None, ""
    _touch(found, by)
    found.save()
    overtake(found.review)
    _record("learning point.restored", found, by)
    return found


def _opened(review: Review, by: User) -> Review:
    """The review, locked: its learning points may be written by this person, now."""
    check_user_can(by, review, Permission.WRITE_REPORT)
    review = Review.objects.select_for_update().get(pk=review.pk)
    check_stage_allows(review, Activity.DRAFT_REPORT)
    return review


def _opened_point(learning_point: LearningPoint, by: User) -> LearningPoint:
    review = _opened(learning_point.review, by)
    found: LearningPoint = LearningPoint.objects.get(pk=learning_point.pk)
    found.review = review
    return found


def _check_stands(point: LearningPoint) -> None:
    if point.withdrawn_at is not None:
        raise Refused("This learning point has been withdrawn. Bring it back first.")


def _touch(point: LearningPoint, by: User) -> None:
    point.revision += 1
    point.changed_by, point.changed_at = by, timezone.now()


def _write(point: LearningPoint, said: Point) -> None:
    point.text = _sentence(" ".join(written(said.text, NO_TEXT).split()))
    point.owner = _role(" ".join(said.owner.split()))
    point.due_on = said.due_on
    point.audiences = _audiences(said.audiences)
    themes = list(said.themes)
    if any(theme.review_id != point.review.pk for theme in themes):
        raise Refused("A learning point rests on themes of its own review.")
    point.save()
    point.themes.set(themes)
    overtake(point.review)


def _sentence(text: str) -> str:
    if STRAY.search(text):
        raise Refused("A learning point holds no live counts: what it rests on is counted below it.")
    return _short(text, LONGEST_TEXT, "A learning point")


def _short(text: str, longest: int, what: str) -> str:
    if len(text) > longest:
        raise Refused(f"{what} has at most {longest} characters.")
    return text


def _audiences(named: Iterable[str]) -> list[str]:
    wanted = set(named)
    if not wanted:
        raise Refused(NO_AUDIENCE)
    if wanted - set(Audience.values):
        raise Refused("Choose audiences from the list.")
    return [value for value in Audience.values if value in wanted]


def _role(owner: str) -> str:
    """The owner in words. What has the form of a name is refused; the checks look for the rest."""
    found = TITLED.search(owner) or EMAIL.search(owner)
    if found:
        raise Refused(f"“{found[0]}” looks like a person. Write a role or an agency as the owner.")
    return _short(owner, LONGEST_OWNER, "An owner")


def _fields(point: LearningPoint) -> dict[str, Any]:
    return {
        "audiences": len(point.audiences),
        "themes": point.themes.count(),
        "due_on": point.due_on,
        "order": point.order,
        "revision": point.revision,
    }


def _record(
    action: str,
    point: LearningPoint,
    by: User,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    record(
        action,
        by=by,
        review_id=point.review.pk,
        object_type="learning point",
        object_id=str(point.pk),
        before=before,
        after=after or {"revision": point.revision},
    )
