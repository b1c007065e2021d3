"""export_ranking REVIEW: the ranking as CSV, XLSX or JSON."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.actions.exports import record_ranking_export
from cases.exports import FORMATS, ranking_text, unmoving, write_ranking
from cases.management.naming import review_named
from cases.models import ProfileVersion, Review
from cases.ranking import Ranking, rank_review
from cases.whole_file import write_whole


class Command(BaseCommand):
    help = "Write the ranking of a review, one row a case, in the order of the selection page."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("review", metavar="REVIEW", help="the review's slug")
        parser.add_argument(
            "--profile", metavar="VERSION", help="rank by this version of the profile; without it the current"
        )
        parser.add_argument("--format", default="csv", metavar="csv|xlsx|json", help="without it csv")
        parser.add_argument("--out", metavar="FILE", help="without it standard output (csv, json)")

    def handle(self, *args: Any, **options: Any) -> None:
        file_format, out = options["format"], options["out"]
        if file_format not in FORMATS:
            raise CommandError(f"there is no format {file_format!r}: choose {', '.join(FORMATS)}")
        if file_format == "xlsx" and not out:
            raise CommandError("xlsx is written to a file: name it with --out")
        review = review_named(options["review"])
        profile = _version(review, options["profile"]) if options["profile"] else None
        with unmoving():
            ranking = rank_review(review, profile=profile)
            record_ranking_export(ranking, file_format=file_format, cases=ranking.total, by=None)
            if out:
                write_whole(Path(out), lambda file: write_ranking(ranking, file_format, file))
            else:
                self._print(ranking, file_format)

    def _print(self, ranking: Ranking, file_format: str) -> None:
        try:
            for text in ranking_text(ranking, file_format):
                self.stdout.write(text, ending="")
        except BrokenPipeError as error:
            raise CommandError("whatever read the ranking stopped before its end") from error


def _version(review: Review, number: str) -> ProfileVersion:
    version = review.profile_versions.filter(number=int(number)).first() if number.isdecimal() else None
    if version is None:
        newest = review.current_profile.number
        raise CommandError(f"{review.slug} has no profile version {number!r}: it has 1 to {newest}")
    return version
