"""A primary and a streaming replica: who reads where, whose changes are seen, what a loss does."""

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bin.rehearsal import Person, wait_for
from tests.beyond.marks import on_servers
from tests.beyond.service import REVIEW, House, Served, demonstration, serving
from tests.postgres import Running, running_server
from tests.replicas import Replica, replica_of

pytestmark = on_servers
MATRIX = f"{REVIEW}matrix/"
CELL = re.compile(rf'href="({MATRIX}[^"/]+/agency-checks/)"')
# Nobody waits here for a replica to be too far behind.
PATIENT = {"KSCMP_REPLICA_SECONDS": "3600"}
PAGES = ("", "selection/", "selection/agreement/", "selection/robustness/", "matrix/", "matrix/strength/",
         "coverage/", "report/", "report/preview/", "audit/", "members/", "cases/")  # fmt: skip
# What decides who may see what, or tells what was done.
NEVER = re.compile(
    r'FROM "(accounts_|django_session|cases_(membership|review|offer)"|audit_|mfa_|themes_second)'
)


class Pair:
    """The demonstration on a primary with a replica, and an application server that knows both."""

    def __init__(self, primary: Running, replica: Replica, house: House, served: Served) -> None:
        self.primary, self.replica, self.house, self.served = primary, replica, house, served

    def person(self, name: str) -> Person:
        return self.house.person(self.served.port, name)

    def on_primary(self, statement: str) -> None:
        with psycopg.connect(self.primary.address, autocommit=True) as link:
            link.execute(statement.encode())


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("pair")
    with running_server() as primary:
        house = demonstration(folder, primary.address)
        with replica_of(primary) as replica:
            env = {**house.env, **PATIENT, "DATABASE_REPLICA_URL": replica.address}
            with serving(env, folder) as served:
                yield Pair(primary, replica, house, served)


@pytest.fixture
def pair(whole: Pair) -> Iterator[Pair]:
    """Before each test the replica has come up with the primary; after it, it goes on."""
    whole.replica.caught_up()
    yield whole
    whole.replica.resume()


def change_a_cell(person: Person, words: str) -> None:
    (cell, *_) = CELL.findall(person.read(MATRIX))
    assert person.send(cell, summary=words) == 302


def test_rankings_matrices_and_reports_are_read_from_the_replica(pair: Pair) -> None:
    team = pair.person("business-team")
    pair.replica.caught_up()
    before = len(pair.replica.statements())
    for page in PAGES:
        team.read(REVIEW + page)
    asked = "\n".join(pair.replica.statements()[before:])
    for table in ("cases_tally", "cases_case", "themes_cell", "themes_reportsection"):
        assert f'FROM "{table}"' in asked
    assert not re.search(r"^(INSERT|UPDATE|DELETE)|FOR UPDATE", asked, re.MULTILINE)
    assert NEVER.findall(asked) == []


def test_whoever_changes_something_sees_it_while_others_are_shown_what_was(pair: Pair) -> None:
    reviewer, team = pair.person("reviewer"), pair.person("business-team")
    pair.replica.caught_up()
    pair.replica.pause()
    words = "Told by the reviewer just now."
    change_a_cell(reviewer, words)
    assert words in reviewer.read(MATRIX)
    assert words not in team.read(MATRIX)
    # The control: without what the change left with the browser, the reviewer would not see it either.
    stamp = reviewer.cookies.pop("changed")
    assert words not in reviewer.read(MATRIX)
    reviewer.cookies["changed"] = stamp
    pair.replica.resume()
    assert words in team.read(MATRIX)


def test_a_stamp_that_was_tampered_with_asks_the_primary(pair: Pair) -> None:
    reviewer, team = pair.person("reviewer"), pair.person("business-team")
    pair.replica.caught_up()
    pair.replica.pause()
    change_a_cell(reviewer, "Told under a forged stamp.")
    team.cookies["changed"] = "0/0:made:up"
    assert "Told under a forged stamp." in team.read(MATRIX)


def test_a_disabled_account_and_an_ended_membership_take_effect_at_once(pair: Pair) -> None:
    reviewer, south = pair.person("reviewer"), pair.person("business-team-2")
    pair.replica.caught_up()
    reviewer.read(MATRIX)
    pair.replica.pause()
    whose = "(SELECT id FROM accounts_user WHERE email = '{}@kscmp.example')"
    pair.on_primary(f"UPDATE accounts_user SET is_active = false WHERE id = {whose.format('reviewer')}")
    pair.on_primary(f"DELETE FROM cases_membership WHERE user_id = {whose.format('business-team-2')}")
    assert (reviewer.ask(MATRIX)[0], "login" in reviewer.went_to) == (302, True)
    assert south.ask(MATRIX)[0] == 404
    pair.on_primary(f"UPDATE accounts_user SET is_active = true WHERE id = {whose.format('reviewer')}")


def test_a_lost_replica_is_said_once_and_used_again_when_it_is_back(pair: Pair) -> None:
    team = pair.person("business-team")
    pair.replica.caught_up()
    team.read(MATRIX)
    pair.replica.stop_at_once()
    for _ in range(5):
        team.read(MATRIX)
    assert pair.served.logged("the replica is away") == 1
    pair.replica.start_again()
    pair.replica.caught_up()
    before = len(pair.replica.statements())

    def is_asked_again() -> bool:
        team.read(MATRIX)
        return len(pair.replica.statements()) > before

    wait_for("the replica asked again", is_asked_again)
    assert pair.served.logged("the replica is away") == 1
    assert pair.served.logged("the replica is back") == 1
    assert pair.served.logged('"status": 500') == 0


def test_a_replica_that_became_a_primary_is_asked_nothing(tmp_path: Path, whole: Pair) -> None:
    with replica_of(whole.primary) as other:
        env = {**whole.house.env, **PATIENT, "DATABASE_REPLICA_URL": other.address}
        with serving(env, tmp_path) as served:
            team = whole.house.person(served.port, "business-team")
            other.caught_up()
            team.read(MATRIX)
            other.promote()
            before = len(other.statements())
            team.read(MATRIX)
            assert len(other.statements()) == before
