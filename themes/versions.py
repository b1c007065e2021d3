"""Earlier versions of a text, as its history holds them: who saved each, when, and what it changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.models import Case, Review
from themes.coding.differences import Piece, differences
from themes.models import Cell, Finding, InterviewNote, ReportSection, Theme

Text = Finding | InterviewNote | Cell


@dataclass(frozen=True)
class Version:
    """One save; `pieces` tell it from the one before. `fields` are what was marked besides the text."""

    revision: int
    by: str
    at: datetime
    text: str
    pieces: list[Piece]
    fields: list[tuple[str, str]]


def versions_of(text: Text) -> list[Version]:
    """Every version, newest first, in one query."""
    return _versions(text.history)


def section_saves(section: ReportSection) -> Any:
    """The rows of a section's history; those from before it was removed and put back in, too."""
    return ReportSection.history.filter(review=section.review_id, key=section.key)


def section_versions(section: ReportSection) -> list[Version]:
    """The same of a section of the report."""
    return _versions(section_saves(section))


def removed_sections(review: Review) -> list[Any]:
    """Sections that were taken out of the report, as they last stood, the newest first."""
    there = ReportSection.objects.filter(review=review).values("key")
    gone = ReportSection.history.filter(review=review, history_type="-").exclude(key__in=there)
    newest = {row.key: row for row in gone.select_related("changed_by").order_by("history_id")}
    return sorted(newest.values(), key=lambda row: -row.history_id)


def _versions(history: Any) -> list[Version]:
    saved = history.select_related("changed_by").order_by("history_id")
    versions: list[Version] = []
    before = ""
    for each in saved:
        if each.history_type == "-" or (versions and versions[-1].revision == each.revision):
            continue
        written = text_in(each)
        versions.append(
            Version(
                revision=each.revision,
                by=each.changed_by.name or each.changed_by.email,
                at=each.changed_at,
                text=written,
                pieces=differences(before, written) if versions else _first(written),
                fields=_fields(each),
            )
        )
        before = written
    return versions[::-1]


def _first(written: str) -> list[Piece]:
    return [Piece("same", written)] if written else []


def version_of(text: Text | Theme, revision: int) -> Any:
    """The historical row of one save, or None."""
    return save_of(text.history, revision)


def save_of(history: Any, revision: int) -> Any:
    return history.filter(revision=revision).exclude(history_type="-").order_by("history_id").first()


@dataclass(frozen=True)
class ThemeVersion:
    """One wording of a theme; `parts` are (what it is, how it differs from the wording before)."""

    revision: int
    by: str
    at: datetime
    parts: list[tuple[str, list[Piece]]]


PARTS_OF_THEME = {
    "name": "Name",
    "definition": "Definition",
    "when_to_use": "When to use it",
    "example": "Example",
    "memo": "Memo",
}


def versions_of_theme(theme: Theme) -> list[ThemeVersion]:
    """Every wording of a theme, newest first, in one query; moving or retiring it makes no version."""
    versions: list[ThemeVersion] = []
    before: Any = None
    for row in theme.history.select_related("history_user").order_by("history_id"):
        if before is None or any(getattr(row, part) != getattr(before, part) for part in PARTS_OF_THEME):
            versions.append(_theme_version(row, before))
        before = row
    return versions[::-1]


def _theme_version(row: Any, before: Any) -> ThemeVersion:
    person = row.history_user
    parts = [
        (label, differences(getattr(before, part) if before else getattr(row, part), getattr(row, part)))
        for part, label in PARTS_OF_THEME.items()
        if getattr(row, part) or (before and getattr(before, part))
    ]
    by = (person.name or person.email) if person else ""
    return ThemeVersion(row.revision, by, row.history_date, parts)


def deleted_findings(case: Case) -> list[Any]:
    """Findings of the case that were deleted, as they last stood, newest first."""
    here = Finding.objects.filter(case=case).values("public_id")
    gone = Finding.history.filter(case_id=case.pk, history_type="-").exclude(public_id__in=here)
    return list(gone.select_related("changed_by").order_by("-history_id"))


def text_in(row: Any) -> str:
    """What was written: the summary of a cell, the body of a section, the text of all else."""
    name = next(name for name in ("summary", "body", "text") if hasattr(row, name))
    text: str = getattr(row, name)
    return text


def _fields(row: Any) -> list[tuple[str, str]]:
    if hasattr(row, "record_kind"):
        read = f"{row.record_date.day} {row.record_date:%B %Y}" if row.record_date else "no date"
        return [
            ("Record", f"{row.get_record_kind_display()}, {read}"),
            ("Marks", f"{row.get_expectation_display()}, {row.get_quality_display().lower()}"),
        ]
    if hasattr(row, "heading"):
        return [("Heading", row.heading)]
    if hasattr(row, "looked_for_not_found"):
        return [("Mark", "Looked for, not found")] if row.looked_for_not_found else []
    return []
