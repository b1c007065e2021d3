"""build_report REVIEW --format html|docx|odt|pdf|xlsx --out FILE: the report as it stands."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cases.management.naming import review_named
from cases.whole_file import write_whole
from themes.actions.report import record_download
from themes.report.document import draft_of
from themes.report.formats import FORMATS, FormatError
from themes.report.live_counts import UnknownToken


class Command(BaseCommand):
    help = "Write the report of a review as it stands, marked as a draft, in one format."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("review", metavar="REVIEW", help="the review's slug")
        parser.add_argument("--format", required=True, metavar="|".join(FORMATS))
        parser.add_argument("--out", required=True, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        file_format, path = options["format"], Path(options["out"])
        if file_format not in FORMATS:
            raise CommandError(f"there is no format {file_format!r}: choose {', '.join(FORMATS)}")
        review = review_named(options["review"])
        try:
            with transaction.atomic():
                content = draft_of(review).content(file_format)
                record_download(review=review, file_format=file_format, by=None)
                write_whole(path, lambda file: file.write(content))
        except (UnknownToken, FormatError) as fault:
            raise CommandError(f"the report cannot be built: {' '.join(str(fault).split())}") from fault
