"""Where the database is, as the environment tells: the primary, and a replica of it if there is one."""

from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

SQLITE = "django.db.backends.sqlite3"
POSTGRESQL = "django.db.backends.postgresql"
POOLED = "kscmp_review.pooled"
KEPT_SECONDS = 600
# A replica must not keep anybody waiting: the primary is there.
REPLICA_OPTIONS = {"connect_timeout": 2, "tcp_user_timeout": 5_000}


def primary(url: str) -> dict[str, Any]:
    return dict(dj_database_url.parse(url, conn_max_age=KEPT_SECONDS, conn_health_checks=True))


def replica(url: str, *, of: dict[str, Any]) -> dict[str, Any]:
    """A streaming replica of the primary `of`; kscmp_review.replica looks at its health before each use."""
    found: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=KEPT_SECONDS))
    if {found["ENGINE"], of["ENGINE"]} != {POSTGRESQL}:
        raise ImproperlyConfigured("DATABASE_REPLICA_URL needs PostgreSQL, there and in DATABASE_URL")
    return {
        **found,
        "OPTIONS": {**REPLICA_OPTIONS, **found.get("OPTIONS", {})},
        "TEST": {"MIRROR": "default"},
    }


def through_pgbouncer(database: dict[str, Any]) -> dict[str, Any]:
    """The same database, behind PgBouncer in transaction mode (kscmp_review.pooled)."""
    if database["ENGINE"] != POSTGRESQL:
        raise ImproperlyConfigured("KSCMP_PGBOUNCER needs PostgreSQL in DATABASE_URL")
    return {**database, "ENGINE": POOLED}
