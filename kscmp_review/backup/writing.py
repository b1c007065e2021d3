"""A backup written: sealed, read back, recorded, and only then under its name."""

import json
import os
import tempfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.utils import timezone

from kscmp_review.audit.record import record
from kscmp_review.backup import reading, state
from kscmp_review.backup.progress import Progress
from kscmp_review.backup.rows import RowSum, row_line
from kscmp_review.backup.sealing import SealedWriter
from kscmp_review.backup.tables import (
    Model,
    as_at_one_moment,
    kept_models,
    last_number,
    rows_of,
    stored_fields,
)
from kscmp_review.privacy.replaying import told_by_audit


class CannotBackUp(RuntimeError):
    """The database is in no state to be backed up; the message says why."""


class _Lines:
    """Lines, packed and sealed."""

    def __init__(self, sealed: SealedWriter) -> None:
        self._sealed = sealed
        self._pack = zlib.compressobj()

    def write(self, line: bytes) -> None:
        self._sealed.write(self._pack.compress(line + b"\n"))

    def say(self, **said: Any) -> None:
        self.write(json.dumps(said).encode())

    def finish(self) -> None:
        self.say(finished=True)
        self._sealed.write(self._pack.flush())
        self._sealed.finish()


def write_backup(path: Path, *, writing: Progress, checking: Progress) -> reading.Contents:
    """Write everything recorded to `path`, readable by its owner alone; it appears whole or not at all.

    Raises CannotBackUp, and OSError where the file cannot be written.
    """
    if not state.is_current(connection):
        raise CannotBackUp("the database is not at this release's migrations: run migrate first")
    opened, name = tempfile.mkstemp(prefix=".backup-", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(opened, "w+b") as file:
            _write(file, kept_models(apps), writing)
            file.flush()
            os.fsync(file.fileno())
            contents = reading.verify(file, settings.RECORD_KEYS, checking)
        _record(contents)
        beside.replace(path)
        _sync_folder(path.parent)
    finally:
        beside.unlink(missing_ok=True)
    return contents


def _write(file: IO[bytes], kept: Mapping[str, Model], progress: Progress) -> None:
    with as_at_one_moment(connection):
        lines = _Lines(SealedWriter(file, settings.RECORD_KEYS, _header()))
        total = sum(models.QuerySet(model).count() for model in kept.values())
        done = 0
        for table, model in kept.items():
            done = _write_table(table, model, lines, progress, done, total)
        lines.finish()
    progress.show(total, total)


def _write_table(table: str, model: Model, lines: _Lines, progress: Progress, done: int, total: int) -> int:
    lines.say(table=table, columns=list(stored_fields(model)))
    written = RowSum()
    for values in rows_of(model, connection):
        line = row_line(values)
        lines.write(line)
        written.add(line)
        progress.show(done + written.rows, total + 1)
    last = last_number(model, connection)
    lines.say(end=table, rows=written.rows, sum=written.digits, last_number=last)
    return done + written.rows


def _header() -> Mapping[str, Any]:
    return {
        "engine": connection.vendor,
        "made": timezone.now().isoformat(timespec="seconds"),
        "migrations": sorted(state.applied(connection)),
        "erasures": len(told_by_audit()),
    }


def _record(contents: reading.Contents) -> None:
    record(
        "installation.backed up",
        by=None,
        object_type="installation",
        object_id="",
        after={"made": contents.made, "rows": contents.rows, "key": contents.key},
    )


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
