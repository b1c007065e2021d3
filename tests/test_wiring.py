"""The tabs of a review: those a role may open, the current one marked, on the pages below it too."""

import re

import pytest
from django.test import Client

from cases.models import Role
from tests import build

pytestmark = pytest.mark.django_db


def current_tab(page: str) -> list[str]:
    return re.findall(r'aria-current="true"><strong[^>]*>([^<]*)', page)


@pytest.mark.parametrize(
    ("address", "tab"),
    [
        ("/reviews/babies/", "Overview"),
        ("/reviews/babies/settings/", "Overview"),
        ("/reviews/babies/profile/change/", "Risk profile"),
        ("/reviews/babies/submissions/new/", "Submissions"),
        ("/reviews/babies/selection/compare/", "Selection"),
    ],
)
def test_a_page_below_a_tab_marks_that_tab(address: str, tab: str) -> None:
    bola = build.user("bola", opens_reviews=True)
    build.review(by=bola)
    client = Client()
    client.force_login(bola)
    assert current_tab(client.get(address).content.decode()) == [tab]


def test_a_district_lead_is_offered_no_page_that_would_be_refused() -> None:
    bola = build.user("bola", opens_reviews=True)
    review = build.review(by=bola)
    nora = build.member(review, "nora", Role.DISTRICT_LEAD, by=bola, district="North")
    client = Client()
    client.force_login(nora)
    page = client.get("/reviews/babies/submissions/").content.decode()
    tabs = re.findall(r'govuk-service-navigation__link" href="([^"]+)"', page)
    assert "/reviews/babies/submissions/" in tabs
    assert {client.get(tab).status_code for tab in tabs} == {200}
