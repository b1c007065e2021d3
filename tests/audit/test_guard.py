"""The database refuses to change, remove or replace an event, whoever asks."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from kscmp_review.audit.chain import ChainState, verify
from kscmp_review.audit.guard import EVENTS, POSTGRESQL, SQLITE, remove
from kscmp_review.audit.models import AuditEvent
from tests.audit.chains import record_events

REFUSED = {
    "update": f"UPDATE {EVENTS} SET action = 'case.viewed'",
    "update of one": f"UPDATE {EVENTS} SET actor_email = 'x' WHERE id = 2",
    "delete": f"DELETE FROM {EVENTS} WHERE id = 1",
}
ONE_MORE = (
    f"INTO {EVENTS} (id, at, action, actor_email, object_type, object_id, before, after, mac)"
    " VALUES (1, '2021-03-05 00:00:00', 'a.b', '', 'a', 'b', '{}', '{}', 'f')"
)
ON_ONE = {
    "postgresql": {
        "truncate": f"TRUNCATE {EVENTS}",
        "truncate of all": f"TRUNCATE {EVENTS}, audit_chainhead CASCADE",
        "upsert": f"INSERT {ONE_MORE} ON CONFLICT (id) DO UPDATE SET action = 'x'",
    },
    "sqlite": {
        "replace": f"REPLACE {ONE_MORE}",
        "insert or replace": f"INSERT OR REPLACE {ONE_MORE}",
        "upsert": f"INSERT {ONE_MORE} ON CONFLICT (id) DO UPDATE SET action = 'x'",
        "update or replace": f"UPDATE OR REPLACE {EVENTS} SET id = 1 WHERE id = 2",
    },
}


def refused() -> dict[str, str]:
    return REFUSED | ON_ONE[connection.vendor]


def run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_every_statement_that_would_change_events_is_refused() -> None:
    record_events(3)
    for statement in refused().values():
        with pytest.raises(DatabaseError, match="never changed or removed"):
            run(statement)
    state = verify()
    assert isinstance(state, ChainState)
    assert state.events == 3


@pytest.mark.django_db
def test_without_the_guard_each_of_them_would_change_events() -> None:
    record_events(3)
    before = list(AuditEvent.objects.order_by("pk").values())
    for statement in refused().values():
        with transaction.atomic():
            remove(connection)
            run(statement)
            assert list(AuditEvent.objects.order_by("pk").values()) != before, statement
            transaction.set_rollback(True)
    assert list(AuditEvent.objects.order_by("pk").values()) == before


@pytest.mark.django_db
def test_saving_an_event_again_is_refused() -> None:
    event = record_events(1)[0]
    with pytest.raises(DatabaseError), transaction.atomic():
        event.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        event.delete()


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_loses_the_guard_gives_it_back_at_its_end() -> None:
    remove(connection)
    call_command("migrate", verbosity=0)
    assert guard() == set(POSTGRESQL if connection.vendor == "postgresql" else SQLITE)


@pytest.mark.django_db(transaction=True)
def test_the_guard_stands_again_after_a_test_that_emptied_the_database() -> None:
    record_events(1)
    call_command("flush", interactive=False, verbosity=0)
    assert guard() == set(POSTGRESQL if connection.vendor == "postgresql" else SQLITE)
    record_events(1)
    assert isinstance(verify(), ChainState)


def guard() -> set[str]:
    names = {
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        f" AND tgrelid = '{EVENTS}'::regclass",
        "sqlite": f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{EVENTS}'",
    }
    with connection.cursor() as cursor:
        cursor.execute(names[connection.vendor])
        return {name for (name,) in cursor.fetchall()}
