"""Whether the service is running: what a command asks that must have the records to itself.

Each process that serves holds a shared lock on a file of KSCMP_VAR for as long as it lives; the operating
system lets go of it however the process ends. Servers of other machines show as sessions of the database.
"""

import fcntl
import os
from pathlib import Path

from django.conf import settings
from django.db import connection

_held: list[int] = []


def lock_file() -> Path:
    return Path(settings.VAR_DIR) / "serving.lock"


def serving() -> None:
    """Say that this process serves. Where the file cannot be written it serves all the same, unseen."""
    try:
        file = os.open(lock_file(), os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return
    _held.append(file)


def is_serving_here() -> bool:
    """Whether a process of this machine, with this KSCMP_VAR, serves."""
    try:
        file = os.open(lock_file(), os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False


def other_sessions() -> int:
    """How many others are connected to the same database; 0 where the database does not tell."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return int(cursor.fetchone()[0])
