"""The topic guide as it stood after each change: what was done, by whom, and the questions then asked."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cases.models import Review
from themes.actions.topic_guide import PART_OF_IT
from themes.coding.differences import Piece, differences
from themes.models import TopicQuestion


@dataclass
class GuideVersion:
    """One change; `pieces` tell a reworded question from its wording before.

    `before` is that wording, empty where the wording stayed; `now` is how the question is worded today.
    """

    number: int
    change: str
    by: str
    at: datetime
    question: int
    pieces: list[Piece]
    before: str
    now: str = ""
    asked: list[str] = field(default_factory=list)


def guide_versions(review: Review) -> list[GuideVersion]:
    """Every version of the review's topic guide, newest first, in one query."""
    rows = TopicQuestion.history.filter(review_id=review.pk).select_related("history_user")
    now: dict[int, Any] = {}
    versions: list[GuideVersion] = []
    for row in rows.order_by("history_id"):
        before = now[row.id].text if row.id in now else row.text
        now[row.id] = row
        if row.history_change_reason != PART_OF_IT:
            versions.append(_version(len(versions) + 1, row, before))
        standing = [each for each in now.values() if each.retired_at is None]
        versions[-1].asked = [each.text for each in sorted(standing, key=lambda each: (each.order, each.id))]
    for version in versions:
        version.now = now[version.question].text
    return versions[::-1]


def _version(number: int, row: Any, before: str) -> GuideVersion:
    person = row.history_user
    return GuideVersion(
        number=number,
        change=row.history_change_reason or "as it was when versions began to be kept",
        by=(person.name or person.email) if person else "",
        at=row.history_date,
        question=row.id,
        pieces=differences(before, row.text),
        before=before if before != row.text else "",
    )
