"""What makes the database itself refuse to change a released version, or anything that belongs to it.

Its words, tables, figures and digest, its files, briefings, approvals and authors stand as they were when it
was released: neither changed, removed, replaced nor added to (docs/adr/0058). What is erased with a review's
case data is of versions that were not released.
"""

from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from kscmp_review.audit.guarding import ABORT, REFUSE, Guard
from themes.models import Approval, Briefing, ReportFile, ReportVersion

REFUSAL = "a released version is never changed or removed"
AUTHORS: Any = ReportVersion.authors.through
VERSIONS = str(ReportVersion._meta.db_table)
BELONGING = {
    **{str(model._meta.db_table): "version_id" for model in (ReportFile, Briefing, Approval)},
    str(AUTHORS._meta.db_table): "reportversion_id",
}
"""Table → its column that says of which version a row is."""

STOP = ABORT.format(refusal=REFUSAL)
RELEASED = f"EXISTS (SELECT 1 FROM {VERSIONS} WHERE released_at IS NOT NULL AND id IN ({{ids}}))"  # nosec B608


def _sqlite() -> dict[str, tuple[str, str]]:
    """A row that "OR REPLACE" puts out of the way is not told to a trigger on DELETE: hence `taken`."""
    taken = (
        "EXISTS (SELECT 1 FROM {table} AS it WHERE it.released_at IS NOT NULL AND (it.id = NEW.id OR "
        "(it.review_id = NEW.review_id AND it.number = NEW.number)){but})"
    )
    own = {
        "update": "OLD.released_at IS NOT NULL OR " + taken.replace("{but}", " AND it.id <> OLD.id"),
        "delete": "OLD.released_at IS NOT NULL",
        "insert": taken.replace("{but}", ""),
    }
    triggers = {f"{VERSIONS}_no_{verb}": (VERSIONS, _when(verb, rule)) for verb, rule in own.items()}
    for table, column in BELONGING.items():
        whose = f"SELECT it.{column} FROM {table} AS it WHERE it.id = NEW.id"  # nosec B608
        replaced = RELEASED.format(ids=whose)
        rules = {
            "update": f"{RELEASED.format(ids=f'OLD.{column}, NEW.{column}')} OR {replaced}",
            "delete": RELEASED.format(ids=f"OLD.{column}"),
            "insert": f"{RELEASED.format(ids=f'NEW.{column}')} OR {replaced}",
        }
        triggers |= {f"{table}_no_{verb}": (table, _when(verb, rule)) for verb, rule in rules.items()}
    return triggers


def _when(verb: str, rule: str) -> str:
    return f"BEFORE {verb.upper()} ON {{table}} WHEN {rule} {STOP}"


def _postgresql() -> dict[str, tuple[str, str]]:
    of_rows = {VERSIONS: "UPDATE OR DELETE"} | dict.fromkeys(BELONGING, "INSERT OR UPDATE OR DELETE")
    triggers = {}
    for table, verbs in of_rows.items():
        call = f"FOR EACH ROW EXECUTE FUNCTION {table}_stands()"
        triggers[f"{table}_no_change"] = (table, f"BEFORE {verbs} ON {{table}} {call}")
        call = "FOR EACH STATEMENT EXECUTE FUNCTION report_refuse()"
        triggers[f"{table}_no_truncate"] = (table, f"BEFORE TRUNCATE ON {{table}} {call}")
    return triggers


def _function(table: str, old: str, new: str) -> str:
    """Refuses where either condition holds, of the row as it was and as it would be."""
    return f"""CREATE OR REPLACE FUNCTION {table}_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE stands boolean := false;
BEGIN
    IF TG_OP <> 'INSERT' THEN stands := {old}; END IF;
    IF TG_OP <> 'DELETE' AND NOT stands THEN stands := {new}; END IF;
    IF stands THEN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$"""


def _functions() -> tuple[str, ...]:
    belonging = (
        _function(table, *(RELEASED.format(ids=f"{row}.{column}") for row in ("OLD", "NEW")))
        for table, column in BELONGING.items()
    )
    refuse = REFUSE.format(name="report_refuse", refusal=REFUSAL)
    # What is released by this very statement was not before.
    return (refuse, _function(VERSIONS, "OLD.released_at IS NOT NULL", "false"), *belonging)


GUARD = Guard(sqlite=_sqlite(), postgresql=_postgresql(), functions=_functions())


def before_migrate(using: str, **kwargs: Any) -> None:
    """Receiver of pre_migrate. SQLite renames no table while a trigger speaks of one that is being remade."""
    if connections[using].vendor == "sqlite":
        GUARD.remove(connections[using])


def after_migrate(using: str, **kwargs: Any) -> None:
    """Receiver of post_migrate."""
    connection = connections[using]
    if _is_there(connection):
        GUARD.install(connection)


def _is_there(connection: BaseDatabaseWrapper) -> bool:
    """Not where migrations were taken back to before there were files."""
    return {VERSIONS, *BELONGING} <= set(connection.introspection.table_names())
