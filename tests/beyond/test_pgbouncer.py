"""The whole service through PgBouncer in transaction mode: few connections, many people, nothing mixed up."""

import re
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from bin.rehearsal import Person
from tests.beyond.service import REVIEW, House, Served, demonstration, manage, serving
from tests.pgbouncer import pgbouncer_before
from tests.postgres import Running, running_server

pytestmark = [pytest.mark.long, pytest.mark.pgbouncer]
POOL = 2
ROUNDS = 6
CELL = re.compile(rf'href="({REVIEW}matrix/[^"/]+/[a-z-]+/)"')
CASE = re.compile(rf'href="({REVIEW}cases/[^"/]+/)"')
TEXT = re.compile(r"#text-(\w+)")
REVIEW_FILE = """
slug = "many-2026"
title = "Many cases"
districts = ["North"]
cases_per_district = 10000
cases_to_select = 6
minimum_matches = 1

[[characteristics]]
slug = "housing-issues"
name = "Housing issues"
tier = "key"
"""
# What it keeps in step itself, for each of those who ask.
OF_PGBOUNCER = {"TimeZone", "client_encoding", "DateStyle", "standard_conforming_strings", "application_name"}
OF_SESSION = (
    # A transaction that was isolated otherwise leaves its name behind, not its isolation.
    "name FROM pg_settings WHERE source = 'session' AND setting <> 'read committed'",
    "name FROM pg_cursors",
    "name FROM pg_prepared_statements",
    "locktype FROM pg_locks WHERE locktype = 'advisory'",
)
ROWS = 6_000  # more than are read from one cursor at once


@dataclass(frozen=True)
class Pooled:
    server: Running
    house: House
    served: Served

    def person(self, name: str) -> Person:
        return self.house.person(self.served.port, name)


@pytest.fixture(scope="module")
def straight(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, House]]:
    with running_server() as server:
        yield server, demonstration(tmp_path_factory.mktemp("pooled"), server.address)


@pytest.fixture(scope="module")
def pooled(straight: tuple[Running, House], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pooled]:
    server, house = straight
    with pgbouncer_before(server, pool=POOL) as address:
        through = House({**house.env, "DATABASE_URL": address, "KSCMP_PGBOUNCER": "1"}, house.passwords)
        with serving(through.env, tmp_path_factory.mktemp("served"), workers=2) as served:
            yield Pooled(server, through, served)


def all_of(acts: list[Callable[[], None]]) -> None:
    """Side by side; the first that fails is raised."""
    with ThreadPoolExecutor(len(acts)) as threads:
        for done in [threads.submit(act) for act in acts]:
            done.result()


def write_cells(pooled: Pooled, name: str, theme: int) -> None:
    """Write the summary of a theme's cells again and again, and read it each time."""
    person = pooled.person(name)
    cells = CELL.findall(person.read(f"{REVIEW}matrix/"))
    for number in range(ROUNDS):
        words = f"Summary {number} of place {theme}."
        assert person.send(cells[theme], summary=words) == 302
        assert words in person.read(f"{REVIEW}matrix/")


def read_pages(pooled: Pooled, name: str, *pages: str) -> None:
    person = pooled.person(name)
    for _ in range(ROUNDS):
        for page in pages:
            assert person.ask(f"{REVIEW}{page}")[0] == 200


def write_findings(pooled: Pooled) -> None:
    """New findings on a case, each tagged as a whole and there afterwards."""
    person = pooled.person("reviewer")
    case = CASE.findall(person.read(f"{REVIEW}cases/"))[0]
    written = [f"Found in round {number}: letters were answered." for number in range(ROUNDS)]
    for words in written:
        status = person.send(
            f"{case}findings/new/",
            text=words,
            record_kind="case note",
            expectation="expected",
            quality="strength",
        )
        assert status == 302
        (text,) = TEXT.findall(person.went_to)
        assert person.send(f"{case}texts/{text}/", themes="agency-checks") == 302
    page = person.read(case)
    assert [words for words in written if words not in page] == []


def import_and_export(env: Mapping[str, str], folder: Path) -> None:
    """A sheet of thousands of cases in, and the ranking out, by command."""
    (folder / "review.toml").write_text(REVIEW_FILE)
    rows = [f"{number},North,2021-03-05,{'yn?'[number % 3]}" for number in range(10_000, 10_000 + ROWS)]
    sheet = "\n".join(["liberi_id,district,assessment_date,housing-issues", *rows])
    (folder / "cases.csv").write_text(sheet + "\n")
    manage(env, "create_review", str(folder / "review.toml"))
    assert f"{ROWS} cases imported" in manage(env, "import_cases", "many-2026", str(folder / "cases.csv"))
    for _ in range(2):
        manage(env, "export_ranking", "many-2026", "--out", str(folder / "ranking.csv"))
        assert len((folder / "ranking.csv").read_text().splitlines()) == ROWS + 1


def test_people_and_commands_side_by_side_over_two_connections(pooled: Pooled, tmp_path: Path) -> None:
    all_of(
        [
            lambda: write_cells(pooled, "reviewer", 0),
            lambda: write_cells(pooled, "reviewer", 5),
            lambda: write_findings(pooled),
            lambda: read_pages(pooled, "business-team", "selection/", "selection/export/csv", "matrix/"),
            lambda: read_pages(pooled, "business-team-2", "coverage/", "report/preview/", "audit/"),
            lambda: import_and_export(pooled.house.env, tmp_path),
        ]
    )
    assert "chain holds" in manage(pooled.house.env, "verify_audit")
    assert pooled.served.logged('"status": 500') == 0
    assert left_behind(pooled) == set()


def left_behind(pooled: Pooled) -> set[str]:
    """What is set for as long as a connection of the pool lasts, or held by one without a transaction."""
    found = set()
    with ExitStack() as stack:
        for _ in range(POOL):  # each in a transaction, and so each a connection of its own
            link = stack.enter_context(psycopg.connect(pooled.house.env["DATABASE_URL"]))
            for of_session in OF_SESSION:
                found |= {name for (name,) in link.execute(f"SELECT {of_session}".encode())}
    return found - OF_PGBOUNCER


# While rows are read, somebody else takes the connection that the first of them came over.
READ_BESIDE = """
import os, psycopg
from kscmp_review.audit.models import AuditEvent
rows = AuditEvent.objects.iterator(chunk_size=5)
next(rows)
with psycopg.connect(os.environ["DATABASE_URL"]) as somebody_else:
    somebody_else.execute("SELECT 1")
    print("read", 1 + sum(1 for _ in rows))
"""


def test_rows_are_read_to_their_end_whoever_takes_the_connection(pooled: Pooled) -> None:
    assert "read " in manage(pooled.house.env, "shell", "-v0", "-c", READ_BESIDE)


def test_the_control_without_being_told_of_pgbouncer_they_are_not(pooled: Pooled) -> None:
    untold = {**pooled.house.env, "KSCMP_PGBOUNCER": ""}
    with pytest.raises(AssertionError, match=r"cursor .* does not exist"):
        manage(untold, "shell", "-v0", "-c", READ_BESIDE)


def test_files_are_rewritten_past_pgbouncer_alone(pooled: Pooled) -> None:
    rewrite = "from kscmp_review.privacy.rewriting import rewrite; rewrite([])"
    with pytest.raises(AssertionError, match="run it without PgBouncer"):
        manage(pooled.house.env, "shell", "-v0", "-c", rewrite)


def test_a_backup_is_made_through_it(pooled: Pooled, tmp_path: Path) -> None:
    manage(pooled.house.env, "backup", str(tmp_path / "made.backup"))
    assert (tmp_path / "made.backup").stat().st_size > 0
