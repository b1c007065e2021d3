"""Measure every subject and print one line a comparison: name, ours, the reference's, their ratio, its goal.

    python -m tests.bench [SUBJECT…]

The results are written to docs/bench. Exit status 1 where a subject could not be measured to its end; a row
over its goal is said, and is no failure.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from time import monotonic

from tests.bench import machine, results
from tests.bench.results import Result
from tests.bench.subjects import POSTGRESQL, SUBJECTS, NoSuchSubject, Subject, chosen
from tests.bench.timing import HEAD, Row
from tests.postgres import NoServer, server


@contextmanager
def environment(database: str) -> Iterator[dict[str, str]]:
    """What names a new and empty database, and a folder for keys, that go afterwards."""
    ours = ("KSCMP_", "DATABASE_URL", "DJANGO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        kept |= {"KSCMP_VAR": folder, "KSCMP_PLAIN_STATIC": "1"}
        if database == POSTGRESQL:
            with server() as address:
                yield {**kept, "DATABASE_URL": address}
        else:
            yield kept


def rows_of(subject: Subject, database: str) -> Iterator[Row]:
    """The rows as they are measured; raises CalledProcessError where the measuring broke off."""
    command = [sys.executable, "-m", "tests.bench.child", subject.module]
    with environment(database) as environ:
        with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            for line in child.stdout:
                yield Row(*json.loads(line))
        if child.returncode:
            raise subprocess.CalledProcessError(child.returncode, command)


def measured(subject: Subject, database: str) -> tuple[list[Result], str]:
    """Print and gather one subject's rows on one database, and why it broke off; empty where it did not."""
    found: list[Result] = []
    print(f"\n{subject.module} · {database}\n{HEAD}", flush=True)
    try:
        for row in rows_of(subject, database):
            print(row, flush=True)
            found.append(Result(subject.module, database, date.today(), row))
    except NoServer as error:
        return [], f"{subject.module} on {database}: no PostgreSQL could be started ({error})"
    except subprocess.CalledProcessError as error:
        return [], f"{subject.module} on {database}: exit status {error.returncode}"
    return found, ""


def main(only: str) -> int:
    started = monotonic()
    try:
        subjects = chosen(only)
    except NoSuchSubject as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    found: list[Result] = []
    broken: list[str] = []
    for subject in subjects:
        for database in subject.databases:
            rows, why = measured(subject, database)
            found += rows
            broken += [why] if why else []
    order = [subject.module for subject in SUBJECTS]
    results.write(results.merged(results.read(), found, order), machine.facts())
    judged = [result.row.met for result in found if result.row.met is not None]
    print(f"\n{sum(judged)} of {len(judged)} rows with a goal reach it; written to {results.FOLDER}/")
    print(*(f"NOT MEASURED: {why}" for why in broken), sep="\n")
    print(f"{monotonic() - started:.0f} seconds")
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main(" ".join(sys.argv[1:])))
