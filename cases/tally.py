"""What keeps the tally in step with the cases: triggers, so that no way of writing a case can forget it.

One case or a hundred thousand: PostgreSQL works out the difference once a statement, SQLite row by row. Put
in place after every `migrate`, so that a migration which remakes the table cannot lose them; where they were
missing, the cases are counted anew.
"""

from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from cases.models import Case, Tally

CASES, TALLY = Case._meta.db_table, Tally._meta.db_table
COUNTS = ("match_count", "key_count", "not_known_count", "key_not_known_count")
KEY = ("review_id", "district_id", *COUNTS)
WATCHED = (*KEY, "verified_count", "withdrawn_at")


def _listed(names: tuple[str, ...], prefix: str = "") -> str:
    return ", ".join(f"{prefix}{name}" for name in names)


def _same(one: str, other: str) -> str:
    return " AND ".join(f"{one}.{name} = {other}.{name}" for name in KEY)


COLUMNS = f"{_listed(KEY)}, number, verified"
MORE = (
    f"ON CONFLICT ({_listed(KEY)}) DO UPDATE "
    f"SET number = {TALLY}.number + excluded.number, verified = {TALLY}.verified + excluded.verified"
)
# A counter that would be new is never made for a case that goes: a whole review may be on its way out.
CHANGE = f"""
WITH one AS ({{rows}}),
changed AS (
    SELECT {_listed(KEY)}, sum(cases) AS number, sum(verified) AS verified
    FROM one GROUP BY {_listed(KEY)} HAVING sum(cases) <> 0 OR sum(verified) <> 0
),
fewer AS (
    UPDATE {TALLY}
    SET number = {TALLY}.number + changed.number, verified = {TALLY}.verified + changed.verified
    FROM changed WHERE changed.number <= 0 AND {_same(TALLY, "changed")}
)
INSERT INTO {TALLY} ({COLUMNS})
SELECT {COLUMNS} FROM changed WHERE number > 0 ORDER BY {_listed(KEY)}
{MORE}"""
COME = f"SELECT {_listed(KEY)}, 1 AS cases, verified_count AS verified FROM come WHERE withdrawn_at IS NULL"
GONE = f"SELECT {_listed(KEY)}, -1 AS cases, -verified_count AS verified FROM gone WHERE withdrawn_at IS NULL"
POSTGRESQL = {
    "case_tally_insert": ("INSERT", "NEW TABLE AS come", COME),
    "case_tally_delete": ("DELETE", "OLD TABLE AS gone", GONE),
    "case_tally_update": (
        "UPDATE",
        "OLD TABLE AS gone NEW TABLE AS come",
        f"{GONE} UNION ALL {COME}",
    ),
}

ADD = f"""INSERT INTO {TALLY} ({COLUMNS})
VALUES ({_listed(KEY, "NEW.")}, 1, NEW.verified_count) {MORE};"""
TAKE = f"""UPDATE {TALLY} SET number = number - 1, verified = verified - OLD.verified_count
WHERE {_same(TALLY, "OLD")};"""
DIFFERS = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in WATCHED)
ON_UPDATE = f"AFTER UPDATE OF {_listed(WATCHED)} ON {CASES} WHEN ({DIFFERS}) AND"
SQLITE = {
    "case_tally_insert": f"AFTER INSERT ON {CASES} WHEN NEW.withdrawn_at IS NULL BEGIN {ADD} END",
    "case_tally_delete": f"AFTER DELETE ON {CASES} WHEN OLD.withdrawn_at IS NULL BEGIN {TAKE} END",
    "case_tally_less": f"{ON_UPDATE} OLD.withdrawn_at IS NULL BEGIN {TAKE} END",
    "case_tally_more": f"{ON_UPDATE} NEW.withdrawn_at IS NULL BEGIN {ADD} END",
}

RECOUNTED = f"""SELECT {_listed(KEY)}, count(*), sum(verified_count) FROM {CASES}
WHERE withdrawn_at IS NULL GROUP BY {_listed(KEY)}"""
STANDS = f"SELECT {COLUMNS} FROM {TALLY} WHERE number > 0"
DIFFERENCES = f"""SELECT count(*) FROM (
    SELECT * FROM (SELECT * FROM ({RECOUNTED}) AS a EXCEPT SELECT * FROM ({STANDS}) AS b) AS missing
    UNION ALL
    SELECT * FROM (SELECT * FROM ({STANDS}) AS c EXCEPT SELECT * FROM ({RECOUNTED}) AS d) AS beyond
) AS differing"""


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place; where one was missing, count every case again."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        complete = _installed(connection) == set(POSTGRESQL if connection.vendor == "postgresql" else SQLITE)
        if connection.vendor == "postgresql":
            for name, (event, tables, rows) in POSTGRESQL.items():
                cursor.execute(
                    f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
                    f"$$ BEGIN {CHANGE.format(rows=rows)}; RETURN NULL; END $$"
                )
                cursor.execute(
                    f"CREATE OR REPLACE TRIGGER {name} AFTER {event} ON {CASES} "
                    f"REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
                )
        else:
            for name, rule in SQLITE.items():
                cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} {rule}")
        if not complete and not in_step(connection):
            cursor.execute(f"DELETE FROM {TALLY}")
            cursor.execute(f"INSERT INTO {TALLY} ({COLUMNS}) {RECOUNTED}")


def in_step(connection: BaseDatabaseWrapper) -> bool:
    """Whether the tally is what counting every case gives."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENCES)
        return bool(cursor.fetchone() == (0,))


def _installed(connection: BaseDatabaseWrapper) -> set[str]:
    """The names of the triggers that are in place."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [CASES]
            )
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [CASES])
        return {name for (name,) in cursor.fetchall() if name.startswith("case_tally_")}


def after_migrate(using: str, **kwargs: Any) -> None:
    """Receiver of post_migrate."""
    connection = connections[using]
    if TALLY in connection.introspection.table_names():  # not so after migrating back to before
        install(connection)
