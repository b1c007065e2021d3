"""What a load run found, as a page of docs/bench/."""

from collections import Counter
from typing import Any

from tests.bench.machine import facts

MEGABYTE = 1024**2
FLAT = 1.1  # the end against the middle of the run


def goals_of(found: dict[str, Any]) -> dict[str, bool]:
    total, (_, middle, end) = found["total"], found["memory"]
    return {
        "no error": not found["failed"] and not found["errors"],
        "nothing lost": not found["lost"],
        "p99 ≤ 10 × p50": total["p99"] <= 10 * total["p50"],
        "memory flat": end <= FLAT * middle,
    }


def page_of(found: dict[str, Any]) -> str:
    asked, total = found["asked"], found["total"]
    least, most = asked["think"]
    kinds = Counter(each["kind"] for each in found["accepted"])
    said = ", ".join(f"{number} {kind}s" for kind, number in sorted(kinds.items()))
    goals = "\n".join(f"| {goal} | {'yes' if kept else 'no'} |" for goal, kept in goals_of(found).items())
    rows = "\n".join(row_of(each) for each in [*found["pages"], {**total, "page": "**all**"}])
    memory = " → ".join(f"{each / MEGABYTE:.0f}" for each in found["memory"])
    machine = "\n".join(f"- {name}: {value}" for name, value in facts().items())
    return f"""# {asked["people"]} people at once

Written by `make load`. {asked["people"]} signed-in people worked for {asked["minutes"]:g} minutes on one
machine that also ran the database, two workers of the service, and the people themselves. They arrived one
after the other, within two minutes or a third of the run. Each made a click
every {least:g} to {most:g} seconds: the time it takes to read a page or to fill in a form. Four in ten were
district leads who drafted, checked and submitted cases, three reviewers who opened cases, wrote findings,
tagged them and read the matrix, two of the business team who ranked and decided; one read the report. Each
fifty of them belong to one partnership: a selection among 48 cases, twelve cases that are read.

| goal | reached |
|---|---|
{goals}

Accepted, and looked for afterwards: {said}; lost: {len(found["lost"])}.
The workers held {memory} MB together (first part, middle, end). {total["a second"]:.1f} requests a second.

| page | requests | failures | p50 ms | p95 ms | p99 ms | longest ms |
|---|---:|---:|---:|---:|---:|---:|
{rows}

{machine}
"""


def row_of(entry: dict[str, Any]) -> str:
    times = " | ".join(f"{entry[name] or 0:.0f}" for name in ("p50", "p95", "p99", "longest"))
    return f"| {entry['page']} | {entry['requests']} | {entry['failures']} | {times} |"
