"""verify_report REVIEW: whether the released versions on record are what was released."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.management.naming import review_named
from cases.models import Review
from themes.models import ReportVersion
from themes.report.verifying import file_with, problems_of


class Command(BaseCommand):
    help = (
        "Check each released version of the report, its files and its approvals against their digests and "
        "the audit: exit 1 where one fails."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("review", metavar="REVIEW", help="the review's slug")
        parser.add_argument("--release", type=int, metavar="NUMBER", help="this version; without it all")
        parser.add_argument("--file", metavar="FILE", help="say which released version this file is")

    def handle(self, *args: Any, **options: Any) -> None:
        review = review_named(options["review"])
        if options["file"]:
            self._name(review, Path(options["file"]))
            return
        released = ReportVersion.objects.released().filter(review=review).order_by("number")
        if options["release"] is not None:
            released = released.filter(number=options["release"])
        versions = list(released)
        if not versions:
            raise CommandError(f"{review.slug} has no such released version")
        for version in versions:
            problems = problems_of(version)
            if problems:
                raise CommandError(f"version {version.number} of {review.slug}: {'; '.join(problems)}")
            self.stdout.write(f"version {version.number} of {review.slug} holds: {version.digest}")

    def _name(self, review: Review, path: Path) -> None:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path.name} cannot be read: {error.strerror}") from error
        found = file_with(review, content)
        if found is None:
            raise CommandError(f"{path.name} is no file of a released version of {review.slug}")
        problems = problems_of(found.version)
        if problems:
            raise CommandError(f"version {found.version.number} of {review.slug}: {'; '.join(problems)}")
        self.stdout.write(f"{path.name} is version {found.version.number} of {review.slug}: {found.digest}")
