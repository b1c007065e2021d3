"""The database refuses to change, remove, replace or add to a released version, whoever asks."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection, transaction

from tests.themes import build_report_case as build
from tests.themes.guard_lifted import guard_lifted
from themes.actions import release
from themes.models import ReportVersion
from themes.report.guard import BELONGING, GUARD, VERSIONS, before_migrate

FILES, BRIEFINGS, APPROVALS = "themes_reportfile", "themes_briefing", "themes_approval"
AUTHORS = "themes_reportversion_authors"
# {released} and {open} are versions, {row} is a row of the released one in the table and {other} of the open.
REFUSED = {
    VERSIONS: [
        "UPDATE {table} SET html = 'x' WHERE id = {released}",
        "UPDATE {table} SET annex = '[]', figures = '{{}}' WHERE id = {released}",
        "UPDATE {table} SET digest = 'x' WHERE id = {released}",
        "UPDATE {table} SET released_at = proposed_at WHERE id = {released}",
        "UPDATE {table} SET overtaken_at = released_at",
        "DELETE FROM {table} WHERE id = {released}",
    ],
    FILES: [
        "UPDATE {table} SET content = 'x' WHERE id = {row}",
        "UPDATE {table} SET digest = 'x'",
        "UPDATE {table} SET version_id = {open}, file_format = 'txt' WHERE id = {row}",
        "UPDATE {table} SET version_id = {released}, file_format = 'txt' WHERE version_id = {open}",
        "DELETE FROM {table} WHERE id = {row}",
        (
            "INSERT INTO {table} (version_id, file_format, content, digest)"
            " SELECT version_id, 'txt', content, digest FROM {table} WHERE id = {row}"
        ),
    ],
    BRIEFINGS: [
        "UPDATE {table} SET html = 'x' WHERE id = {row}",
        "DELETE FROM {table} WHERE id = {row}",
        (
            "INSERT INTO {table} (version_id, audience, html, refusal, digest)"
            " SELECT version_id, 'police', html, refusal, digest FROM {table} WHERE id = {row}"
        ),
    ],
    APPROVALS: [
        "UPDATE {table} SET approved_at = '2021-03-05 00:00:00' WHERE id = {row}",
        "DELETE FROM {table} WHERE id = {row}",
        (
            "INSERT INTO {table} (version_id, approved_by_id, approved_at)"
            " SELECT version_id, {reviewer}, approved_at FROM {table} WHERE id = {row}"
        ),
    ],
    AUTHORS: [
        "UPDATE {table} SET user_id = {team} WHERE id = {row}",
        "DELETE FROM {table} WHERE id = {row}",
        "INSERT INTO {table} (reportversion_id, user_id) VALUES ({released}, {team})",
    ],
}
COPY = "INTO {table} SELECT * FROM {table} WHERE id = {row}"
ON_ONE = {
    "postgresql": {table: ["TRUNCATE {table} CASCADE"] for table in REFUSED},
    "sqlite": {
        VERSIONS: [
            "INSERT OR REPLACE INTO {table} SELECT * FROM {table} WHERE id = {released}",
            "UPDATE OR REPLACE {table} SET number = 1 WHERE id = {open}",
            "UPDATE OR REPLACE {table} SET id = {released} WHERE id = {open}",
        ],
        FILES: [
            f"INSERT OR REPLACE {COPY}",
            "UPDATE OR REPLACE {table} SET id = {row} WHERE id = {other}",
        ],
        BRIEFINGS: [
            f"INSERT OR REPLACE {COPY}",
            "UPDATE OR REPLACE {table} SET id = {row} WHERE id = {other}",
        ],
    },
}
LET_THROUGH = [
    "UPDATE {table} SET id = id WHERE {of_version} = {open}",
    "DELETE FROM {table} WHERE {of_version} = {open}",
]


def statements(table: str) -> list[str]:
    return REFUSED[table] + ON_ONE[connection.vendor].get(table, [])


@pytest.fixture
def told() -> dict[str, Any]:
    """A version that was released and, after another word, one that was put forward."""
    home = build.reported()
    home.write()
    version = release.propose(review=home.review, by=home.team)
    for person in (home.team, home.second):
        version = release.approve(version=version, by=person)
    home.write("Another word.")
    opened = release.propose(review=home.review, by=home.team)
    release.approve(version=opened, by=home.team)
    # As only a mistake would put one there.
    opened.files.create(file_format="html", content=b"page", digest="d")
    connection.check_constraints()
    people = {"team": home.team.pk, "reviewer": home.reviewer.pk}
    return {"released": version.pk, "open": opened.pk, **people}


def spelt(statement: str, table: str, told: dict[str, Any]) -> str:
    of_version = BELONGING.get(table, "id")
    with connection.cursor() as cursor:
        found = []
        for version in (told["released"], told["open"]):
            cursor.execute(f"SELECT min(id) FROM {table} WHERE {of_version} = {version}")
            found += [row[0] for row in cursor.fetchall()]
    row, other = found
    assert row
    assert other
    return statement.format(table=table, of_version=of_version, row=row, other=other, **told)


def run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def rows() -> dict[str, Any]:
    """Everything that belongs to a version."""
    found = {}
    with connection.cursor() as cursor:
        for table in REFUSED:
            cursor.execute(f"SELECT * FROM {table} ORDER BY id")
            found[table] = [tuple(map(plain, row)) for row in cursor.fetchall()]
    return found


def plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def test_every_table_that_belongs_to_a_version_is_tried() -> None:
    assert set(REFUSED) == {VERSIONS, *BELONGING}
    relations: Any = ReportVersion._meta.related_objects
    belonging = {relation.related_model._meta.db_table for relation in relations}
    # What was accepted quotes what a check found, and goes with the case data.
    several: Any = ReportVersion._meta.many_to_many
    through = {field.remote_field.through._meta.db_table for field in several}
    assert belonging | through == {*BELONGING, "themes_reportversion_accepted"}


@pytest.mark.django_db
@pytest.mark.parametrize("table", REFUSED)
def test_every_statement_that_would_change_what_was_released_is_refused(
    table: str, told: dict[str, Any]
) -> None:
    before = rows()
    for statement in statements(table):
        with pytest.raises(DatabaseError, match="never changed or removed"):
            run(spelt(statement, table, told))
    assert rows() == before


@pytest.mark.django_db
@pytest.mark.parametrize("table", REFUSED)
def test_without_the_guard_each_of_them_would(table: str, told: dict[str, Any]) -> None:
    before = rows()
    for statement in statements(table):
        written = spelt(statement, table, told)
        with transaction.atomic():
            GUARD.remove(connection)
            run(written)
            assert rows() != before or written.startswith("INSERT OR REPLACE"), written
            transaction.set_rollback(True)
    assert rows() == before


@pytest.mark.django_db
@pytest.mark.parametrize("table", [*BELONGING, VERSIONS])
def test_of_a_version_that_is_not_released_all_may_change(table: str, told: dict[str, Any]) -> None:
    for statement in LET_THROUGH:
        with transaction.atomic():
            run(spelt(statement, table, told))
            transaction.set_rollback(True)


@pytest.mark.django_db
def test_saving_a_released_version_again_is_refused(told: dict[str, Any]) -> None:
    version = ReportVersion.objects.get(pk=told["released"])
    with pytest.raises(DatabaseError), transaction.atomic():
        version.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        version.files.earliest("pk").delete()
    with guard_lifted():
        version.save()


@pytest.mark.django_db(transaction=True)
def test_a_migration_meets_no_trigger_in_its_way_and_leaves_them_in_place() -> None:
    """SQLite remakes a table to change it, and renames none while a trigger speaks of one that is gone."""
    with pytest.raises(OperationalError) if connection.vendor == "sqlite" else transaction.atomic():
        remake()
    before_migrate(using=connection.alias)
    remake()
    call_command("migrate", verbosity=0)
    assert guard() == set(GUARD.triggers(connection))


def remake() -> None:
    field: Any = ReportVersion._meta.get_field("overtaken_at")
    indexed = field.clone()
    indexed.set_attributes_from_name(field.name)
    indexed.model, indexed.db_index = ReportVersion, True
    for before, after in ((field, indexed), (indexed, field)):
        with connection.schema_editor() as editor:
            editor.alter_field(ReportVersion, before, after)


@pytest.mark.django_db(transaction=True)
def test_the_guard_stands_again_after_a_test_that_emptied_the_database(told: dict[str, Any]) -> None:
    call_command("flush", interactive=False, verbosity=0)
    assert not ReportVersion.objects.exists()
    assert guard() == set(GUARD.triggers(connection))


def guard() -> set[str]:
    names = {
        "postgresql": "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal",
        "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
    }
    with connection.cursor() as cursor:
        cursor.execute(names[connection.vendor])
        return {name for name, table in cursor.fetchall() if table in REFUSED}
