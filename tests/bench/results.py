"""The results on file, in docs/bench: a CSV of every figure, a table to read, a picture of the curves.

A run of some subjects replaces their rows and leaves the others as they were measured before.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from tests.bench.picture import Line, draw
from tests.bench.timing import Row, spread, written

FOLDER = Path("docs/bench")
TABLE, FIGURES, PICTURE = "results.md", "results.csv", "cost.svg"
COLUMNS = (
    "subject", "database", "measured", "name", "unit", "ours", "ours_q1", "ours_q3", "reference",
    "reference_q1", "reference_q3", "ratio", "goal", "at_least", "turns", "curve", "size",
)  # fmt: skip


class Result(NamedTuple):
    """One row, with the subject and the database it was measured on, and the day."""

    subject: str
    database: str
    measured: date
    row: Row


def read(folder: Path = FOLDER) -> list[Result]:
    """What is on file; nothing where there is no file yet."""
    file = folder / FIGURES
    if not file.exists():
        return []
    with file.open(newline="", encoding="utf-8") as opened:
        return [_parsed(record) for record in csv.DictReader(opened)]


def merged(old: Sequence[Result], new: Sequence[Result], order: Sequence[str]) -> list[Result]:
    """`new` in place of what was known of the same subjects on the same databases, subjects in `order`."""
    fresh = {(result.subject, result.database) for result in new}
    kept = [result for result in old if (result.subject, result.database) not in fresh]
    places = {name: place for place, name in enumerate(order)}
    known = [result for result in (*kept, *new) if result.subject in places]
    return sorted(known, key=lambda result: (places[result.subject], result.database))


def write(results: Sequence[Result], machine: Mapping[str, str], folder: Path = FOLDER) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / FIGURES).open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(map(_record, results))
    (folder / TABLE).write_text("\n".join(_table(results, machine)) + "\n", encoding="utf-8")
    (folder / PICTURE).write_text(draw(curves(results)), encoding="utf-8")


def curves(results: Iterable[Result]) -> dict[str, list[Line]]:
    """Curve → its two lines, ours and the reference, wherever it was measured at two sizes or more."""
    points: dict[str, list[Row]] = {}
    for result in results:
        if result.row.curve and result.row.size is not None and result.row.unit == "s":
            points.setdefault(f"{result.row.curve} · {result.database}", []).append(result.row)
    return {
        name: [
            Line("ours", [(row.size or 0, row.ours) for row in rows]),
            Line("reference", [(row.size or 0, row.reference) for row in rows]),
        ]
        for name, rows in points.items()
        if len({row.size for row in rows}) > 1
    }


def _record(result: Result) -> list[object]:
    row = result.row
    low, high = row.ours_quartiles or ("", "")
    reference_low, reference_high = row.reference_quartiles or ("", "")
    figures = (row.ours, low, high, row.reference, reference_low, reference_high, row.ratio)
    return [
        result.subject,
        result.database,
        result.measured.isoformat(),
        row.name,
        row.unit,
        *(f"{figure:.6g}" if isinstance(figure, float) else figure for figure in figures),
        "" if row.goal is None else f"{row.goal:g}",
        "yes" if row.at_least else "",
        row.turns,
        row.curve,
        "" if row.size is None else row.size,
    ]


def _parsed(record: Mapping[str, str]) -> Result:
    def pair(side: str) -> tuple[float, float] | None:
        low, high = record[f"{side}_q1"], record[f"{side}_q3"]
        return (float(low), float(high)) if low else None

    row = Row(
        name=record["name"],
        ours=float(record["ours"]),
        reference=float(record["reference"]),
        goal=float(record["goal"]) if record["goal"] else None,
        ours_quartiles=pair("ours"),
        reference_quartiles=pair("reference"),
        turns=int(record["turns"]),
        curve=record["curve"],
        size=int(record["size"]) if record["size"] else None,
        unit=record["unit"],
        at_least=record["at_least"] == "yes",
    )
    return Result(record["subject"], record["database"], date.fromisoformat(record["measured"]), row)


def _table(results: Sequence[Result], machine: Mapping[str, str]) -> list[str]:
    judged = [result.row.met for result in results if result.row.met is not None]
    lines = [
        "# What was measured",
        "",
        "Written by `make bench`: each row is ours and its reference in turns, in one run; medians, with",
        "half the distance between the quartiles. The references stand beside the bench in `tests/bench/`.",
        "",
        *(f"- {what}: {which}" for what, which in machine.items()),
        "",
        f"{sum(judged)} of {len(judged)} rows with a goal reach it. The curves: [cost.svg](cost.svg); every",
        "figure: [results.csv](results.csv); what was learnt: [scaling](../scaling.md).",
    ]
    for heading in dict.fromkeys((result.subject, result.database) for result in results):
        rows = [result for result in results if (result.subject, result.database) == heading]
        lines += [
            "",
            f"## {heading[0]} · {heading[1]} · {rows[0].measured.isoformat()}",
            "",
            "| name | ours | | reference | | ratio | goal | |",
            "|---|--:|--:|--:|--:|--:|--:|---|",
            *(_table_row(result.row) for result in rows),
        ]
    return lines


def _table_row(row: Row) -> str:
    verdict = {True: "reached", False: "**over**", None: ""}[row.met]
    cells = (
        row.name,
        written(row.ours, row.unit),
        spread(row.ours, row.ours_quartiles),
        written(row.reference, row.unit),
        spread(row.reference, row.reference_quartiles),
        f"{row.ratio:.2f}",
        row.goal_words,
        verdict,
    )
    return f"| {' | '.join(cells)} |"
