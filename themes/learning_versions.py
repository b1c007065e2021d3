"""Earlier versions of a learning point: its words, whom it was for, and what it rested on."""

from typing import Any

from django.apps import apps

from cases.dates import day
from themes.coding.differences import Piece, differences
from themes.models import LearningPoint, Theme, labels_of
from themes.versions import Version


def versions_of(point: LearningPoint) -> list[Version]:
    """Every version, newest first, in two queries."""
    rows, themes = _rows(point)
    versions: list[Version] = []
    before = ""
    for row in rows:
        pieces = differences(before, row.text) if versions else [Piece("same", row.text)]
        by = row.changed_by.name or row.changed_by.email
        fields = _fields(row, themes.get(row.history_id, []))
        versions.append(Version(row.revision, by, row.changed_at, row.text, pieces, fields))
        before = row.text
    return versions[::-1]


def row_of(point: LearningPoint, revision: str) -> tuple[Any, list[Theme]] | None:
    """The historical row of one save with its themes, or None."""
    rows, themes = _rows(point)
    found = next((row for row in rows if str(row.revision) == revision), None)
    return (found, themes.get(found.history_id, [])) if found else None


def _rows(point: LearningPoint) -> tuple[list[Any], dict[int, list[Theme]]]:
    """The last row of each revision, oldest first: a save writes one for its words and one for its themes."""
    saved = point.history.exclude(history_type="-").select_related("changed_by").order_by("history_id")
    rows = list({row.revision: row for row in saved}.values())
    kept = apps.get_model("themes", "HistoricalLearningPoint_themes")
    linked = kept.objects.filter(history__in=[row.history_id for row in rows]).select_related("theme")
    themes: dict[int, list[Theme]] = {}
    for link in linked.order_by("m2m_history_id"):
        themes.setdefault(link.history_id, []).append(link.theme)
    return rows, themes


def _fields(row: Any, themes: list[Theme]) -> list[tuple[str, str]]:
    due = day(row.due_on) if row.due_on else "no date"
    fields = [
        ("For", "; ".join(labels_of(row.audiences))),
        ("Owner and due date", f"{row.owner or 'no owner'}, {due}"),
        ("Rests on", "; ".join(theme.name for theme in themes) or "no theme"),
        ("Place", str(row.order)),
    ]
    if row.withdrawn_at:
        fields.append(("Withdrawn", row.withdrawn_because))
    return fields
