"""The report as one semantic HTML document, with the tables of its annex: built from the database."""

import hashlib
import json
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from html import unescape
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from cases.models import Review
from themes.coding.counting import interview_tally
from themes.models import ReportAcceptance, ReportVersion, Strand
from themes.report.annex import Sheet, annex
from themes.report.drawn import pictures_of, themes_picture
from themes.report.facts import Facts, gather
from themes.report.formats import FORMATS, converted
from themes.report.learning import PointTold, by_audience, learning_of, sheet_of
from themes.report.live_counts import filled, live_counts
from themes.report.prose import prose
from themes.report.quotations import Quotation, by_theme, quotations
from themes.report.sections import Part, parts_of
from themes.report.sheets import flow_rows, interview_rows, sheets_of

MAIN = re.compile(r"<main>(.*)</main>", re.DOTALL)
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
NOTES = (
    "The tables of the report, as figures. Every figure was computed when the report was built.",
    "Counts are of the selected cases as a whole. Nothing here names a family, a person or a case.",
)


@dataclass(frozen=True, slots=True)
class Document:
    """A report ready to be read or made into any format, dated `on`."""

    html: str
    sheets: tuple[Sheet, ...]
    on: date

    @property
    def title(self) -> str:
        found = TITLE.search(self.html)
        return unescape(found[1]).strip() if found else ""

    @property
    def body(self) -> SafeString:
        """What stands inside `<main>`, for a page of our own."""
        found = MAIN.search(self.html)
        # Built by our templates, its written parts cleaned by `prose`.
        return SafeString(found[1] if found else "")  # nosec B703

    @property
    def annex(self) -> list[dict[str, Any]]:
        """The sheets as they are kept with a version."""
        return [asdict(sheet) for sheet in self.sheets]

    @property
    def digest(self) -> str:
        """SHA-256 over the HTML and the annex as canonical JSON."""
        tables = json.dumps(self.annex, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(f"{self.html}\0{tables}".encode()).hexdigest()

    def content(self, to: str) -> bytes:
        """The file in one format; FormatError says what stands in the way."""
        if to == "xlsx":
            return annex(self.sheets, title=self.title, on=self.on, notes=NOTES)
        return converted(self.html, to, on=self.on)

    def contents(self) -> dict[str, bytes]:
        """Format → file, for every format, made beside one another: most of it is waiting for pandoc."""
        with ThreadPoolExecutor(len(FORMATS)) as threads:
            made = {name: threads.submit(self.content, name) for name in FORMATS}
        return {name: each.result() for name, each in made.items()}


@dataclass(frozen=True, slots=True)
class Material:
    """All a document is made of. `quoted` holds the quotations that are printed, by theme.

    `accepted` holds what the business team accepted of what the checks found: the method note lists it.
    """

    review: Review
    parts: tuple[Part, ...]
    facts: Facts
    words: dict[str, str]
    quoted: dict[int, list[Quotation]]
    accepted: tuple[ReportAcceptance, ...] = ()
    learning: tuple[PointTold, ...] = ()


def material_of(review: Review) -> Material:
    """Read everything, in a number of queries that does not depend on the review's size."""
    facts = gather(review)
    return Material(
        review=review,
        parts=tuple(parts_of(review)),
        facts=facts,
        words=live_counts(facts),
        quoted=by_theme(quotations(review), facts.themes, facts.tags),
        accepted=tuple(ReportAcceptance.objects.standing(review)),
        learning=learning_of(review, facts),
    )


def build(
    material: Material,
    *,
    on: date,
    version: int | None = None,
    note: str = "",
    leave_unknown: bool = False,
) -> Document:
    """The document; `version` numbers one that is put forward, without it this is a draft.

    `note` stands before either, on the first page.

    Raises UnknownToken where a section names a live count that does not exist, unless they are left as typed.
    """
    facts = material.facts
    context = {
        "review": material.review,
        "on": on,
        "version": version,
        "note": note,
        "facts": facts,
        "cohort": facts.cohort,
        "parts": [_part(part, material.words, leave_unknown) for part in material.parts],
        "pictures": pictures_of(facts),
        "flow": flow_rows(facts),
        "interviews": interview_rows(facts),
        "desk_top": _strand(material, Strand.DESK_TOP),
        "feedback": _strand(material, Strand.FEEDBACK),
        "accepted": material.accepted,
        "learning": material.learning,
        "learning_by_audience": by_audience(material.learning),
        "tally": interview_tally(facts.interviews, facts.cohort.selected),
    }
    html = render_to_string("report/report.html", context)
    sheets = sheets_of(facts) + ([sheet_of(material.learning)] if material.learning else [])
    return Document(html=html, sheets=tuple(sheets), on=on)


def draft_of(review: Review) -> Document:
    """The report as it stands today."""
    return build(material_of(review), on=timezone.localdate())


def document_of(version: ReportVersion) -> Document:
    """A version as it was put forward."""
    return Document(
        html=version.html,
        sheets=tuple(Sheet(**sheet) for sheet in version.annex),
        on=timezone.localdate(version.proposed_at),
    )


def _part(part: Part, words: dict[str, str], leave_unknown: bool) -> dict[str, Any]:
    body = filled(part.body, words, leave_unknown=leave_unknown)
    return {"key": part.key, "heading": part.heading, "html": _cleaned(body), "evidence": part.evidence}


def _cleaned(body: str) -> SafeString:
    html = prose(body)  # by nh3
    return SafeString(html)  # nosec B703


def _strand(material: Material, strand: str) -> dict[str, Any]:
    themes = material.facts.in_strand(strand)
    told = [(theme, material.quoted.get(theme.pk, [])) for theme in themes]
    return {
        "themes": [(theme, _strengths(quoted)) for theme, quoted in told],
        "better": [(theme, _better(quoted)) for theme, quoted in told if theme.could_be_better],
        "chart": themes_picture(material.facts, strand),
    }


def _strengths(quoted: Sequence[Quotation]) -> list[Quotation]:
    return [quotation for quotation in quoted if not quotation.could_be_better]


def _better(quoted: Sequence[Quotation]) -> list[Quotation]:
    return [quotation for quotation in quoted if quotation.could_be_better]
