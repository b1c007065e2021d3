"""verify_audit: whether every event is there and is what was written."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kscmp_review.audit import anchor
from kscmp_review.audit.chain import Break, verify


class Command(BaseCommand):
    help = "Check the chain of the audit: exit 0 where it holds, 1 and the first broken event where not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anchor",
            metavar="FILE",
            default=settings.AUDIT_ANCHOR,
            help="hold the chain against the last line of this file, and add one when it holds; "
            "without it KSCMP_AUDIT_ANCHOR",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["anchor"]) if options["anchor"] else None
        try:
            known = anchor.read(path) if path else None
            found = verify(codes={known.events: known.mac} if known and known.events else None)
            if isinstance(found, Break):
                raise CommandError(str(found))
            if path:
                anchor.write(path, found)
            if settings.AUDIT_ANCHOR_EMAIL:
                anchor.send(settings.AUDIT_ANCHOR_EMAIL, found)
        except anchor.UnreadableAnchor as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"chain holds: {found.events:,} events")
