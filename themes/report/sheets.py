"""The tables of the annex, one sheet each."""

from collections import Counter

from cases.matching.proportions import Interval
from themes.models import InterviewStatus, Strand
from themes.report.annex import Cell, Sheet
from themes.report.facts import Facts, VersionFound
from themes.report.found import ThemeFound

WITHDRAWN = "Withdrawn"


def sheets_of(facts: Facts) -> list[Sheet]:
    """Counts of the selected cases as a whole; districts stand beside nothing else (rule 12)."""
    return [
        _cohort(facts),
        Sheet(
            "Districts",
            "Selected cases by district",
            ["District", "Cases selected"],
            [[district.name, district.selected] for district in facts.districts],
        ),
        _characteristics(facts),
        *_comparison(facts),
        _versions(facts),
        _themes(facts),
        Sheet(
            "Records read",
            "Findings by kind of record, and the selected cases they are about",
            ["Kind of record", "Findings", "Cases"],
            [[kind.name, kind.findings, kind.cases] for kind in facts.records],
        ),
        _interviews(facts),
    ]


def flow_rows(facts: Facts) -> list[tuple[str, int]]:
    """From asked to selected; withdrawn cases are told where there are any."""
    cohort = facts.cohort
    withdrawn = [(WITHDRAWN, cohort.withdrawn)] if cohort.withdrawn else []
    return [
        ("Asked for", cohort.asked),
        ("Submitted", cohort.submitted),
        *withdrawn,
        ("Qualified", cohort.qualifying),
        ("Selected", cohort.selected),
    ]


def interview_rows(facts: Facts) -> list[tuple[str, int]]:
    """How far the interviews of the selected cases came; a status nobody has is left out."""
    counts = Counter(facts.interviews)
    told = [(str(label), counts[status]) for status, label in InterviewStatus.choices if counts[status]]
    waiting = facts.cohort.selected - len(facts.interviews)
    return [*told, ("Not invited yet", waiting)] if waiting else told


def _cohort(facts: Facts) -> Sheet:
    return Sheet(
        "Cases", "Cases from request to selection", ["Step", "Cases"], [list(row) for row in flow_rows(facts)]
    )


def _characteristics(facts: Facts) -> Sheet:
    return Sheet(
        "Characteristics",
        f"Characteristics of the profile as applied (version {facts.current.number}) in the selected cases, "
        "which were chosen for them",
        ["Characteristic", "Tier", "Present", "Absent", "Not known"],
        _lines(facts.current),
    )


def _versions(facts: Facts) -> Sheet:
    rows = [[version.number, *line] for version in facts.versions for line in _lines(version)]
    columns = ["Version", "Characteristic", "Tier", "Present", "Absent", "Not known"]
    caption = "Every version of the risk profile, in the selected cases"
    return Sheet("Profile versions", caption, columns, rows)


def _lines(version: VersionFound) -> list[list[Cell]]:
    return [[line.name, line.tier, line.present, line.absent, line.not_known] for line in version.lines]


def _themes(facts: Facts) -> Sheet:
    columns = [
        "Strand", "Theme", "Sub-theme", "Cases", "Passages", "Required", "Expected", "Beyond",
        "Could be better", "Circular",
    ]  # fmt: skip
    rows = []
    for theme in facts.themes:
        rows.append(_theme(theme, theme.name, None))
        rows.extend(_theme(sub, theme.name, sub.name) for sub in theme.sub_themes)
    return Sheet(
        "Themes",
        "Themes by number of selected cases and passages; Required to Could be better count cases",
        columns,
        rows,
    )


def _theme(theme: ThemeFound, name: str, sub_theme: str | None) -> list[Cell]:
    return [
        Strand(theme.strand).label,
        name,
        sub_theme,
        theme.cases,
        theme.passages,
        theme.required,
        theme.expected,
        theme.beyond,
        theme.could_be_better,
        f"Restates: {theme.restates}" if theme.restates else None,
    ]


def _interviews(facts: Facts) -> Sheet:
    caption = "Interviews with social workers of the selected cases"
    return Sheet("Interviews", caption, ["Status", "Number"], [list(row) for row in interview_rows(facts)])


def _comparison(facts: Facts) -> list[Sheet]:
    """Counts and exact intervals of both groups; nothing where there are no index cases."""
    if not facts.comparison.rows:
        return []
    groups = [
        f"{group}: {part}"
        for group in ("Index cases", "Selected")
        for part in ("present", "known", "low", "high")
    ]
    return [
        Sheet(
            "Comparison",
            "The selected cases beside the index cases. Low and high: Clopper and Pearson's exact 95% "
            "interval of the share present of those known. Chance: Fisher's exact test, two-sided; below "
            "0.05 the two are told apart",
            ["Characteristic", *groups, "Chance"],
            [
                [
                    row.name,
                    *(row.index.present, row.index.known, *_rounded(row.index_interval)),
                    *(row.selected.present, row.selected.known, *_rounded(row.selected_interval)),
                    round(row.chance, 3),
                ]
                for row in facts.comparison.rows
            ],
        )
    ]


def _rounded(interval: Interval) -> tuple[float, float]:
    return round(interval.low, 3), round(interval.high, 3)
