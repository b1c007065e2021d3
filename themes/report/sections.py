"""The parts of a report: what it is laid out with, what has been written, and what the program adds to it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from cases.models import Review
from themes.models import ReportSection, ReportTemplate

STANDARD = {
    "context": "Context",
    "how-cases-were-identified": "How cases were identified",
    "desk-top-review": "Desk-top review",
    "feedback-from-professionals": "Feedback from professionals",
    "observations-and-analysis": "Observations and analysis",
}
GUIDANCE = {
    "context": "Why the review was made, who asked for it, and what it is meant to find out.",
    "how-cases-were-identified": "What districts were asked for, and what was decided on the way. The "
    "program adds the numbers from request to selection, the districts and the versions of the risk profile.",
    "desk-top-review": "What the records show, theme by theme. The program adds what was read, each theme "
    "with its count and quotations, and what could be better.",
    "feedback-from-professionals": "What social workers said worked well. The program adds who took part, "
    "and each theme with its count and quotations.",
    "observations-and-analysis": "What it means for practice, and what so few cases cannot show. Keep what "
    "cases were selected for apart from what was found.",
}
# Evidence stands after the words of the section with this key (templates/report/<key>.html) in every report.
WITH_EVIDENCE = ("how-cases-were-identified", "desk-top-review", "feedback-from-professionals")


@dataclass(frozen=True, slots=True)
class Outline:
    """A section as a report is laid out with it: `guidance` is for who writes, `text` what it begins with."""

    key: str
    heading: str
    guidance: str = ""
    text: str = ""

    @property
    def has_evidence(self) -> bool:
        return self.key in WITH_EVIDENCE


@dataclass(frozen=True, slots=True)
class Part:
    """A section as it goes into the document; `body` is Markdown."""

    key: str
    heading: str
    body: str

    @property
    def evidence(self) -> str:
        """The template of its evidence, or nothing."""
        return f"report/{self.key}.html" if self.key in WITH_EVIDENCE else ""


def standard_outline() -> list[Outline]:
    return [Outline(key, heading, GUIDANCE.get(key, "")) for key, heading in STANDARD.items()]


def template_of(review: Review) -> ReportTemplate | None:
    """The review's own template, or None where it has the standard one."""
    found: ReportTemplate | None = (
        ReportTemplate.objects.filter(review=review).select_related("changed_by").first()
    )
    return found


def outline_of(template: ReportTemplate | None) -> list[Outline]:
    """The sections a report is laid out with, in order."""
    return standard_outline() if template is None else [Outline(**kept) for kept in template.sections]


def kept(outline: Sequence[Outline]) -> list[dict[str, Any]]:
    """As a template holds it."""
    return [asdict(section) for section in outline]


def parts_of(review: Review) -> list[Part]:
    """The written sections in their order, and those with evidence; before any is written, the template's."""
    written = ReportSection.objects.filter(review=review).order_by("order")
    parts = [Part(section.key, section.heading, section.body) for section in written]
    if not parts:
        return [Part(each.key, each.heading, each.text) for each in outline_of(template_of(review))]
    there = {part.key for part in parts}
    return parts + [Part(key, STANDARD[key], "") for key in WITH_EVIDENCE if key not in there]
