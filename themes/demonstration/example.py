"""The demonstration review's report as of 2022, in every format: what `docs/example-report` holds."""

from dataclasses import replace
from datetime import timedelta

from cases.models import Review
from themes.demonstration.content import read
from themes.report.document import Document, Material, build, material_of
from themes.report.formats import file_name

NOTE = "Example with invented cases"


def example_of(review: Review) -> Document:
    """The report as its first version, with the dates of 2022 in place of those of loading."""
    timetable = read("timetable")
    return build(as_of_2022(material_of(review)), on=timetable["report_due_on"], version=1, note=NOTE)


def as_of_2022(material: Material) -> Material:
    """What is dated by the day it was recorded, dated by the day it was done."""
    timetable, facts = read("timetable"), material.facts
    first, *later = facts.versions
    versions = (
        replace(first, made_on=timetable["opened_on"]),
        *(replace(version, made_on=timetable["profile_changed_on"]) for version in later),
    )
    choosing = replace(facts.choosing, confirmed_on=timetable["selection_confirmed_on"])
    learning = tuple(
        replace(point, due_on=timetable["report_due_on"] + timedelta(days=entry["due_in_days"]))
        for point, entry in zip(material.learning, read("learning")["points"], strict=True)
    )
    facts = replace(facts, versions=versions, choosing=choosing)
    return replace(material, facts=facts, learning=learning)


def files_of(document: Document, slug: str) -> dict[str, bytes]:
    """Name → content, one a format; the same document makes the same bytes."""
    return {file_name(slug, kind, document.on): content for kind, content in document.contents().items()}
