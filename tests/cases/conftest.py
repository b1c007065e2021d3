"""People and a review, by name, for the tests of this floor."""

import pytest
from django.test import Client

from cases.models import Review, Role
from kscmp_review.accounts.models import User
from tests import build


@pytest.fixture
def bola(db: None) -> User:
    """Of the business team."""
    return build.user("bola", opens_reviews=True)


@pytest.fixture
def review(bola: User) -> Review:
    """Open for submissions, North and South, 3 cases each, 2 to select, at least 2 of 4 characteristics."""
    return build.review(by=bola)


@pytest.fixture
def nora(review: Review, bola: User) -> User:
    """District lead of North."""
    return build.member(review, "nora", Role.DISTRICT_LEAD, by=bola, district="North")


@pytest.fixture
def sam(review: Review, bola: User) -> User:
    """District lead of South."""
    return build.member(review, "sam", Role.DISTRICT_LEAD, by=bola, district="South")


@pytest.fixture
def rita(review: Review, bola: User) -> User:
    """A reviewer."""
    return build.reviewer(review, "rita", by=bola)


@pytest.fixture
def bert(review: Review, bola: User) -> User:
    """A board reader."""
    return build.member(review, "bert", Role.BOARD_READER, by=bola)


@pytest.fixture
def olga(db: None) -> User:
    """Of the business team of another review."""
    olga = build.user("olga", opens_reviews=True)
    build.review("other", by=olga)
    return olga


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
