"""The parts of a report: those every report has, each with its evidence, and those that were added."""

from dataclasses import dataclass

from cases.models import Review
from themes.models import ReportSection

# Evidence stands after the words of the section with this key: templates/report/<key>.html.
STANDARD = {
    "context": "Context",
    "how-cases-were-identified": "How cases were identified",
    "desk-top-review": "Desk-top review",
    "feedback-from-professionals": "Feedback from professionals",
    "observations-and-analysis": "Observations and analysis",
}
WITH_EVIDENCE = ("how-cases-were-identified", "desk-top-review", "feedback-from-professionals")


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


def parts_of(review: Review) -> list[Part]:
    """The written sections in their order; before any is written, the standard ones without words."""
    written = ReportSection.objects.filter(review=review).order_by("order")
    parts = [Part(section.key, section.heading, section.body) for section in written]
    there = {part.key for part in parts}
    return parts + [Part(key, heading, "") for key, heading in STANDARD.items() if key not in there]
