"""restore FILE: what a backup holds, in place of all that the database holds."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from kscmp_review.audit import anchor
from kscmp_review.audit.chain import chain_state
from kscmp_review.backup.progress import Progress
from kscmp_review.backup.restoring import CannotRestore, restore_backup
from kscmp_review.backup.sealing import UnreadableBackup
from kscmp_review.privacy.replaying import replays
from kscmp_review.privacy.rewriting import CannotRewrite


class Command(BaseCommand):
    help = "Put what a backup holds in place of all that the database holds, whole or not at all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--yes", action="store_true", help="also where the database holds records")
        parser.add_argument(
            "--broken-audit", action="store_true", help="also where the chain of the backup does not hold"
        )
        parser.add_argument(
            "--without-ledger",
            action="store_true",
            help="also where the ledger of erasures is lost: what it alone knows of comes back",
        )
        parser.add_argument(
            "--anchor",
            metavar="FILE",
            default=settings.AUDIT_ANCHOR,
            help="where verify_audit is told that the chain is shorter now; without it KSCMP_AUDIT_ANCHOR",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            contents = restore_backup(
                path,
                replace=options["yes"],
                broken_audit=options["broken_audit"],
                without_ledger=options["without_ledger"],
                checking=Progress(sys.stderr, "checking "),
                restoring=Progress(sys.stderr, "restoring"),
            )
        except OSError as error:
            raise CommandError(f"cannot read {path}: {error.strerror}") from error
        except (UnreadableBackup, CannotRestore) as error:
            raise CommandError(f"{error}; nothing was changed") from error
        except DatabaseError as error:
            raise CommandError(f"nothing was changed: the database said {type(error).__name__}") from error
        self._anchor(options["anchor"])
        self._leave_nothing_of_what_was_erased()
        self.stdout.write(
            f"restored {contents.rows:,} rows of {len(contents.tables)} tables, as at {contents.made}"
        )

    def _leave_nothing_of_what_was_erased(self) -> None:
        try:
            for replay in replays:
                replay.finish()
        except CannotRewrite as error:
            raise CommandError(f"all was restored, but {error}: run erase_expired") from error

    def _anchor(self, name: str) -> None:
        state = chain_state()
        if name and state:
            try:
                anchor.write(Path(name), state)
            except anchor.UnreadableAnchor as error:
                raise CommandError(f"all was restored, but {error}") from error
