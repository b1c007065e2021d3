"""The chart of how common each characteristic is: where each bar lies; a template draws it as plain SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

from cases.prevalence import Prevalence, Share

BAR = 12
GROUP = 3 * BAR + 26
LABEL_ROOM = 16
WIDTH = 400
FIGURE_ROOM = 60
GROUPS = ("index", "submitted", "selected")


@dataclass(frozen=True)
class Bar:
    """One group's share as a bar; `figure` is what stands beside it."""

    group: str
    y: int
    width: float
    figure_x: float
    figure: str


@dataclass(frozen=True)
class PrevalenceChart:
    """Positions in units of the drawing; `groups` are (name of the characteristic, y of its name, bars)."""

    groups: list[tuple[str, int, list[Bar]]]
    height: int
    width: int = WIDTH


def prevalence_chart(rows: Sequence[Prevalence]) -> PrevalenceChart:
    """Shares present of those known, from nothing to all, in the order given."""
    groups = []
    for place, row in enumerate(rows):
        top = place * GROUP
        shares = (row.in_index, row.submitted, row.selected)
        bars = [
            _bar(group, share, top + LABEL_ROOM + number * BAR)
            for number, (group, share) in enumerate(zip(GROUPS, shares, strict=True))
        ]
        groups.append((row.line.name, top + LABEL_ROOM - 5, bars))
    return PrevalenceChart(groups, len(rows) * GROUP)


def _bar(group: str, share: Share, y: int) -> Bar:
    width = round(share.share * (WIDTH - FIGURE_ROOM), 1)
    figure = f"{share.present} of {share.known}" if share.known else "not known"
    return Bar(group, y, width, width + 5, figure)
