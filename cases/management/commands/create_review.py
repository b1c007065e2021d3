"""create_review FILE.toml: a review from a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError

from cases.actions import reviews
from cases.errors import Refused
from cases.management.naming import account_named
from cases.review_files import read_review_file
from kscmp_review.accounts.models import User


class Command(BaseCommand):
    help = "Open a review as a TOML file describes it; the account that opens it joins its business team."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE.toml")
        parser.add_argument(
            "--as",
            dest="email",
            metavar="EMAIL",
            help="the account that opens it; without it the oldest active one that may open reviews",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            described = read_review_file(Path(options["file"]).read_bytes())
            by = account_named(options["email"]) if options["email"] else oldest_opener()
            review = reviews.create(
                slug=described.slug,
                settings=described.settings,
                characteristics=described.characteristics,
                by=by,
            )
        except PermissionDenied as error:
            raise CommandError(f"{options['email']} may not open a review") from error
        except ValidationError as error:
            raise CommandError(_in_a_line(error)) from error
        except OSError as error:
            raise CommandError(f"cannot read {options['file']}: {error.strerror}") from error
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"review {review.slug} opened by {by.email}")


def oldest_opener() -> User:
    """The account a review is opened by where none is named; raises CommandError where none may."""
    opener = User.objects.get_queryset().active().filter(opens_reviews=True).order_by("pk").first()
    if opener is None:
        raise CommandError(
            "no account may open a review yet: make one with create_user EMAIL --role business-team"
        )
    return opener


def _in_a_line(error: ValidationError) -> str:
    if hasattr(error, "error_dict"):
        return " ".join(f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items())
    return " ".join(error.messages)
