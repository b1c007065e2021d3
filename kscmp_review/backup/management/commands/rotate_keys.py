"""rotate_keys: everything that a record key protects brought under the newest one."""

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
from kscmp_review.backup.rotating import CannotRotate, rotate
from kscmp_review.operations import running
from kscmp_review.privacy.ledger import UnreadableLedger
from kscmp_review.sealing import Unreadable


class Command(BaseCommand):
    help = (
        "Seal everything anew under the first key of KSCMP_RECORD_KEYS and make digests and the audit's "
        "codes anew under it; then the other keys may go. The service must be stopped. Run it again where it "
        "stops."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--service-is-stopped",
            action="store_true",
            help="say that nobody uses the service until the old key has left KSCMP_RECORD_KEYS",
        )
        parser.add_argument(
            "--other-sessions-are-harmless",
            action="store_true",
            help="go on although others are connected to the database: none of them is the service",
        )
        parser.add_argument(
            "--anchor",
            metavar="FILE",
            default=settings.AUDIT_ANCHOR,
            help="where verify_audit is told of the audit's new codes; without it KSCMP_AUDIT_ANCHOR",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["service_is_stopped"]:
            raise CommandError("stop the service first, then say --service-is-stopped; nothing was changed")
        if running.is_serving_here():
            raise CommandError("the service is running on this machine: stop it; nothing was changed")
        sessions = 0 if options["other_sessions_are_harmless"] else running.other_sessions()
        if sessions:
            raise CommandError(
                f"{sessions} other sessions are connected to the database: stop the service wherever it "
                "runs, or say --other-sessions-are-harmless; nothing was changed"
            )
        newest, *others = settings.RECORD_KEYS
        try:
            done = rotate(
                sealing_anew=Progress(sys.stderr, "sealing anew  "),
                digesting=Progress(sys.stderr, "digesting anew"),
            )
            state = chain_state()
            if options["anchor"] and state:
                anchor.write(Path(options["anchor"]), state)
        except (CannotRotate, Unreadable, UnreadableLedger, anchor.UnreadableAnchor) as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            raise CommandError(f"the database said {type(error).__name__}; run this again") from error
        self.stdout.write(
            f"all is under the key {newest}: {done['sealed']:,} values sealed anew, {done['digests']:,} "
            f"digests, {done['events']:,} events. Take {', '.join(others)} out of KSCMP_RECORD_KEYS before "
            "you start the service, and keep it with the backups that were made under it"
        )
