"""A file that a command leaves behind: whole, readable by its owner alone, or not there at all."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from django.core.management.base import CommandError


def write_whole(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Have `write` fill a file beside `path`, then give it that name; raises CommandError where it cannot."""
    try:
        opened, beside = tempfile.mkstemp(prefix=".unfinished-", dir=path.parent)
    except OSError as error:
        raise CommandError(f"cannot write to {path.parent}: {error.strerror}") from error
    try:
        with os.fdopen(opened, "wb") as file:
            write(file)
        Path(beside).replace(path)
    except OSError as error:
        raise CommandError(f"cannot write {path}: {error.strerror}") from error
    finally:
        Path(beside).unlink(missing_ok=True)
