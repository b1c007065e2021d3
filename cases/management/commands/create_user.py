"""create_user EMAIL --role ROLE: an account, or an existing account's role in a review."""

import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cases.actions import members
from cases.errors import Refused
from cases.management.naming import review_named
from cases.models import District, Review, Role
from kscmp_review.accounts import actions as accounts
from kscmp_review.accounts.models import User

ADMINISTRATOR = "administrator"
ROLES = (*Role.values, ADMINISTRATOR)


class Command(BaseCommand):
    help = "Make an account with a role; of an account that exists, give it a role in one more review."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--role", required=True, metavar="|".join(ROLES))
        parser.add_argument(
            "--review", metavar="REVIEW", help="slug of the review; every role in one needs it"
        )
        parser.add_argument("--district", metavar="DISTRICT", help="a district lead's district, by its name")
        parser.add_argument("--name", default="", help="how the person is named on screen")

    def handle(self, *args: Any, **options: Any) -> None:
        role = options["role"]
        review = review_named(options["review"]) if options["review"] else None
        check_role(role, review, options["district"])
        district = _district(review, options["district"]) if review and options["district"] else None
        try:
            with transaction.atomic():
                account, password = account_for(options["email"], role, review, options["name"])
                if review is not None:
                    members.grant(review=review, user=account, role=role, district=district, by=None)
        except (Refused, accounts.AccountRefused) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            " ".join(filter(None, (account.email, role, options["review"], options["district"])))
        )
        if password:
            self.stdout.write(f"initial password, shown this once: {password}")
        else:
            self.stdout.write("the account existed: its password stays as it is")


def check_role(role: str, review: Review | None, district: str | None) -> None:
    """Raises CommandError where the options contradict each other."""
    if role not in ROLES:
        raise CommandError(f"there is no role {role!r}: choose {', '.join(ROLES)}")
    if role == ADMINISTRATOR and (review or district):
        raise CommandError("an administrator takes part in no review: leave --review and --district out")
    if role not in (ADMINISTRATOR, Role.BUSINESS_TEAM) and review is None:
        raise CommandError(f"a {role} belongs to a review: name it with --review")
    if (role == Role.DISTRICT_LEAD) != (district is not None):
        raise CommandError("a district lead needs --district, and no other role takes it")


def account_for(email: str, role: str, review: Review | None, name: str) -> tuple[User, str]:
    """The account, and the password it was given; no password where the account was there before."""
    is_administrator, opens_reviews = role == ADMINISTRATOR, role == Role.BUSINESS_TEAM and review is None
    account = User.objects.with_email(email).first()
    if account is None:
        password = secrets.token_urlsafe(15)
        made = accounts.create(
            email=email,
            password=password,
            name=name,
            is_administrator=is_administrator,
            opens_reviews=opens_reviews,
            by=None,
        )
        return made, password
    if is_administrator:
        raise CommandError(
            f"there is an account {account.email} already: an administrator needs one of their own"
        )
    if not account.is_active:
        raise CommandError(f"the account {account.email} is disabled")
    if opens_reviews and account.opens_reviews:
        raise CommandError(f"{account.email} opens reviews already")
    return (accounts.let_open_reviews(account=account, by=None) if opens_reviews else account), ""


def _district(review: Review, name: str) -> District:
    district = review.districts.filter(name__iexact=name).first()
    if district is None:
        names = ", ".join(review.districts.values_list("name", flat=True))
        raise CommandError(f"{review.slug} has no district {name!r}: it has {names}")
    return district
