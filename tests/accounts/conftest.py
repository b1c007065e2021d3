"""What tests of accounts share."""

import pytest
from django.core.cache import cache
from pytest_django import Settings


@pytest.fixture(autouse=True)
def no_throttle_left_over(request: pytest.FixtureRequest) -> None:
    """Of the test before: throttles count by the clock."""
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        cache.clear()


@pytest.fixture
def demanded(settings: Settings) -> None:
    """As where KSCMP_HOSTS is set."""
    settings.SECOND_FACTOR_DEMANDED = True
