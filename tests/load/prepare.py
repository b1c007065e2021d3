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
    from cases.models import Case, Review, Role, Stage
    from tests import build

    chief = build.user("load-chief", opens_reviews=True)
    shares = {
        "lead": number * LEADS // 10,
        "reviewer": number * REVIEWERS // 10,
        "team": max(1, number * TEAM // 10),
    }
    shares["reader"] = number - sum(shares.values())
    submitting = _review("load-open", chief, wanted=6, quota=5_000)
    for place in range(shares["lead"]):
        yield _person(submitting, f"lead-{place}", Role.DISTRICT_LEAD, chief, DISTRICTS[place % 4])
    reading = _review("load-reading", chief, wanted=max(4, number // 5), quota=number)
    _filled(reading, max(4, number // 5), chief)
    build.confirmed(reading, by=chief)
    _theme(reading, build.reviewer(reading, "load-keeper", by=chief))
    for place in range(shares["reviewer"]):
        yield _person(reading, f"reviewer-{place}", Role.REVIEWER, chief)
    selecting = _review("load-selecting", chief, wanted=number, quota=number)
    _filled(selecting, number, chief)
    selecting = _moved(selecting, Stage.SELECTING, chief)
    ids = list(Case.objects.of(selecting).values_list("public_id", flat=True))
    for place in range(shares["team"]):
        # Each decides on cases of their own, so that what they decided last must stand at the end.
        person = _person(selecting, f"team-{place}", Role.BUSINESS_TEAM, chief)
        yield {**person, "cases": ids[place :: shares["team"]]}
    reported = Review.objects.get(slug=REPORTED)
    for place in range(shares["reader"]):
        role = Role.BOARD_READER if place % 2 else Role.BUSINESS_TEAM
        yield {**_person(reported, f"reader-{place}", role, reported.created_by), "role": f"reader {role}"}


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
