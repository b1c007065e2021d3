"""Reviews at three stages and people of every role, each with a session: python -m tests.load.prepare PEOPLE

Prints JSON: who is signed in by which cookie, and what their work is on.
"""

import json
import os
import sys
from collections.abc import Iterator
from typing import Any

import django

# Of ten people; what is left over reads the report.
LEADS, REVIEWERS, TEAM = 4, 3, 2
PARTNERSHIP = 50
SUBMITTED, SELECTED = 48, 12
DISTRICTS = ("North", "South", "East", "West")
REPORTED = "nai-2022"
MARKS = ("pppp", "ppa?", "pap?", "aapp", "p?aa", "aaaa")


def main(number: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kscmp_review.settings")
    django.setup()
    from django.conf import settings

    # Nobody signs in by password here: a slow digest of five hundred would only be waited for.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    json.dump({"people": list(_people(number))}, sys.stdout)


def _people(number: int) -> Iterator[dict[str, Any]]:
    from tests import build

    chief = build.user("load-chief", opens_reviews=True)
    for group, size in enumerate(_sizes(number)):
        leads, reviewers, team = (size * share // 10 for share in (LEADS, REVIEWERS, TEAM))
        yield from _submitting(group, leads, chief)
        yield from _reading(group, reviewers, chief)
        yield from _selecting(group, team, chief)
        yield from _reporting(group, size - leads - reviewers - team)


def _sizes(number: int) -> list[int]:
    """So many people as work on one partnership's reviews, and what is left over."""
    whole, rest = divmod(number, PARTNERSHIP)
    return [PARTNERSHIP] * whole + ([rest] if rest else [])


def _submitting(group: int, number: int, by: Any) -> Iterator[dict[str, Any]]:
    from cases.models import Role

    review = _review(f"load-open-{group}", by, wanted=6, quota=500)
    for place in range(number):
        yield _person(review, f"lead-{group}-{place}", Role.DISTRICT_LEAD, by, DISTRICTS[place % 4])


def _reading(group: int, number: int, by: Any) -> Iterator[dict[str, Any]]:
    from cases.models import Role
    from tests import build

    review = _review(f"load-reading-{group}", by, wanted=SELECTED, quota=SELECTED)
    _filled(review, SELECTED, by)
    build.confirmed(review, by=by)
    _theme(review, build.reviewer(review, f"load-keeper-{group}", by=by))
    for place in range(number):
        yield _person(review, f"reviewer-{group}-{place}", Role.REVIEWER, by)


def _selecting(group: int, number: int, by: Any) -> Iterator[dict[str, Any]]:
    from cases.models import Case, Role, Stage

    review = _review(f"load-selecting-{group}", by, wanted=SELECTED, quota=SUBMITTED)
    _filled(review, SUBMITTED, by)
    review = _moved(review, Stage.SELECTING, by)
    ids = list(Case.objects.of(review).values_list("public_id", flat=True))
    for place in range(number):
        # Each decides on cases of their own, so that what they decided last must stand at the end.
        person = _person(review, f"team-{group}-{place}", Role.BUSINESS_TEAM, by)
        yield {**person, "cases": ids[place::number]}


def _reporting(group: int, number: int) -> Iterator[dict[str, Any]]:
    from cases.models import Review, Role

    review = Review.objects.get(slug=REPORTED)
    for place in range(number):
        role = Role.BOARD_READER if place % 2 else Role.BUSINESS_TEAM
        person = _person(review, f"reader-{group}-{place}", role, review.created_by)
        yield {**person, "role": f"reader {role}"}


def _review(slug: str, by: Any, *, wanted: int, quota: int) -> Any:
    from tests import build

    return build.review(
        slug, by=by, districts=DISTRICTS, cases_per_district=quota, cases_to_select=wanted, minimum_matches=1
    )


def _filled(review: Any, number: int, by: Any) -> None:
    from tests import build

    for place in range(number):
        district, marks = DISTRICTS[place % 4], MARKS[place % len(MARKS)]
        build.case(review, district, f"8{review.pk}{place:05}", marks, by=by)


def _theme(review: Any, by: Any) -> None:
    from themes.actions import codebook
    from themes.actions.entries import Entry

    codebook.add(review=review, strand="desk-top review", entry=Entry(name="Agency checks"), by=by)


def _moved(review: Any, stage: str, by: Any) -> Any:
    from cases.actions import reviews

    return reviews.move_to_stage(review=review, stage=stage, by=by)


def _person(review: Any, name: str, role: str, by: Any, district: str | None = None) -> dict[str, Any]:
    """A new member of the review, signed in."""
    from django.conf import settings
    from django.test import Client

    from tests import build

    client = Client()
    client.force_login(build.member(review, f"load-{name}", role, by=by, district=district))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"role": name.split("-")[0], "name": name, "session": session, "review": review.slug}


if __name__ == "__main__":
    main(int(sys.argv[1]))
