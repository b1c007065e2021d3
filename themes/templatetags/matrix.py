"""The cells of the framework matrix, each drawn from the pattern of its template (cases.patterns)."""

from collections.abc import Iterable

from django import template
from django.template import Context
from django.template.defaultfilters import truncatewords
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

from cases.models import Case
from cases.patterns import pattern
from cases.templatetags.addresses import Addresses
from themes.framework import MatrixCell

register = template.Library()

CELL_GAPS = ("url", "passages", "letter", "theme", "summary")
SUMMARY_WORDS = 22


@register.simple_tag(takes_context=True)
def matrix_cells(context: Context, case: Case, cells: Iterable[MatrixCell]) -> SafeString:
    """`{% matrix_cells case cells %}`: a row of the matrix, without its head. Context: review."""
    address, drawn = Addresses(context["review"].slug, case.public_id), []
    for cell in cells:
        summary = cell.written.summary if cell.written else ""
        of_cell = pattern(
            "themes/matrix/count.html",
            CELL_GAPS,
            looked=slugify(cell.count.looked),
            one=cell.count.passages == 1,
            contradicted=cell.count.contradicted,
            has_summary=bool(summary),
        )
        values = {
            "url": address("matrix_cell", cell.theme.slug),
            "passages": cell.count.passages,
            "letter": case.letter,
            "theme": cell.theme.name,
            "summary": truncatewords(summary, SUMMARY_WORDS) if summary else "",
        }
        drawn.append(of_cell.filled(values))
    return mark_safe("".join(drawn))  # nosec B308 B703  # what patterns gave
