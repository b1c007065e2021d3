"""How far the migrations of a database have come, and how to bring an empty one to the same point."""

from collections.abc import Iterable

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import StateApps

Migration = tuple[str, str]
"""(app, name)."""


def applied(connection: BaseDatabaseWrapper) -> set[Migration]:
    """What was applied of the apps of this release; empty for an empty database."""
    ours = {app for app, _ in known(connection)}
    return {node for node in MigrationRecorder(connection).applied_migrations() if node[0] in ours}


def is_current(connection: BaseDatabaseWrapper) -> bool:
    """Whether the database is exactly where this release's migrations end."""
    return applied(connection) == known(connection)


def known(connection: BaseDatabaseWrapper) -> set[Migration]:
    """The migrations of this release."""
    return set(MigrationExecutor(connection).loader.disk_migrations)


def migrate_to(state: Iterable[Migration], connection: BaseDatabaseWrapper) -> StateApps:
    """Apply exactly the migrations of `state`; the models as they were then."""
    executor = MigrationExecutor(connection)
    wanted = set(state)
    # The last of each app: to name an earlier one after it would take the later back.
    graph = executor.loader.graph
    ends = [
        node for node in sorted(wanted)
        if not any(child[0] == node[0] and child in wanted for child in graph.node_map[node].children)
    ]  # fmt: skip
    return executor.migrate(ends).apps


def migrate_to_the_end(connection: BaseDatabaseWrapper) -> None:
    """Apply what this release has and the database has not."""
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
