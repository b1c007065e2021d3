"""Twenty at once for the last place and for one Liberi ID: one wins, on whichever database this runs."""

from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cases import liberi
from cases.actions import submissions
from cases.actions.submissions import Submission
from cases.errors import Refused
from cases.models import Case, District, Review, Role
from kscmp_review.accounts.models import User
from tests import build
from tests.cases.conftest import signed_in
from tests.races.at_once import tally

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 20


def all_at_once(act: Callable[[int], str]) -> Counter[str]:
    """What each of twenty people made of the same moment."""
    return tally([partial(act, number) for number in range(AT_ONCE)])


@pytest.fixture
def team() -> User:
    return build.user("team", opens_reviews=True)


@pytest.fixture
def review(team: User) -> Review:
    review = build.review(by=team)
    for liberi_id in ("1", "2"):
        build.case(review, "North", liberi_id, "????", by=team)
    return review


def north(review: Review) -> District:
    return District.objects.get(review=review, name="North")


def submitting(
    review: Review, by: User, district: Callable[[int], District], liberi_id: Callable[[int], str]
) -> Callable[[int], str]:
    def act(number: int) -> str:
        asked = Submission(liberi_id=liberi_id(number), assessment_date=build.ASSESSED)
        try:
            submissions.submit(review=review, district=district(number), submission=asked, by=by)
        except Refused:
            return "refused"
        return "stored"

    return act


def test_one_of_twenty_takes_the_last_place(review: Review, team: User) -> None:
    place = north(review)
    came = all_at_once(submitting(review, team, lambda _: place, lambda number: str(100 + number)))
    assert came == {"stored": 1, "refused": AT_ONCE - 1}
    assert Case.objects.of(review).live().from_district(place).count() == 3


def test_one_of_twenty_takes_the_id(review: Review, team: User) -> None:
    districts = list(review.districts.all())
    came = all_at_once(submitting(review, team, lambda number: districts[number % 2], lambda _: "777"))
    assert came == {"stored": 1, "refused": AT_ONCE - 1}
    assert Case.objects.filter(liberi_id_digest=liberi.digest("777")).count() == 1


def test_twenty_posts_of_the_form_make_one_case_and_no_server_error(review: Review, team: User) -> None:
    lead = build.member(review, "lead", Role.DISTRICT_LEAD, by=team, district="North")
    check = reverse("submission_check", args=[review.slug])
    clients, tokens = [], []
    for number in range(AT_ONCE):
        client = signed_in(lead)
        typed = {"liberi_id": str(200 + number)}
        typed |= {"assessment_date_day": "5", "assessment_date_month": "3", "assessment_date_year": "2021"}
        client.post(reverse("submission_new", args=[review.slug]), typed)
        clients.append(client)
        tokens.append(client.get(check).context["token"])
    came = all_at_once(lambda number: str(clients[number].post(check, {"token": tokens[number]}).status_code))
    assert came == {"302": 1, "200": AT_ONCE - 1}
    assert Case.objects.of(review).live().from_district(north(review)).count() == 3


def bare_case(review: Review, by: User, number: int, **fields: object) -> Case:
    """A case as it would be written past the action, with nothing but the constraints to stop it."""
    return Case(
        review=review, assessment_date=build.ASSESSED, sequence=1_000 + number, submitted_by=by, **fields
    )


def writing(make: Callable[[int], Case], liberi_id: Callable[[int], str]) -> Callable[[int], str]:
    def act(number: int) -> str:
        case = make(number)
        case.liberi_id = liberi_id(number)
        try:
            with transaction.atomic():
                case.save()
        except IntegrityError:
            return "refused"
        return "stored"

    return act


def test_the_database_alone_gives_a_place_to_one(review: Review, team: User) -> None:
    place = north(review)
    last = place.slots.get(case=None)
    came = all_at_once(
        writing(
            lambda number: bare_case(review, team, number, district=place, slot=last),
            lambda number: str(300 + number),
        )
    )
    assert came == {"stored": 1, "refused": AT_ONCE - 1}


def test_the_database_alone_gives_an_id_to_one(team: User) -> None:
    review = build.review("wide", by=team, cases_per_district=AT_ONCE)
    place = north(review)
    slots = list(place.slots.order_by("number"))
    came = all_at_once(
        writing(
            lambda number: bare_case(review, team, number, district=place, slot=slots[number]),
            lambda _: "888",
        )
    )
    assert came == {"stored": 1, "refused": AT_ONCE - 1}


def test_the_database_refuses_a_live_case_without_a_place(review: Review, team: User) -> None:
    case = bare_case(review, team, 1, district=north(review), slot=None)
    case.liberi_id = "999"
    with pytest.raises(IntegrityError), transaction.atomic():
        case.save()
