"""Killed at any point of its work, the program leaves what was before; done again, the work is done."""

import random
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from cases.actions import imports, selections
from cases.imports import SheetCase
from cases.models import Case, Presence, Review, Stage
from kscmp_review.accounts.models import User
from kscmp_review.audit.chain import ChainState, verify
from tests import build
from tests.backup.installations import back_up, but_audit, restore, sums
from tests.faults.killed import killed_before, killed_once_committed, statements_of
from themes.actions import release
from themes.demonstration.load import load
from themes.models import ReportVersion
from themes.report import briefing, formats

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
Act = Callable[[], object]


def kill_at_random(act: Act, times: int) -> None:
    """Each time before another statement, drawn from a fixed seed; the first and the last are among them."""
    statements = statements_of(act)
    assert statements > 3
    drawn = random.Random(20_220_105)
    places = [0, statements - 1, *(drawn.randrange(statements) for _ in range(times - 2))]
    before = rows()
    for place in places:
        assert killed_before(place, act), place
        assert rows() == before, place
    assert isinstance(verify(), ChainState)


def rows() -> dict[str, tuple[int, str]]:
    """Every table's rows: how many, and their sum. A number given and lost on PostgreSQL is no change."""
    return {table: (end.rows, end.sum) for table, end in sums().items()}


@pytest.fixture
def team() -> User:
    return build.user("team", opens_reviews=True)


def importing(review: Review, team: User) -> Act:
    lines = [line.slug for line in build.LINES]
    answers = dict.fromkeys(lines, Presence.PRESENT)
    cases = [
        SheetCase(
            row=2 + number,
            liberi_id=str(50_000 + number),
            district="North",
            assessment_date=build.ASSESSED,
            answers=answers,
        )
        for number in range(30)
    ]
    return partial(imports.import_cases, review=review, cases=cases, by=team)


def test_an_import(team: User) -> None:
    review = build.review(by=team, cases_per_district=30)
    act = importing(review, team)
    kill_at_random(act, 60)
    assert killed_once_committed(act)
    assert Case.objects.of(review).live().count() == 30
    assert isinstance(verify(), ChainState)


def test_an_import_is_done_by_the_next_who_tries(team: User) -> None:
    review = build.review(by=team, cases_per_district=30)
    act = importing(review, team)
    assert killed_before(4, act)
    act()
    assert Case.objects.of(review).live().count() == 30


def test_a_confirmation(team: User) -> None:
    review = build.review(by=team)
    for number, marks in enumerate(("pppp", "pppa", "ppaa"), start=1):
        build.case(review, "North", str(number), marks, by=team)
    build.confirmed(review, by=team)
    selections.reopen(review=review, reason="Looked at again.", by=team)
    act = partial(selections.confirm, review=review, by=team)
    kill_at_random(act, 60)
    assert killed_once_committed(act)
    review.refresh_from_db()
    assert review.stage == Stage.REVIEWING
    assert review.selections.standing().get().digest
    assert isinstance(verify(), ChainState)


@pytest.fixture
def no_typesetting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Typesetting uses threads of its own, which a forked process would wait for and not have."""
    monkeypatch.setattr(formats, "WRITERS", dict.fromkeys(formats.WRITERS, lambda html, on: html.encode()))
    monkeypatch.setattr(briefing, "fits_a_page", lambda html, on: True)


@pytest.mark.usefixtures("no_typesetting")
def test_a_release() -> None:
    """The second approval, by which a version is released: put forward and approved once before."""
    review = load().review
    first, second = (
        User.objects.get(email=f"{name}@kscmp.example") for name in ("business-team", "business-team-2")
    )
    version = release.propose(review=review, by=first)
    version = release.approve(version=version, by=first)
    act = partial(release.approve, version=version, by=second)
    kill_at_random(act, 40)
    assert killed_once_committed(act)
    assert ReportVersion.objects.released().get().approvals.count() == 2
    assert isinstance(verify(), ChainState)


def test_a_restore(team: User, tmp_path: Path) -> None:
    review = build.review(by=team)
    build.case(review, "North", "1", "pp?a", by=team)
    file = tmp_path / "file"
    back_up(file)
    held = but_audit(sums())
    build.case(review, "South", "2", "pppp", by=team)
    act = partial(restore, file)
    kill_at_random(act, 20)  # each makes every table anew
    act()
    assert but_audit(sums()) == held
    assert isinstance(verify(), ChainState)


def test_the_countdown_is_seen_to_let_a_whole_act_through(team: User) -> None:
    """The control: counted too far, nothing is killed, and the state is not what it was before."""
    review = build.review(by=team, cases_per_district=30)
    act = importing(review, team)
    before = sums()
    assert not killed_before(10_000, act)
    assert sums() != before
