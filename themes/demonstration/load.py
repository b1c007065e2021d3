"""Loading the demonstration review `nai-2022`, all of it or nothing."""

from typing import NamedTuple

from django.db import transaction

from cases.actions import reviews
from cases.models import Review, Stage
from themes.demonstration.accounts import ACCOUNTS, make
from themes.demonstration.choosing import choose, set_dates
from themes.demonstration.content import read
from themes.demonstration.reading import read_cases
from themes.demonstration.writing import accept_what_was_found, write_learning, write_report


class Loaded(NamedTuple):
    review: Review
    newly: bool


@transaction.atomic
def load() -> Loaded:
    """Make the accounts and the review where they are not there yet; what is there stays as it is."""
    people = {account.who: make(account) for account in ACCOUNTS}
    there = Review.objects.filter(slug=read("review")["slug"]).first()
    if there is not None:
        return Loaded(there, newly=False)
    review, cases = choose(people)
    read_cases(review, cases, people["reviewer"])
    review = reviews.move_to_stage(review=review, stage=Stage.REPORTING, by=people["business-team"])
    write_report(review, people["reviewer"])
    write_learning(review, people["reviewer"], people["business-team"])
    accept_what_was_found(review, people["business-team"])
    set_dates(review, people["business-team"])
    return Loaded(Review.objects.get(pk=review.pk), newly=True)
