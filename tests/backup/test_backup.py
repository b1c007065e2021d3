"""A backup holds everything, as it was at one moment, readable by nobody without the key."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from cases.models import Review
from kscmp_review.accounts.models import Session, User
from kscmp_review.audit.models import AuditEvent, ChainHead
from kscmp_review.backup import reading, state, tables, writing
from kscmp_review.backup.sealing import UnreadableBackup
from tests import build
from tests.backup.installations import back_up, but_audit, restore, sums

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def review(transactional_db: None) -> Review:
    """Three cases, one of them withdrawn from the database so that its number is free."""
    bola = build.user("bola", opens_reviews=True)
    review = build.review(by=bola)
    for place in range(3):
        build.case(review, "North", f"00{place}", "pa?p", by=bola, evidence="Sentence with “é” and canary.")
    User.objects.create(email="gone@kscmp.example", name="Gone").delete()
    return review


def test_every_table_is_kept_or_left_out_with_a_reason() -> None:
    from django.apps import apps

    there = set(connection.introspection.table_names())
    assert there == set(tables.kept_models(apps)) | set(tables.LEFT_OUT)
    assert not set(tables.kept_models(apps)) & set(tables.LEFT_OUT)


def test_it_holds_what_the_database_held(review: Review, tmp_path: Path) -> None:
    before = sums()
    contents = back_up(tmp_path / "file")
    assert contents.tables == before
    assert contents.rows > 50
    assert contents.migrations == state.known(connection)
    assert contents.engine == connection.vendor


def test_its_file_is_for_its_owner_alone_and_nothing_is_left_beside_it(
    review: Review, tmp_path: Path
) -> None:
    back_up(tmp_path / "file")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600


def test_nothing_can_be_read_of_it_but_its_header(review: Review, tmp_path: Path) -> None:
    back_up(tmp_path / "file")
    content = (tmp_path / "file").read_bytes()
    for word in (b"canary", b"bola@kscmp.example", b"North", b"cases_case"):
        assert word not in content
    assert b'"migrations"' in content


def test_sessions_are_not_in_it(review: Review, tmp_path: Path) -> None:
    Session.objects.create(session_key="k", session_data="d", expire_date=timezone.now())
    contents = back_up(tmp_path / "file")
    assert "accounts_session" not in contents.tables
    restore(tmp_path / "file")
    assert not Session.objects.exists()


def test_making_one_is_an_event(review: Review, tmp_path: Path) -> None:
    contents = back_up(tmp_path / "file")
    event = AuditEvent.objects.newest_first()[0]
    assert event.action == "installation.backed up"
    assert event.after == {"made": contents.made, "rows": contents.rows, "key": contents.key}


def test_there_is_none_when_its_event_cannot_be_written(review: Review, tmp_path: Path) -> None:
    ChainHead.objects.all().delete()
    with pytest.raises(RuntimeError, match="no head"):
        back_up(tmp_path / "file")
    assert list(tmp_path.iterdir()) == []


def test_the_one_there_was_stays_when_the_next_does_not_verify(
    review: Review, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_: object) -> None:
        raise UnreadableBackup("the backup is damaged")

    (tmp_path / "file").write_bytes(b"the one before")
    monkeypatch.setattr(reading, "verify", damaged)
    with pytest.raises(UnreadableBackup):
        back_up(tmp_path / "file")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"the one before"]


def test_who_writes_meanwhile_neither_waits_nor_comes_into_it(
    review: Review, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody is added after the first table was read; accounts are read before, the audit after it."""
    before = sums()
    plain = tables.rows_of
    added: list[str] = []

    def add() -> None:
        try:
            added.append(build.user(f"late{len(added)}").email)
            build.review("late", by=User.objects.get(email="bola@kscmp.example"))
        finally:
            connection.close()

    def and_meanwhile(model: Any, database: Any) -> Iterator[tuple[Any, ...]]:
        yield from plain(model, database)
        if not added:
            with ThreadPoolExecutor(1) as pool:
                pool.submit(add).result(timeout=60)

    monkeypatch.setattr(writing, "rows_of", and_meanwhile)
    contents = back_up(tmp_path / "file")
    assert added == ["late0@kscmp.example"]
    # Numbers are given out of any transaction: the last one given may be of a row that is not in it.
    assert without_numbers(contents.tables) == without_numbers(before)
    assert without_numbers(sums()) != without_numbers(before)


def without_numbers(tables: Mapping[str, reading.End]) -> dict[str, tuple[int, str]]:
    return {table: (end.rows, end.sum) for table, end in tables.items()}


def test_a_database_that_was_not_migrated_is_not_backed_up(
    review: Review, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = state.known(connection)
    monkeypatch.setattr(state, "known", lambda _: known | {("cases", "9999_later")})
    with pytest.raises(CommandError, match="run migrate first"):
        call_command("backup", str(tmp_path / "file"))
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_what_it_wrote(
    review: Review, tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    settings.RECORD_KEYS = {"newer": bytes(32), **settings.RECORD_KEYS}
    call_command("backup", str(tmp_path / "file"))
    said = capsys.readouterr()
    assert said.out.startswith("backed up ")
    assert said.out.endswith("sealed under the key newer\n")
    assert said.err == ""
    with (tmp_path / "file").open("rb") as file:
        assert but_audit(reading.verify(file, settings.RECORD_KEYS)) == but_audit(sums())


@pytest.mark.parametrize("name", ["missing/file", "."])
def test_a_place_that_cannot_be_written_is_an_error(name: str, review: Review, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot write"):
        call_command("backup", str(tmp_path / name))
    assert list(tmp_path.iterdir()) == []
