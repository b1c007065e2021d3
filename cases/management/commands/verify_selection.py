"""verify_selection REVIEW: whether the confirmed selections on record are what was confirmed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.erased_selection import is_erased
from cases.management.naming import review_named
from cases.record_check import problems_of


class Command(BaseCommand):
    help = (
        "Check each confirmed selection against its digest, the audit and the rules: exit 1 where one fails."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("review", metavar="REVIEW", help="the review's slug")
        parser.add_argument("--selection", type=int, metavar="NUMBER", help="this one; without it all")
        parser.add_argument(
            "--digest",
            metavar="DIGEST",
            help="the digest as printed, for one selection: hold it against this",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        review = review_named(options["review"])
        confirmed = review.selections.confirmed().order_by("number")
        if options["selection"] is not None:
            confirmed = confirmed.filter(number=options["selection"])
        selections = list(confirmed)
        if not selections:
            raise CommandError(f"{review.slug} has no such confirmed selection")
        if options["digest"] and len(selections) > 1:
            raise CommandError(f"{review.slug} has several confirmed selections: name one with --selection")
        for selection in selections:
            problems = problems_of(selection)
            if options["digest"] and options["digest"].strip().lower() != selection.digest:
                problems.insert(0, "its digest is not the one given")
            if problems:
                raise CommandError(f"selection {selection.number} of {review.slug}: {'; '.join(problems)}")
            state = "is erased, its digest holds" if is_erased(selection.frozen or {}) else "holds"
            self.stdout.write(f"selection {selection.number} of {review.slug} {state}: {selection.digest}")
