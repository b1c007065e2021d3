"""Triggers by which the database itself refuses to change what is to stand, whoever asks.

Put in place after every `migrate`, so that a migration which remakes a table cannot lose them. Whoever owns
the database can lift them, as a restore does.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

Triggers = Mapping[str, tuple[str, str]]
"""Name → (table, when and what)."""

REFUSE = """CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{refusal}' USING ERRCODE = 'restrict_violation'; END $$"""
"""PostgreSQL's function that refuses."""
ABORT = "BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
"""The body of a trigger of SQLite that refuses."""


@dataclass(frozen=True, kw_only=True)
class Guard:
    """The triggers of each database, and the functions that PostgreSQL's call."""

    sqlite: Triggers
    postgresql: Triggers
    functions: tuple[str, ...] = field(repr=False)

    def triggers(self, connection: BaseDatabaseWrapper) -> Triggers:
        return self.postgresql if connection.vendor == "postgresql" else self.sqlite

    def install(self, connection: BaseDatabaseWrapper) -> None:
        """Put the triggers in place; harmless twice."""
        begins = "CREATE OR REPLACE TRIGGER" if connection.vendor == "postgresql" else ""
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            for function in self.functions if begins else ():
                cursor.execute(function)
            for name, (table, rule) in self.triggers(connection).items():
                cursor.execute(
                    f"{begins or 'CREATE TRIGGER IF NOT EXISTS'} {name} {rule.format(table=table)}"
                )

    def remove(self, connection: BaseDatabaseWrapper) -> None:
        """Take the triggers away."""
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            for name, (table, _) in self.triggers(connection).items():
                of_table = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{of_table}")

    @contextmanager
    def lifted(self, connection: BaseDatabaseWrapper) -> Iterator[None]:
        """Without the triggers inside, with them again afterwards."""
        self.remove(connection)
        try:
            yield
        finally:
            self.install(connection)


guards: list[Guard] = []
"""All of them, each put here by the app whose tables it keeps."""


@contextmanager
def all_lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    with ExitStack() as stack:
        for guard in guards:
            stack.enter_context(guard.lifted(connection))
        yield
