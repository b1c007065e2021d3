"""An installation with records of every kind, its sums, and a second installation beside it."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection

from kscmp_review.backup import restoring, writing
from kscmp_review.backup.progress import Progress
from kscmp_review.backup.reading import Contents, End
from kscmp_review.backup.rows import RowSum, row_line
from kscmp_review.backup.tables import kept_models, last_number, rows_of

AUDIT = {"audit_auditevent", "audit_chainhead"}


def quiet() -> Progress:
    return Progress(io.StringIO(), "")


def back_up(path: Path) -> Contents:
    return writing.write_backup(path, writing=quiet(), checking=quiet())


def restore(path: Path, *, replace: bool = True, broken_audit: bool = False) -> Contents:
    return restoring.restore_backup(
        path, replace=replace, checking=quiet(), restoring=quiet(), broken_audit=broken_audit
    )


def killed(program: str, *arguments: str) -> None:
    """Run the Python program on this test's database, in a process that is to be killed on its way."""
    name = str(connection.settings_dict["NAME"])
    url = (
        f"sqlite:///{name}"
        if connection.vendor == "sqlite"
        else os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{name}"
    )
    connection.close()
    finished = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "kscmp_review.settings"},
        check=False,
    )
    assert finished.returncode == -signal.SIGKILL


def sums() -> dict[str, End]:
    """Of every table that a backup holds, as it stands: rows, their sum, the last number given."""
    found = {}
    for table, model in kept_models(apps).items():
        rows = RowSum()
        for values in rows_of(model, connection):
            rows.add(row_line(values))
        found[table] = End(table, rows.rows, rows.digits, last_number(model, connection))
    return found


def but_audit(tables: "dict[str, End] | Contents") -> dict[str, End]:
    """Without the audit, to which backing up and restoring add an event each."""
    of_each = tables.tables if isinstance(tables, Contents) else tables
    return {table: end for table, end in of_each.items() if table not in AUDIT}


def beside(folder: Path) -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """`manage.py` of another installation: SQLite in `folder`, the same keys, nothing in it yet."""

    def manage(*arguments: str) -> "subprocess.CompletedProcess[str]":
        ring = ",".join(f"{name}:{_base64(key)}" for name, key in settings.RECORD_KEYS.items())
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env={
                **{name: value for name, value in os.environ.items() if not name.startswith("KSCMP_")},
                "KSCMP_VAR": str(folder),
                "KSCMP_RECORD_KEYS": ring,
                "DATABASE_URL": f"sqlite:///{folder / 'beside.sqlite3'}",
            },
            capture_output=True,
            text=True,
            check=False,
        )

    return manage


def _base64(key: bytes) -> str:
    import base64

    return base64.b64encode(key).decode()
