"""What the races look for is really seen: with a constraint dropped, the database gives one thing to many."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from django.db import IntegrityError, connection, models, transaction

from cases.models import Case, District, Membership, Review, Role
from kscmp_review.accounts.models import User
from tests import build
from tests.races.at_once import tally

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
MANY = 8


@contextmanager
def without(model: type[models.Model], name: str) -> Iterator[None]:
    """The constraint is gone inside, and back with nothing of what came of it outside."""
    constraint = next(each for each in model._meta.constraints if each.name == name)
    with connection.schema_editor(atomic=False) as editor:
        editor.remove_constraint(model, constraint)
    try:
        yield
    finally:
        model._default_manager.all().delete()
        with connection.schema_editor(atomic=False) as editor:
            editor.add_constraint(model, constraint)


def writing(make: Callable[[int], models.Model], number: int) -> str:
    try:
        with transaction.atomic():
            make(number).save()
    except IntegrityError:
        return "refused"
    return "stored"


def joined(review: Review, user: User, district: District, number: int) -> Membership:
    return Membership(review=review, user=user, role=Role.DISTRICT_LEAD, district=district)


def submitted(review: Review, by: User, number: int) -> Case:
    north = District.objects.get(review=review, name="North")
    slot = north.slots.get(number=number + 1)
    case = Case(
        review=review,
        district=north,
        slot=slot,
        assessment_date=build.ASSESSED,
        sequence=number,
        submitted_by=by,
    )
    case.liberi_id = "777"
    return case


@pytest.mark.parametrize("dropped", [False, True], ids=["as it is", "with the constraint dropped"])
def test_one_live_case_a_liberi_id(dropped: bool) -> None:
    team = build.user("team", opens_reviews=True)
    review = build.review(by=team, cases_per_district=MANY)
    acts = [partial(writing, partial(submitted, review, team), number) for number in range(MANY)]
    if dropped:
        with without(Case, "one_live_case_a_liberi_id"):
            assert tally(acts) == {"stored": MANY}
    else:
        assert tally(acts) == {"stored": 1, "refused": MANY - 1}


@pytest.mark.parametrize("dropped", [False, True], ids=["as it is", "with the constraint dropped"])
def test_one_live_membership_a_person(dropped: bool) -> None:
    team = build.user("team", opens_reviews=True)
    review = build.review(by=team)
    north = District.objects.get(review=review, name="North")
    user = build.user("nora")
    acts = [partial(writing, partial(joined, review, user, north), number) for number in range(MANY)]
    if dropped:
        with without(Membership, "one_live_membership_a_person"):
            assert tally(acts) == {"stored": MANY}
    else:
        assert tally(acts) == {"stored": 1, "refused": MANY - 1}
