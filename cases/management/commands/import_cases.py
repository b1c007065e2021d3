"""import_cases REVIEW FILE: cases from a CSV or XLSX sheet, all or none."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.http import Http404

from cases.actions.imports import check_user_can_import, import_cases
from cases.errors import Refused
from cases.imports import Faulty, check_sheet
from cases.management.naming import account_named, review_named
from cases.models import Review
from cases.sheets import BY_COMMAND, read_sheet
from kscmp_review.accounts.models import User
from kscmp_review.backup.progress import Progress


class Command(BaseCommand):
    help = "Put the cases of a sheet (CSV or XLSX) forward in a review: all, or none where one has a fault."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("review", metavar="REVIEW", help="the review's slug")
        parser.add_argument("file", metavar="FILE", help="CSV in UTF-8, or XLSX (first visible sheet)")
        parser.add_argument("--dry-run", action="store_true", help="check only; nothing is stored")
        parser.add_argument(
            "--as",
            dest="email",
            metavar="EMAIL",
            help="the account that imports; without it the one that opened the review",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        review = review_named(options["review"])
        by = account_named(options["email"]) if options["email"] else review.created_by
        try:
            number = self._import(review, Path(options["file"]), by, dry_run=options["dry_run"])
        except (Http404, PermissionDenied) as error:
            raise CommandError(
                f"{by.email} submits no cases in {review.slug}: name an account with --as"
            ) from error
        except Faulty as error:
            raise CommandError("\n".join(map(str, error.faults))) from error
        except OSError as error:
            raise CommandError(f"cannot read {options['file']}: {error.strerror}") from error
        except Refused as error:
            raise CommandError(str(error)) from error
        done = "could be imported; nothing was stored" if options["dry_run"] else "imported"
        self.stdout.write(f"{number} {'case' if number == 1 else 'cases'} {done}")

    def _import(self, review: Review, path: Path, by: User, *, dry_run: bool) -> int:
        membership = check_user_can_import(by, review)
        if path.stat().st_size > BY_COMMAND.size:
            raise Refused(f"{path} is larger than {BY_COMMAND.size // 1024**2} MB.")
        self._say(f"reading {path.name}")
        sheet = read_sheet(path.read_bytes(), BY_COMMAND)
        self._say(f"checking {len(sheet.table):,} rows")
        checked = check_sheet(sheet, review, membership)
        if checked.faults:
            raise Faulty(checked.faults)
        if dry_run:
            return len(checked.cases)
        storing = Progress(sys.stderr, f"storing {len(checked.cases):,} cases")
        return import_cases(review=review, cases=checked.cases, by=by, progress=storing.show)

    def _say(self, step: str) -> None:
        """What is being done, for somebody who watches; nothing where nobody does."""
        if sys.stderr.isatty():
            self.stderr.write(step, self.style.NOTICE)
