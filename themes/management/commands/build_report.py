"""build_report REVIEW --format html|docx|odt|pdf|xlsx --out FILE: the report as it stands.

With --briefing, or --briefing AUDIENCE, the one-page briefing for practitioners instead (not as xlsx).
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cases.management.naming import review_named
from cases.whole_file import write_whole
from themes.actions.report import record_download
from themes.report.briefing import ALL, AUDIENCES, BRIEFING_FORMATS, TooLong, draft_briefing
from themes.report.document import draft_of
from themes.report.formats import FORMATS, FormatError
from themes.report.live_counts import UnknownToken


class Command(BaseCommand):
    help = "Write the report of a review as it stands, marked as a draft, in one format."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("review", metavar="REVIEW", help="the review's slug")
        parser.add_argument("--format", required=True, metavar="|".join(FORMATS))
        parser.add_argument("--out", required=True, metavar="FILE")
        parser.add_argument(
            "--briefing",
            nargs="?",
            const=ALL,
            metavar="AUDIENCE",
            help=f"the one-page briefing instead, for one of: {', '.join(AUDIENCES)}",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file_format, path = options["format"], Path(options["out"])
        audience = options["briefing"]
        formats = BRIEFING_FORMATS if audience else FORMATS
        if file_format not in formats:
            raise CommandError(f"there is no format {file_format!r}: choose {', '.join(formats)}")
        if audience and audience not in AUDIENCES:
            raise CommandError(f"there is no audience {audience!r}: choose {', '.join(AUDIENCES)}")
        review = review_named(options["review"])
        try:
            with transaction.atomic():
                document = draft_briefing(review, audience) if audience else draft_of(review)
                content = document.content(file_format)
                record_download(review=review, file_format=file_format, audience=audience or "", by=None)
                write_whole(path, lambda file: file.write(content))
        except (UnknownToken, FormatError, TooLong) as fault:
            what = "briefing" if audience else "report"
            raise CommandError(f"the {what} cannot be built: {' '.join(str(fault).split())}") from fault
