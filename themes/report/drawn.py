"""The pictures of the report, each drawn of the figures that the table beside it shows."""

from django.utils.safestring import SafeString

from themes.models import Strand
from themes.report.charts import Answers, Pair, answers_chart, bar_chart, flow_chart, pairs_chart
from themes.report.facts import Facts
from themes.report.sheets import WITHDRAWN, flow_rows, interview_rows

NAMES = {Strand.DESK_TOP: "themes-desk-top", Strand.FEEDBACK: "themes-feedback"}


def pictures_of(facts: Facts) -> dict[str, SafeString]:
    """Every picture but those of themes, by name; one of nothing is left out."""
    selected = facts.cohort.selected
    # Withdrawn cases are no step on the way; the table tells them.
    steps = [(label.lower(), count) for label, count in flow_rows(facts) if label != WITHDRAWN]
    found = {"flow": flow_chart("flow", "Cases from request to selection", steps)}
    if selected:
        lines = [Answers(line.name, line.present, line.not_known) for line in facts.current.lines]
        title = "Characteristics by number of the selected cases"
        found["characteristics"] = answers_chart("characteristics", title, lines, selected)
        found["interviews"] = bar_chart(
            "interviews",
            "Interviews with the social workers of the selected cases",
            interview_rows(facts),
            selected,
            noun="social workers",
        )
    if facts.comparison.rows:
        found["comparison"] = pairs_chart(
            "comparison",
            "The selected cases beside the index cases",
            "index cases",
            "selected cases",
            [
                Pair(row.name, row.index[:2], row.index_interval, row.selected[:2], row.selected_interval)
                for row in facts.comparison.rows
            ],
        )
    return {name: _drawn(svg) for name, svg in found.items()}


def themes_picture(facts: Facts, strand: str) -> SafeString:
    """Themes of one strand by cases; circular ones found nothing, and are left out (rule 10)."""
    bars = [(theme.name, theme.cases) for theme in facts.in_strand(strand) if not theme.restates]
    if not bars:
        return SafeString("")
    title = f"{Strand(strand).label}: themes by number of cases"
    return _drawn(bar_chart(NAMES[Strand(strand)], title, bars, facts.cohort.selected))


def _drawn(svg: str) -> SafeString:
    # Every label is escaped where the chart is drawn.
    return SafeString(svg)  # nosec B703
