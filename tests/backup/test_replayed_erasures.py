"""A backup from before an erasure brings nothing back: the restore erases again, in its own transaction."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from cases.models import Case, Review
from kscmp_review.audit.chain import ChainState, verify
from kscmp_review.audit.models import AuditEvent
from kscmp_review.backup import restoring
from kscmp_review.privacy.holdings import deleted, erasable
from tests.backup.installations import back_up, killed, restore
from tests.privacy.canaries import closed_review, empty_tables, found, plant, stored

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def ledger(settings: Settings, tmp_path: Path) -> Path:
    settings.ERASURE_LEDGER = str(tmp_path / "erasures")
    return tmp_path / "erasures"


@pytest.fixture
def words(tmp_path: Path, transactional_db: None) -> list[bytes]:
    """A backup was made of a review, which has been erased since; the words it held."""
    made = closed_review()
    planted = plant(made.review)
    back_up(tmp_path / "file")
    call_command("erase_expired")
    return planted


def restored_by_command(path: Path) -> None:
    call_command("restore", str(path), yes=True)


def nothing_is_back(words: list[bytes]) -> bool:
    review = Review.objects.get()
    gone = not any(holding.rows(review.pk).exists() for holding in erasable() if holding.erase is deleted)
    return gone and review.erased_at is not None and found(words, stored()) == set()


def test_what_was_erased_since_is_erased_again(words: list[bytes], tmp_path: Path) -> None:
    restored_by_command(tmp_path / "file")
    assert nothing_is_back(words)
    event = AuditEvent.objects.newest_first()[0]
    assert event.action == "review.erased"
    assert event.after["again"] is True
    assert isinstance(verify(), ChainState)


def test_the_ledger_tells_where_the_database_is_lost(
    words: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restoring, "told_by_audit", dict)
    restored_by_command(tmp_path / "file")
    assert nothing_is_back(words)


@pytest.mark.long
def test_the_audit_tells_where_the_ledger_is_lost(words: list[bytes], tmp_path: Path, ledger: Path) -> None:
    ledger.unlink()
    restored_by_command(tmp_path / "file")
    assert nothing_is_back(words)


@pytest.mark.long
def test_with_neither_it_comes_back(words: list[bytes], tmp_path: Path, ledger: Path) -> None:
    """The control: the backup does hold it all."""
    ledger.unlink()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(restoring, "told_by_audit", dict)
        restore(tmp_path / "file")
    review = Review.objects.get()
    assert empty_tables(review) == set()
    assert review.erased_at is None
    assert found(words, stored()) == set(words) - {b"canary_ended", b"canary_sheet"}


@pytest.mark.long
def test_a_ledger_with_a_line_made_up_is_refused_and_nothing_changed(
    words: list[bytes], tmp_path: Path, ledger: Path
) -> None:
    ledger.write_text(ledger.read_text() + f"2030-01-01T00:00:00+00:00 {'1' * 64} {'2' * 64}\n")
    with pytest.raises(CommandError, match=r"line 2 of the ledger .* nothing was changed"):
        restored_by_command(tmp_path / "file")
    assert Case.objects.count() == 0
    call_command("restore", str(tmp_path / "file"), yes=True, without_ledger=True)
    assert nothing_is_back(words), "the audit of what was replaced still knew"


@pytest.mark.long
def test_a_ledger_that_lags_behind_the_backup_is_refused(
    words: list[bytes], tmp_path: Path, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a new machine somebody forgot to bring it along."""
    back_up(tmp_path / "later")
    ledger.unlink()
    monkeypatch.setattr(restoring, "told_by_audit", dict)
    with pytest.raises(restoring.CannotRestore, match="1 reviews had been erased"):
        restore(tmp_path / "later")


KILLED = """
import os, signal, sys
import django
django.setup()
from django.conf import settings
settings.ERASURE_LEDGER = sys.argv[2]
from django.core.management import call_command
from cases.actions import erasure
def die(*_, **__): os.kill(os.getpid(), signal.SIGKILL)
assert hasattr(erasure, sys.argv[3])
setattr(erasure, sys.argv[3], die)
call_command(*sys.argv[4:], **({"yes": True} if sys.argv[4] == "restore" else {}))
"""


def killed_at(place: str, ledger: Path, *command: str) -> None:
    killed(KILLED, "-", str(ledger), place, *command)


@pytest.mark.long
@pytest.mark.parametrize("place", ["record_about_review", "rewrite"])
def test_a_restore_killed_while_erasing_again_serves_nothing_of_it(
    place: str, words: list[bytes], tmp_path: Path, ledger: Path
) -> None:
    killed_at(place, ledger, "restore", str(tmp_path / "file"))
    assert Case.objects.count() == 0
    call_command("erase_expired")
    assert nothing_is_back(words)


@pytest.mark.long
@pytest.mark.parametrize("place", ["record_about_review", "rewrite"])
def test_an_erasure_killed_half_way_is_whole_after_the_next_run(
    place: str, ledger: Path, transactional_db: None
) -> None:
    made = closed_review()
    planted = plant(made.review)
    killed_at(place, ledger, "erase_expired")
    assert (Case.objects.count() == 0) == (place == "rewrite")
    call_command("erase_expired")
    assert nothing_is_back(planted)
