"""A restore puts back what was backed up, whole, or changes nothing."""

from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from pytest_django import Settings

from cases.models import Case, Review
from kscmp_review.accounts.models import User
from kscmp_review.audit.chain import ChainState, verify
from kscmp_review.audit.models import AuditEvent
from kscmp_review.backup import restoring, state, writing
from kscmp_review.backup.sealing import CHUNK, TAG, UnreadableBackup
from kscmp_review.backup.tables import kept_models
from tests import build
from tests.audit.chains import record_events, tampering
from tests.backup.installations import back_up, beside, but_audit, killed, quiet, restore, sums
from themes.demonstration.load import load

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def review(transactional_db: None) -> Review:
    bola = build.user("bola", opens_reviews=True)
    review = build.review(by=bola)
    build.case(review, "North", "007", "pa?p", by=bola, evidence="Sentence with “é”.")
    return review


@pytest.fixture
def file(review: Review, tmp_path: Path) -> Path:
    back_up(tmp_path / "file")
    return tmp_path / "file"


def drop_everything() -> None:
    with restoring._all_or_nothing():
        restoring._drop_tables()


def test_onto_nothing_every_row_is_as_it_was_and_the_chain_holds(tmp_path: Path) -> None:
    load()
    build.user("gone").delete()
    before = sums()
    back_up(tmp_path / "file")
    drop_everything()
    contents = restore(tmp_path / "file", replace=False)
    assert contents.tables == before
    assert but_audit(sums()) == but_audit(before)
    assert isinstance(verify(), ChainState)
    assert Case.objects.order_by("pk")[0].liberi_id


def test_it_is_one_event_at_the_end_of_the_restored_chain(file: Path) -> None:
    recorded = AuditEvent.objects.count() - 1  # all but that of the backup
    record_events(5)
    contents = restore(file)
    event = AuditEvent.objects.newest_first()[0]
    assert AuditEvent.objects.count() == event.pk == recorded + 1
    assert event.action == "installation.restored"
    assert event.before == {"events": recorded + 6}
    assert event.after == {
        "made": contents.made, "rows": contents.rows, "events": recorded, "chain": "holds",
    }  # fmt: skip


def test_what_was_done_since_is_gone_and_numbers_go_on_from_the_last_given_before(
    review: Review, tmp_path: Path
) -> None:
    gone = build.user("gone")
    number = gone.pk
    gone.delete()
    back_up(tmp_path / "file")
    assert build.user("later").pk == number + 1
    restore(tmp_path / "file")
    assert User.objects.count() == 1
    assert build.user("another").pk == number + 1


def test_a_database_that_holds_records_is_replaced_only_when_that_is_said(file: Path) -> None:
    before = sums()
    with pytest.raises(CommandError, match="say --yes"):
        call_command("restore", str(file))
    assert sums() == before
    call_command("restore", str(file), yes=True)


@pytest.mark.long
def test_the_anchor_is_told_that_the_chain_is_shorter(
    file: Path, tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.AUDIT_ANCHOR = str(tmp_path / "anchor")
    record_events(9)
    call_command("verify_audit")
    call_command("restore", str(file), yes=True, anchor=settings.AUDIT_ANCHOR)
    call_command("verify_audit")
    lengths = [int(line.split()[0]) for line in (tmp_path / "anchor").read_text().splitlines()]
    assert len(lengths) == 2
    assert lengths[0] > lengths[1]
    assert "chain holds" in capsys.readouterr().out


class TestARefusedFileTouchesNothing:
    """Not one query is made before the file has proved itself."""

    @pytest.fixture(autouse=True)
    def _no_query(self, file: Path, django_assert_num_queries: "object") -> None:
        self.content = file.read_bytes()

    def refused(self, file: Path, content: bytes) -> None:
        file.write_bytes(content)
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as made, pytest.raises(UnreadableBackup):
            restore(file)
        assert made.captured_queries == []

    def test_flipped_anywhere(self, file: Path) -> None:
        for place in [*range(0, len(self.content), 499), len(self.content) - 1]:
            flipped = bytearray(self.content)
            flipped[place] ^= 0x10
            self.refused(file, bytes(flipped))

    def test_cut_short(self, file: Path) -> None:
        start = self.content.index(b"\n", 30) + 1
        ends = range(start, len(self.content), CHUNK + TAG)
        for length in [0, 10, start - 1, *ends, len(self.content) - TAG, len(self.content) - 1]:
            self.refused(file, self.content[:length])

    def test_of_something_else(self, file: Path) -> None:
        for content in (b"", b"\x7fELF", b"SQLite format 3\x00", self.content[20:], self.content * 2):
            self.refused(file, content)

    def test_of_an_installation_with_other_keys(self, file: Path, settings: Settings) -> None:
        name = next(iter(settings.RECORD_KEYS))
        for ring in ({"other": bytes(32)}, {name: bytes(32)}):
            settings.RECORD_KEYS = ring
            self.refused(file, self.content)


def test_the_command_says_in_one_line_why_it_refused(file: Path, tmp_path: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(CommandError, match=r"damaged or cut short.*; nothing was changed$"):
        call_command("restore", str(file), yes=True)
    with pytest.raises(CommandError, match="cannot read"):
        call_command("restore", str(tmp_path / "missing"), yes=True)


@pytest.mark.parametrize(
    "place",
    [
        pytest.param("_drop_tables", marks=pytest.mark.long),
        pytest.param("_empty", marks=pytest.mark.long),
        pytest.param("_insert", marks=pytest.mark.long),
        pytest.param("_compare", marks=pytest.mark.long),
        pytest.param("emit_post_migrate_signal", marks=pytest.mark.long),
        "record",
    ],
)
def test_a_restore_that_stops_half_way_changes_nothing(
    place: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sums()
    plain = getattr(restoring, place)

    def stopping(*args: object, **options: object) -> None:
        plain(*args, **options)
        raise KeyboardInterrupt

    monkeypatch.setattr(restoring, place, stopping)
    with pytest.raises(KeyboardInterrupt):
        restore(file)
    assert sums() == before
    assert isinstance(verify(), ChainState)
    with pytest.raises(Exception, match="never changed or removed"):
        AuditEvent.objects.filter(pk=1).delete()


def test_rows_that_do_not_come_back_as_written_undo_the_restore(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sums()
    plain = vars(restoring)["read_row"]
    monkeypatch.setattr(
        restoring,
        "read_row",
        lambda row: ["absent" if value == "present" else value for value in plain(row)],
    )
    with pytest.raises(restoring.CannotRestore, match="the rows of cases_answer did not come back"):
        restore(file)
    assert sums() == before


def test_a_backup_of_a_newer_release_is_refused(
    review: Review, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as newer:
        applied = state.applied(connection)
        known = applied | {("cases", "9999_later")}
        newer.setattr(state, "applied", lambda _: known)
        newer.setattr(state, "known", lambda _: known)
        back_up(tmp_path / "file")
    before = sums()
    with pytest.raises(restoring.CannotRestore, match=r"newer release: .* cases\.9999_later"):
        restore(tmp_path / "file")
    assert sums() == before


@pytest.mark.long
def test_a_backup_of_the_release_before_there_was_a_chain_is_restored_and_migrated(
    review: Review, tmp_path: Path
) -> None:
    before = sums()
    events = list(AuditEvent.objects.order_by("pk").values_list("action", "at", "after"))
    executor = MigrationExecutor(connection)
    executor.migrate([("audit", "0001_initial")])
    left = [node for node in executor.loader.graph.leaf_nodes() if node[0] != "audit"]
    old = executor.loader.project_state([*left, ("audit", "0001_initial")]).apps
    with (tmp_path / "file").open("wb") as opened:
        writing._write(opened, kept_models(old), quiet())
    call_command("migrate", "audit", verbosity=0)
    build.user("later")

    contents = restore(tmp_path / "file")
    assert ("audit", "0002_chain") not in contents.migrations
    assert "audit_chainhead" not in contents.tables
    assert but_audit(sums()) == but_audit(before)
    state_of_chain = verify()
    assert isinstance(state_of_chain, ChainState)
    assert state_of_chain.events == len(events) + 1
    restored = AuditEvent.objects.order_by("pk").values_list("action", "at", "after")
    assert list(restored)[:-1] == events


@pytest.mark.long
def test_a_broken_chain_is_told_at_the_backup_and_restored_only_when_that_is_said(
    review: Review, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with tampering() as events:
        events.filter(pk=2).update(object_id="other")
    file = tmp_path / "file"
    call_command("backup", str(file))
    assert "the backup was made, but the chain is broken at event 2" in capsys.readouterr().err
    before = sums()
    with pytest.raises(CommandError, match=r"broken at event 2.*say --broken-audit.*nothing was changed"):
        call_command("restore", str(file), yes=True)
    assert sums() == before
    call_command("restore", str(file), yes=True, broken_audit=True)
    assert AuditEvent.objects.newest_first()[0].after["chain"] == "broken"


@pytest.mark.long
def test_onto_a_new_machine_and_back(file: Path, tmp_path: Path) -> None:
    """A second installation, on SQLite: from PostgreSQL and back to it where this one runs on that."""
    before = sums()
    (tmp_path / "beside").mkdir()
    manage = beside(tmp_path / "beside")
    restored = manage("restore", str(file))
    assert (restored.stderr, restored.returncode) == ("", 0)
    assert manage("verify_audit").stdout.startswith("chain holds: ")
    again = manage("backup", str(tmp_path / "again"))
    assert (again.stderr, again.returncode) == ("", 0)
    contents = restore(tmp_path / "again")
    assert contents.engine == "sqlite"
    assert but_audit(contents) == but_audit(before) == but_audit(sums())
    assert set(contents.tables) == set(kept_models(apps))
    assert isinstance(verify(), ChainState)


KILLED = """
import os, signal, sys
import django
django.setup()
from django.core.management import call_command
from kscmp_review.backup import restoring
assert hasattr(restoring, sys.argv[2])
setattr(restoring, sys.argv[2], lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
call_command("restore", sys.argv[1], yes=True)
"""


@pytest.mark.parametrize(
    "place",
    [
        pytest.param("_empty", marks=pytest.mark.long),
        "_compare",
        pytest.param("record", marks=pytest.mark.long),
    ],
)
def test_killed_half_way_the_database_is_as_before_and_the_next_restore_works(place: str, file: Path) -> None:
    before = sums()
    killed(KILLED, str(file), place)
    assert sums() == before
    restore(file)
