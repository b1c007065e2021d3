"""The five-minute briefing: one page for practitioners, from the same material as the report.

What it may leave out to fit is decided by one rule, in the order of FULLNESS, and the page says what was left
out. Learning points are never shortened or left out: where they do not fit, there is no briefing.
"""

import hashlib
from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string
from django.utils import timezone

from cases.errors import Refused
from cases.models import Review
from themes.coding.counting import in_words
from themes.models import Audience, ReportVersion, Strand
from themes.models import Briefing as Frozen
from themes.report.document import Document, Material, material_of
from themes.report.formats import FORMATS, fits_a_page
from themes.report.found import ThemeFound

ALL = "all"
AUDIENCES = {ALL: "all agencies", **dict(Audience.choices)}
CIRCULAR = "Themes that restate what the cases were chosen for are not told here."
# A workbook is no page to read.
BRIEFING_FORMATS = {name: each for name, each in FORMATS.items() if name != "xlsx"}


@dataclass(frozen=True, slots=True)
class Fullness:
    """How much is told of themes; `left_out` is the sentence on the page about what is not."""

    grouped: bool
    definitions: bool
    left_out: str


FULLNESS = (
    Fullness(grouped=True, definitions=True, left_out=""),
    Fullness(
        grouped=True,
        definitions=False,
        left_out="To fit on a page, what each theme means is left to the report.",
    ),
    Fullness(
        grouped=False,
        definitions=False,
        left_out="To fit on a page, themes stand in one paragraph; what each means is left to the report.",
    ),
)


class TooLong(Refused):
    """A briefing does not fit on its page, whatever is left out of it by the rule."""


def briefing(material: Material, audience: str = ALL, *, on: date, version: int | None = None) -> Document:
    """The briefing for one audience (or ALL) as full as fits on a page; TooLong where nothing does."""
    for fullness in FULLNESS:
        html = briefing_html(material, audience, on=on, version=version, fullness=fullness)
        if fits_a_page(html, on):
            return Document(html=html, sheets=(), on=on)
    raise TooLong(_too_long(material, audience))


def briefing_html(
    material: Material,
    audience: str = ALL,
    *,
    on: date,
    version: int | None = None,
    fullness: Fullness = FULLNESS[0],
) -> str:
    """The page, whether or not it fits. Circular themes are left out: they found nothing (rule 10)."""
    facts = material.facts
    strands = [_strand(strand, facts.in_strand(strand)) for strand in Strand.values]
    heard = in_words(facts.interviews_done, facts.cohort.selected, "social worker")
    context = {
        "review": material.review,
        "on": on,
        "version": version,
        "audience": "" if audience == ALL else Audience(audience).label,
        "cohort": facts.cohort,
        "heard": heard if facts.interviews_done else "",
        "strands": [strand for strand in strands if strand["themes"]],
        "points": [point for point in material.learning if audience in (ALL, *point.audiences)],
        "fullness": fullness,
        "left_out": " ".join(filter(None, (fullness.left_out, CIRCULAR if facts.circular else ""))),
    }
    return render_to_string("report/briefing.html", context)


def draft_briefing(review: Review, audience: str = ALL) -> Document:
    """The briefing as it stands today."""
    return briefing(material_of(review), audience, on=timezone.localdate())


def audiences_of(material: Material) -> list[str]:
    """ALL, then every audience that some point is written for."""
    wanted = {audience for point in material.learning for audience in point.audiences}
    return [ALL, *(value for value in Audience.values if value in wanted)]


def freeze_briefings(version: ReportVersion, material: Material) -> list[Frozen]:
    """Keep the briefings with a version that is put forward; where one does not fit, why not."""
    return Frozen.objects.bulk_create(
        Frozen(version=version, **_kept(version, material, audience)) for audience in audiences_of(material)
    )


def frozen_document(frozen: Frozen) -> Document:
    """A briefing as it was put forward with its version."""
    return Document(html=frozen.html, sheets=(), on=timezone.localdate(frozen.version.proposed_at))


def _kept(version: ReportVersion, material: Material, audience: str) -> dict[str, str]:
    on = timezone.localdate(version.proposed_at)
    try:
        html, refusal = briefing(material, audience, on=on, version=version.number).html, ""
    except TooLong as too_long:
        html, refusal = "", str(too_long)
    return {
        "audience": "" if audience == ALL else audience,
        "html": html,
        "refusal": refusal,
        "digest": hashlib.sha256(html.encode()).hexdigest(),
    }


def _strand(strand: str, themes: list[ThemeFound]) -> dict[str, object]:
    return {"label": Strand(strand).label, "themes": [theme for theme in themes if not theme.restates]}


def _too_long(material: Material, audience: str) -> str:
    number = sum(audience in (ALL, *point.audiences) for point in material.learning)
    instead = "Choose one agency, or shorten" if audience == ALL else "Shorten"
    return (
        f"{number} learning points for {AUDIENCES[audience]} do not fit on one page, even without what the "
        f"themes mean. {instead} the points."
    )
