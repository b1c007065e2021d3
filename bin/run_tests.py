"""Run every test that can run here: on SQLite, on PostgreSQL, in a real browser, and what other programs say
of our files; say what could not.

    .venv/bin/python -m bin.run_tests [--long]

Each part runs to its end whatever the others did. The last lines give a verdict for each part, then `NOT
RUN` with the reason for what could not run, then the total. Exit status 1 where a test failed, or where
continuous integration (CI=true) could have run a part and did not.
"""

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bin.from_apt import CHROMIUM, JAVA, NGINX, OFFICE, PGBOUNCER, can_install, install
from tests.chromium import find_chromium
from tests.postgres import NO_SERVER
from tests.programs import find_java, find_nginx, find_office, find_pgbouncer

RESULTS = Path("var/test-results")
# Each of these has a part of its own.
WITH_A_PROGRAM = "not browser and not verapdf and not office and not rehearsal and not pgbouncer"
NO_TESTS = 5  # pytest's exit status where it collected none
POSTGRES = [sys.executable, "-m", "tests.postgres", "--"]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of one part: its counts, or why it did not run; `broken` where it should have done better."""

    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    not_run: str = ""
    broken: bool = False

    @property
    def line(self) -> str:
        counts = f"{self.passed} passed, {self.failed} failed"
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        ended_early = " (ended early)" if self.broken and not self.failed else ""
        return f"{self.name}: {counts}{skipped}{ended_early}"


def counts(report: Path) -> tuple[int, int, int]:
    """Passed, failed, skipped of a JUnit file, an error counted as failed; zeros where none can be read."""
    try:
        suites = list(ET.parse(report).iter("testsuite"))
    except (OSError, ET.ParseError):
        suites = []
    tests, failures, errors, skipped = (
        sum(int(suite.get(name, "0")) for suite in suites)
        for name in ("tests", "failures", "errors", "skipped")
    )
    failed = failures + errors
    return max(0, tests - failed - skipped), failed, skipped


def outcome(name: str, status: int, report: Path, *, in_ci: bool) -> Outcome:
    """Read what a part's exit status and report say together."""
    if status == NO_SERVER:
        return Outcome(
            name=name, not_run="no PostgreSQL server could be started (reason above)", broken=in_ci
        )
    if status == NO_TESTS:
        return Outcome(name=name, not_run="there are no such tests")
    passed, failed, skipped = counts(report)
    return Outcome(name=name, passed=passed, failed=failed, skipped=skipped, broken=status != 0)


def environment() -> dict[str, str]:
    """This process's environment without what configures the service: tests bring their own."""
    ours = ("KSCMP_", "DATABASE_", "DJANGO_", "PYTEST_ADDOPTS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    if chromium := os.environ.get("KSCMP_CHROMIUM"):
        kept["KSCMP_CHROMIUM"] = chromium
    return {**kept, "KSCMP_VAR": "var/tests"}


def run_part(name: str, select: str, *options: str, through: list[str] | None = None) -> Outcome:
    """Run pytest on the tests that the marker expression `select` picks."""
    print(f"\n=== {name} ===", flush=True)
    report = RESULTS / f"{name.replace(' ', '-')}.xml"
    report.unlink(missing_ok=True)
    pytest = [sys.executable, "-m", "pytest", "-q", "-m", select, f"--junitxml={report}", *options]
    finished = subprocess.run([*(through or []), *pytest], env=environment(), check=False)
    return outcome(name, finished.returncode, report, in_ci=is_ci(os.environ))


def run_with(
    program: str,
    find: Callable[[], str | None],
    packages: tuple[str, ...],
    name: str,
    select: str,
    *options: str,
) -> Outcome:
    """Run a part that needs a program, after an attempt to bring it where there is none."""
    if find() is None:
        print(f"\n=== {name} ===", flush=True)
        possible = can_install()
        why = install(packages) if possible else "apt cannot bring it here"
        if find() is None:
            broken = possible and is_ci(os.environ)
            return Outcome(name=name, not_run=f"no {program} found" + (why and f": {why}"), broken=broken)
    return run_part(name, select, *options)


def run_journeys() -> Outcome:
    return run_with("Chromium", find_chromium, CHROMIUM, "browser journeys", "browser and not long", "-n2")


def run_validator() -> Outcome:
    return run_with("Java", find_java, JAVA, "PDF validator", "verapdf")


def run_office() -> Outcome:
    return run_with("LibreOffice", find_office, OFFICE, "LibreOffice", "office")


def run_rehearsal() -> Outcome:
    return run_with("nginx", find_nginx, NGINX, "deployment", "rehearsal")


def run_pgbouncer() -> Outcome:
    return run_with("PgBouncer", find_pgbouncer, PGBOUNCER, "PgBouncer", "pgbouncer")


def is_ci(environ: Mapping[str, str]) -> bool:
    return environ.get("CI", "").lower() in {"1", "true", "yes"}


def summary(outcomes: list[Outcome]) -> list[str]:
    """The closing lines: the parts that ran, those that did not, the total where any ran."""
    ran = [part for part in outcomes if not part.not_run]
    lines = [part.line for part in ran]
    lines += [f"NOT RUN: {part.name}: {part.not_run}" for part in outcomes if part.not_run]
    if ran:
        passed, failed, skipped = (
            sum(getattr(part, count) for part in ran) for count in ("passed", "failed", "skipped")
        )
        lines.append(f"TOTAL: {passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return lines


def main(arguments: list[str]) -> int:
    if arguments not in ([], ["--long"]):
        print("usage: python -m bin.run_tests [--long]", file=sys.stderr)
        return 2
    RESULTS.mkdir(parents=True, exist_ok=True)
    if arguments:
        outcomes = [
            run_part("long tests on SQLite", f"{WITH_A_PROGRAM} and long"),
            run_part("long tests on PostgreSQL", f"{WITH_A_PROGRAM} and long", through=POSTGRES),
            run_office(),
            run_rehearsal(),
            run_pgbouncer(),
        ]
    else:
        select = f"{WITH_A_PROGRAM} and not long"
        outcomes = [
            run_part("SQLite", select, "-n2"),
            run_part("PostgreSQL", select, "-n2", "--with-database-only", through=POSTGRES),
            run_journeys(),
            run_validator(),
        ]
    print("\n=== summary ===", *summary(outcomes), sep="\n", flush=True)
    return int(any(part.broken or part.failed for part in outcomes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
