"""backup FILE: everything recorded, in one sealed and verified file."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from kscmp_review.audit import chain
from kscmp_review.backup.progress import Progress
from kscmp_review.backup.sealing import UnreadableBackup
from kscmp_review.backup.writing import CannotBackUp, write_backup


class Command(BaseCommand):
    help = "Write everything recorded to one file, sealed under the newest record key and read back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            contents = write_backup(
                path,
                writing=Progress(sys.stderr, "writing "),
                checking=Progress(sys.stderr, "checking"),
            )
        except OSError as error:
            raise CommandError(f"cannot write {path}: {error.strerror}") from error
        except (CannotBackUp, UnreadableBackup) as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            raise CommandError(f"no backup was made: the database said {type(error).__name__}") from error
        found = chain.verify()
        if isinstance(found, chain.Break):
            self.stderr.write(f"the backup was made, but {found}")
        self.stdout.write(
            f"backed up {contents.rows:,} rows of {len(contents.tables)} tables,"
            f" sealed under the key {contents.key}"
        )
