"""After erasing, nothing of a case is left: not in a table, not in the files of the database."""

from contextlib import ExitStack
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from cases.models import Case, Review, Selection
from kscmp_review.audit.chain import ChainState, verify
from kscmp_review.audit.models import AuditEvent
from kscmp_review.privacy import holdings, rewriting
from tests.privacy.canaries import (
    LIBERI_ID,
    closed_review,
    empty_tables,
    found,
    looking_since_before,
    open_elsewhere,
    plant,
    stored,
    writing_in_another_database,
)
from themes.models import ReportVersion, Theme

pytestmark = pytest.mark.django_db(transaction=True)
several_databases = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="only PostgreSQL holds several databases"
)


@pytest.fixture(autouse=True)
def ledger(settings: Settings, tmp_path: Path) -> Path:
    settings.ERASURE_LEDGER = str(tmp_path / "erasures")
    return tmp_path / "erasures"


def test_of_every_column_about_a_case_nothing_is_left_anywhere() -> None:
    made = closed_review()
    assert empty_tables(made.review) == set()
    words = plant(made.review)
    assert len(words) > 50
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # what the planner remembers of a column holds words, too
    assert found(words, stored()) == set(words), "the search itself must be able to find them"
    with open_elsewhere():
        call_command("erase_expired")
        content = stored()
    assert found(words, content) == set()
    assert LIBERI_ID.encode() not in content
    assert Review.objects.exclude(rewritten_at=None).exists()


def test_no_liberi_id_lies_in_clear_anywhere_while_it_is_held() -> None:
    """Of cases, their versions, drafts, the outbox, sessions and the audit: all is dumped and searched."""
    made = closed_review()
    content = stored()
    assert made.selected.liberi_id == LIBERI_ID
    assert found([LIBERI_ID.encode()], content) == set()
    assert b"canary evidence" in content, "the search itself must be able to find what is in clear"


def test_the_released_report_the_method_and_the_audit_stay() -> None:
    made = closed_review()
    html = ReportVersion.objects.get(pk=made.released.pk).html
    events = AuditEvent.objects.count()
    digest = made.selection.digest
    call_command("erase_expired")
    assert not Case.objects.exists()
    (version,) = ReportVersion.objects.all()
    assert (version.pk, version.html) == (made.released.pk, html)
    assert version.authors.exists()
    assert version.approvals.count() == 2
    assert Theme.objects.filter(name="Agency checks").exists()
    selection = Selection.objects.get()
    assert selection.digest == digest
    assert selection.frozen is not None
    assert selection.frozen["cases"] == []
    assert selection.frozen["totals"]["selected"] == 2
    assert "North" not in str(selection.frozen)
    assert AuditEvent.objects.count() > events
    assert isinstance(verify(), ChainState)
    call_command("verify_selection", made.review.slug)


def test_another_review_keeps_everything() -> None:
    made, other = closed_review(), closed_review("others", first_id=8001001)
    Review.objects.filter(pk=other.review.pk).update(erasure_warned_on=None)
    held = {holding.words: holding.rows(other.review.pk).count() for holding in holdings.of_reviews()}
    events = "Events: who did what to which object, and when"
    call_command("erase_expired")
    assert empty_tables(other.review) == set()
    after = {holding.words: holding.rows(other.review.pk).count() for holding in holdings.of_reviews()}
    changed = {words for words in held if held[words] != after[words]}
    assert changed == {events, "E-mails owed or sent"}, "it has been warned of, and no more"
    assert Case.objects.filter(review=made.review).count() == 0


@pytest.mark.long
@pytest.mark.parametrize("number", range(len(list(holdings.erasable()))))
def test_a_table_that_is_forgotten_is_found_by_the_search(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each rule in turn left out: either the database refuses to leave orphans, or the search finds words."""
    left_out = list(holdings.erasable())[number]
    made = closed_review()
    words = plant(made.review)
    monkeypatch.setattr(holdings, "holdings", [each for each in holdings.holdings if each is not left_out])
    try:
        call_command("erase_expired")
    except CommandError as error:
        refused = str(error)
    else:
        refused = ""
    # Not by way of the review: what a row was reached through may be gone.
    there = left_out.model._base_manager.filter(left_out.only).exists()
    left = left_out.erase is holdings.deleted and there
    assert "IntegrityError" in refused or left or found(words, stored()) != set()


@pytest.mark.parametrize("sabotage", ["no rewriting", "rows only"])
def test_without_rewriting_the_files_still_hold_something(
    sabotage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So the rewriting is what does it: on SQLite the log holds it, on PostgreSQL the planner's memory."""
    made = closed_review()
    words = plant(made.review)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    if sabotage == "no rewriting":
        monkeypatch.setattr(rewriting, "_rewrite_sqlite", lambda: None)
        monkeypatch.setattr(rewriting, "_rewrite_postgresql", lambda _: None)
    else:
        monkeypatch.setattr(rewriting, "_rewrite_sqlite", _vacuum_alone)
        monkeypatch.setattr(rewriting, "_columns", lambda _: [])  # the tables anew, not what is known of them
    with open_elsewhere():
        call_command("erase_expired")
        assert found(words, stored()) != set()


def _vacuum_alone() -> None:
    """As somebody might do who forgets the log, which stays while any worker has the file open."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")


def test_somebody_reading_puts_the_rewriting_off_and_the_next_run_does_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = closed_review()
    words = plant(made.review)
    monkeypatch.setattr(rewriting, "LONGEST_WAIT", 0)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 50")
    with looking_since_before():
        with pytest.raises(CommandError, match="run this again"):
            call_command("erase_expired")
        assert Review.objects.get(pk=made.review.pk).rewritten_at is None
    monkeypatch.undo()
    call_command("erase_expired")
    assert found(words, stored()) == set()
    assert Review.objects.get(pk=made.review.pk).rewritten_at is not None


@several_databases
def test_who_writes_in_another_database_of_the_server_puts_it_off_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A transaction there ages every view of ours, and a table written anew keeps what a view may show."""
    made = closed_review()
    words = plant(made.review)
    with writing_in_another_database():
        monkeypatch.setattr(rewriting, "LONGEST_WAIT", 0)
        with pytest.raises(CommandError, match="run this again"):
            call_command("erase_expired")
        monkeypatch.setattr(rewriting, "_wait_for_whoever_may_see_it", lambda _: None)
        call_command("erase_expired")
        assert found(words, stored()) != set(), "so waiting is needed"
    monkeypatch.undo()
    Review.objects.filter(pk=made.review.pk).update(rewritten_at=None)
    call_command("erase_expired")
    assert found(words, stored()) == set()


@several_databases
def test_who_begins_there_while_tables_are_rewritten_puts_it_off_as_well(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the planner forgot meanwhile would be kept for them, and the words with it."""
    made = closed_review()
    words = plant(made.review)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    plain = vars(rewriting)["_columns"]
    with ExitStack() as beside:

        def columns(model: object) -> object:
            if not begun:
                begun.append(beside.enter_context(writing_in_another_database()))
            return plain(model)

        begun: list[None] = []
        monkeypatch.setattr(rewriting, "_columns", columns)
        monkeypatch.setattr(rewriting, "LONGEST_WAIT", 1)
        with pytest.raises(CommandError, match="run this again"):
            call_command("erase_expired")
        assert found(words, stored()) != set(), "so waiting is needed"
    monkeypatch.undo()
    call_command("erase_expired")
    assert found(words, stored()) == set()
