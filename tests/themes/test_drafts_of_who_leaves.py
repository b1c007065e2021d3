"""What somebody typed and did not save goes when they leave the review, or when it is closed."""

from typing import Any

import pytest

from cases.actions import members
from cases.models import Membership, Review, Role, Stage
from kscmp_review.accounts.models import User
from tests import build as reviews_build
from tests.themes import build
from themes.actions import report_drafts, writing
from themes.actions.report_drafts import ReportDraft
from themes.models import PointDraft, SectionDraft, WritingDraft

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> build.House:
    return build.house()


def type_three(home: build.House, by: User) -> tuple[WritingDraft, ReportDraft, ReportDraft]:
    text = writing.keep(
        case=home.cases[0], kind="finding", target="new", token="t", revision=0, typed="text=Seen", by=by
    )
    form: Any = {"review": home.review, "token": "t", "revision": 0, "by": by}
    section = report_drafts.keep(kind=SectionDraft, key="context", typed="body=Words", **form)
    point = report_drafts.keep(kind=PointDraft, key="new", typed="text=Ask", **form)
    return text, section, point


def held(*drafts: WritingDraft | ReportDraft) -> list[bool]:
    for draft in drafts:
        draft.refresh_from_db()
    return [bool(draft.sealed) and draft.ended_at is None for draft in drafts]


def membership(home: build.House, user: User) -> Membership:
    return Membership.objects.live().get(review=home.review, user=user)


def test_a_reviewer_who_leaves_takes_them_along_and_others_keep_theirs(home: build.House) -> None:
    theirs, others = type_three(home, home.reviewer), type_three(home, home.colleague)
    members.end(membership=membership(home, home.reviewer), by=home.team)
    assert held(*theirs) == [False] * 3
    assert held(*others) == [True] * 3


def test_another_role_ends_them_as_well(home: build.House) -> None:
    theirs = type_three(home, home.reviewer)
    members.change(membership=membership(home, home.reviewer), role=Role.BOARD_READER, by=home.team)
    assert held(*theirs) == [False] * 3


def test_those_of_another_review_stay(home: build.House) -> None:
    theirs = type_three(home, home.reviewer)
    elsewhere = reviews_build.review("elsewhere", by=home.team)
    members.add(review=elsewhere, user=home.reviewer, role=Role.REVIEWER, by=home.team)
    members.end(membership=Membership.objects.get(review=elsewhere, user=home.reviewer), by=home.team)
    assert held(*theirs) == [True] * 3


def test_closing_ends_everybodys(home: build.House) -> None:
    from cases.actions import reviews

    drafts = (*type_three(home, home.reviewer), *type_three(home, home.colleague))
    Review.objects.filter(pk=home.review.pk).update(stage=Stage.REPORTING)
    reviews.move_to_stage(review=home.review, stage=Stage.CLOSED, by=home.team)
    assert held(*drafts) == [False] * 6
