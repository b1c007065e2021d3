"""What keeps the tally in step with the cases: triggers, so that no way of writing a case can forget it.

One case or a hundred thousand: PostgreSQL works out the difference once a statement, SQLite row by row. Put
in place after every `migrate`, so that a migration which remakes the table cannot lose them; where they were
missing, the cases are counted anew.
"""

from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

CASES, TALLY = "cases_case", "cases_tally"
KEY = "review_id, district_id, match_count, key_count, not_known_count, key_not_known_count"
SAME = """cases_tally.review_id = {0}.review_id AND cases_tally.district_id = {0}.district_id
    AND cases_tally.match_count = {0}.match_count AND cases_tally.key_count = {0}.key_count
    AND cases_tally.not_known_count = {0}.not_known_count
    AND cases_tally.key_not_known_count = {0}.key_not_known_count"""
MORE = f"""ON CONFLICT ({KEY}) DO UPDATE
SET number = cases_tally.number + excluded.number, verified = cases_tally.verified + excluded.verified"""  # nosec B608

COME = f"SELECT {KEY}, 1 AS cases, verified_count AS verified FROM come WHERE withdrawn_at IS NULL"  # nosec B608
GONE = f"SELECT {KEY}, -1 AS cases, -verified_count AS verified FROM gone WHERE withdrawn_at IS NULL"  # nosec B608
# A counter that would be new is never made for a case that goes: a whole review may be on its way out.
CHANGE = f"""
WITH one AS ({{rows}}),
changed AS (
    SELECT {KEY}, sum(cases) AS number, sum(verified) AS verified
    FROM one GROUP BY {KEY} HAVING sum(cases) <> 0 OR sum(verified) <> 0
),
fewer AS (
    UPDATE cases_tally
    SET number = cases_tally.number + changed.number, verified = cases_tally.verified + changed.verified
    FROM changed WHERE changed.number <= 0 AND {SAME.format("changed")}
)
INSERT INTO cases_tally ({KEY}, number, verified)
SELECT {KEY}, number, verified FROM changed WHERE number > 0 ORDER BY {KEY}
{MORE}"""  # nosec B608
POSTGRESQL = {
    "case_tally_insert": ("INSERT", "NEW TABLE AS come", COME),
    "case_tally_delete": ("DELETE", "OLD TABLE AS gone", GONE),
    "case_tally_update": ("UPDATE", "OLD TABLE AS gone NEW TABLE AS come", f"{GONE} UNION ALL {COME}"),
}

ADD = f"""INSERT INTO cases_tally ({KEY}, number, verified)
VALUES (NEW.review_id, NEW.district_id, NEW.match_count, NEW.key_count, NEW.not_known_count,
    NEW.key_not_known_count, 1, NEW.verified_count) {MORE};"""  # nosec B608
TAKE = f"""UPDATE cases_tally SET number = number - 1, verified = verified - OLD.verified_count
WHERE {SAME.format("OLD")};"""  # nosec B608
WATCHED = f"{KEY}, verified_count, withdrawn_at"
DIFFERS = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in WATCHED.split(", "))
ON_UPDATE = f"AFTER UPDATE OF {WATCHED} ON cases_case WHEN ({DIFFERS}) AND"
SQLITE = {
    "case_tally_insert": f"AFTER INSERT ON cases_case WHEN NEW.withdrawn_at IS NULL BEGIN {ADD} END",
    "case_tally_delete": f"AFTER DELETE ON cases_case WHEN OLD.withdrawn_at IS NULL BEGIN {TAKE} END",
    "case_tally_less": f"{ON_UPDATE} OLD.withdrawn_at IS NULL BEGIN {TAKE} END",
    "case_tally_more": f"{ON_UPDATE} NEW.withdrawn_at IS NULL BEGIN {ADD} END",
}

RECOUNTED = f"""SELECT {KEY}, count(*), sum(verified_count) FROM cases_case
WHERE withdrawn_at IS NULL GROUP BY {KEY}"""  # nosec B608
STANDS = f"SELECT {KEY}, number, verified FROM cases_tally WHERE number > 0"  # nosec B608
DIFFERENCES = f"""SELECT count(*) FROM (
    SELECT * FROM (SELECT * FROM ({RECOUNTED}) AS a EXCEPT SELECT * FROM ({STANDS}) AS b) AS missing
    UNION ALL
    SELECT * FROM (SELECT * FROM ({STANDS}) AS c EXCEPT SELECT * FROM ({RECOUNTED}) AS d) AS beyond
) AS differing"""  # nosec B608
COUNT_ANEW = f"INSERT INTO cases_tally ({KEY}, number, verified) {RECOUNTED}"  # nosec B608


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
                    f"CREATE OR REPLACE TRIGGER {name} AFTER {event} ON cases_case "
                    f"REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
                )
        else:
            for name, rule in SQLITE.items():
                cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} {rule}")
        if not complete and not in_step(connection):
            cursor.execute("DELETE FROM cases_tally")
            cursor.execute(COUNT_ANEW)


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
