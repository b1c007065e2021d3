"""What somebody typed and did not save goes when they leave the review, or when it is closed."""

import pytest

from cases.actions import members
from cases.models import Membership, Review, Role, Stage
from kscmp_review.accounts.models import User
from tests import build as reviews_build
from tests.themes import build
from themes.actions import report_drafts, writing
from themes.models import SectionDraft, WritingDraft

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> build.House:
    return build.house()


def type_two(home: build.House, by: User) -> tuple[WritingDraft, SectionDraft]:
    text = writing.keep(
        case=home.cases[0], kind="finding", target="new", token="t", revision=0, typed="text=Seen", by=by
    )
    section = report_drafts.keep(
        review=home.review, key="context", token="t", revision=0, typed="body=Words", by=by
    )
    return text, section


def held(*drafts: WritingDraft | SectionDraft) -> list[bool]:
    for draft in drafts:
        draft.refresh_from_db()
    return [bool(draft.sealed) and draft.ended_at is None for draft in drafts]


def membership(home: build.House, user: User) -> Membership:
    return Membership.objects.live().get(review=home.review, user=user)


def test_a_reviewer_who_leaves_takes_them_along_and_others_keep_theirs(home: build.House) -> None:
    theirs, others = type_two(home, home.reviewer), type_two(home, home.colleague)
    members.end(membership=membership(home, home.reviewer), by=home.team)
    assert held(*theirs) == [False, False]
    assert held(*others) == [True, True]


def test_another_role_ends_them_as_well(home: build.House) -> None:
    theirs = type_two(home, home.reviewer)
    members.change(membership=membership(home, home.reviewer), role=Role.BOARD_READER, by=home.team)
    assert held(*theirs) == [False, False]


def test_those_of_another_review_stay(home: build.House) -> None:
    theirs = type_two(home, home.reviewer)
    elsewhere = reviews_build.review("elsewhere", by=home.team)
    members.add(review=elsewhere, user=home.reviewer, role=Role.REVIEWER, by=home.team)
    members.end(membership=Membership.objects.get(review=elsewhere, user=home.reviewer), by=home.team)
    assert held(*theirs) == [True, True]


def test_closing_ends_everybodys(home: build.House) -> None:
    from cases.actions import reviews

    drafts = (*type_two(home, home.reviewer), *type_two(home, home.colleague))
    Review.objects.filter(pk=home.review.pk).update(stage=Stage.REPORTING)
    reviews.move_to_stage(review=home.review, stage=Stage.CLOSED, by=home.team)
    assert held(*drafts) == [False] * 4
