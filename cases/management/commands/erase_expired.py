"""erase_expired: warn of what goes in thirty days, and erase what has outlived its retention."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from cases.actions import erasure, staying_open
from cases.left_open import to_be_asked_about
from cases.models import Review
from cases.retention import Term, terms_of
from cases.words import plural
from kscmp_review.privacy.ledger import UnreadableLedger
from kscmp_review.privacy.rewriting import CannotRewrite


class Command(BaseCommand):
    help = (
        "Warn the business team 30 days before case data goes, erase what has outlived its retention, "
        "leave nothing of it in the database's files, and ask about reviews left open. Run it daily; more "
        "often does no harm."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="only say what would be warned of and erased"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        kept = list(Review.objects.kept_after_closing().order_by("pk"))
        terms = terms_of(kept)
        over = [(review, terms[review.pk]) for review in kept if terms[review.pk].is_over(today)]
        if options["dry_run"]:
            self._say(kept, terms, today)
            return
        try:
            erasure.complete_ledger()
            for review, term in over:
                rows = erasure.erase(review=review, today=today)
                self.stdout.write(f"{review.slug}: erased, {plural(rows, 'row')}; closed on {term.closed_on}")
            warned = erasure.warn(today=today)
            asked = staying_open.ask(today=today)
            erasure.rewrite_what_was_erased()
        except DatabaseError as error:  # its text may quote a row
            raise CommandError(f"not all was erased: the database said {type(error).__name__}") from error
        except UnreadableLedger as error:
            raise CommandError(f"{error}; nothing is erased without it") from error
        except CannotRewrite as error:
            raise CommandError(f"{error}: run this again, it is tried until it works") from error
        self.stdout.write(f"{plural(len(over), 'review')} erased, {warned} warned of")
        if asked:
            self.stdout.write(f"{plural(asked, 'review')} left open: the business team is asked why")

    def _say(self, kept: list[Review], terms: dict[int, Term], today: date) -> None:
        for review in kept:
            self.stdout.write(f"{review.slug}: {in_words(terms[review.pk], today)}")
        if not kept:
            self.stdout.write("no closed review has case data")
        for review, found in to_be_asked_about(today):
            since = found.untouched_since
            self.stdout.write(f"{review.slug}: left open, no change since {since}; would be asked about")


def in_words(term: Term, today: date) -> str:
    """What the next run would do about a review, and on which day the rest follows."""
    if term.hold is not None:
        return f"legal hold since {term.hold.placed_at:%Y-%m-%d}"
    goes_on = term.goes_on(today)
    if term.is_over(today):
        return f"would be erased now: closed on {term.closed_on}, {plural(term.months, 'month')} kept"
    if term.warned_on is None and term.is_to_be_warned_of(today):
        return f"would be warned of now, and erased on {goes_on}"
    return f"goes on {goes_on}"
