"""How long case data is kept, who is warned, and the legal hold that keeps it longer."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from cases.actions import erasure, retention, reviews
from cases.errors import Refused
from cases.messages.delivery import email_for
from cases.messages.need import is_still_needed
from cases.models import Case, Message, MessageKind, Review, Role, Stage, StageChange
from cases.permissions import NotAllowed
from cases.retention import NOTICE, Term, months_after, term_of
from kscmp_review.accounts.models import User
from kscmp_review.audit.models import AuditEvent
from kscmp_review.privacy import ledger
from tests import build

CLOSED = date(2030, 1, 31)
DUE = date(2031, 1, 31)


def term(**fields: Any) -> Term:
    given = {"months": 12, "closed_on": CLOSED, "warned_on": None, "hold": None, "erased_at": None}
    return Term(**{**given, **fields})


@pytest.fixture
def closed(bola: User, settings: Settings, tmp_path: Any) -> Review:
    """Closed on 31 January 2030 with one case; kept for 12 months."""
    settings.ERASURE_LEDGER = str(tmp_path / "erasures")
    review = build.review(by=bola)
    build.case(review, "North", "0071", "pppp", by=bola, evidence="A note.")
    build.confirmed(review, by=bola)
    for stage in (Stage.REPORTING, Stage.CLOSED):
        review = reviews.move_to_stage(review=review, stage=stage, by=bola)
    closed_on(review, CLOSED)
    return review


def closed_on(review: Review, day: date) -> None:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    StageChange.objects.filter(review=review, to_stage=Stage.CLOSED).update(changed_at=noon)


class TestTheDay:
    @pytest.mark.parametrize(
        ("day", "months", "later"),
        [
            (date(2030, 1, 31), 1, date(2030, 2, 28)),
            (date(2032, 1, 31), 1, date(2032, 2, 29)),
            (date(2030, 11, 15), 2, date(2031, 1, 15)),
            (date(2030, 12, 31), 12, date(2031, 12, 31)),
        ],
    )
    def test_months_are_counted_as_a_calendar_does(self, day: date, months: int, later: date) -> None:
        assert months_after(day, months) == later

    @given(st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.integers(0, 120), st.integers(0, 120))
    def test_more_months_are_never_an_earlier_day(self, day: date, fewer: int, more: int) -> None:
        first, second = sorted((fewer, more))
        assert months_after(day, first) <= months_after(day, second)

    @given(
        st.dates(date(2029, 1, 1), date(2033, 1, 1)),
        st.one_of(st.none(), st.dates(date(2029, 1, 1), date(2033, 1, 1))),
    )
    def test_it_never_goes_before_its_term_nor_without_thirty_days_notice(
        self, today: date, warned_on: date | None
    ) -> None:
        found = term(warned_on=warned_on)
        if found.is_over(today):
            assert warned_on is not None
            assert today >= max(DUE, warned_on + NOTICE)
        goes_on = found.goes_on(today)
        assert goes_on is not None
        assert goes_on >= DUE

    def test_warned_in_time_it_goes_on_the_very_day(self) -> None:
        found = term(warned_on=DUE - NOTICE)
        assert not found.is_over(DUE - timedelta(days=1))
        assert found.is_over(DUE)

    @pytest.mark.parametrize(
        "fields", [{"closed_on": None}, {"hold": object()}, {"erased_at": timezone.now()}]
    )
    def test_not_closed_held_or_erased_it_does_not_run(self, fields: dict[str, object]) -> None:
        found = term(warned_on=date(2030, 2, 1), **fields)
        assert not found.is_running
        assert not found.is_over(date(2040, 1, 1))
        assert not found.is_to_be_warned_of(date(2040, 1, 1))


@pytest.mark.django_db
class TestWarning:
    def test_thirty_days_before_the_business_team_is_told_once(self, closed: Review, bola: User) -> None:
        build.member(closed, "bert", Role.BOARD_READER, by=bola)
        assert erasure.warn(today=DUE - timedelta(days=31)) == 0
        assert erasure.warn(today=DUE - NOTICE) == 1
        assert erasure.warn(today=DUE - NOTICE) == 0
        (message,) = Message.objects.filter(kind=MessageKind.ERASURE)
        assert message.recipient == bola

    def test_the_e_mail_leads_to_the_page_and_says_nothing_of_a_case(self, closed: Review) -> None:
        erasure.warn(today=DUE)
        (message,) = Message.objects.filter(kind=MessageKind.ERASURE).with_need()
        assert is_still_needed(message, DUE)
        email = email_for(message)
        assert "/reviews/babies/data-protection/" in str(email.body)
        assert "30 days" in str(email.body)
        assert "0071" not in str(email.body)

    def test_a_hold_takes_the_warning_back_and_lifting_it_begins_another_thirty_days(
        self, closed: Review, bola: User
    ) -> None:
        erasure.warn(today=DUE)
        retention.place_hold(review=closed, reason="A complaint.", by=bola)
        (message,) = Message.objects.filter(kind=MessageKind.ERASURE).with_need()
        assert not is_still_needed(message, DUE)
        retention.lift_hold(review=closed, reason="It is settled.", by=bola)
        closed.refresh_from_db()
        assert not term_of(closed).is_over(DUE + timedelta(days=300))
        erasure.warn(today=DUE + timedelta(days=300))
        assert Message.objects.filter(kind=MessageKind.ERASURE).count() == 2

    def test_where_the_audit_fails_nobody_is_warned(
        self, closed: Review, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*args: object, **kwargs: object) -> None:
            raise RuntimeError("the audit is broken")

        monkeypatch.setattr(erasure, "record_about_review", broken)
        with pytest.raises(RuntimeError):
            erasure.warn(today=DUE)
        assert not Message.objects.filter(kind=MessageKind.ERASURE).exists()
        closed.refresh_from_db()
        assert closed.erasure_warned_on is None


@pytest.mark.django_db
class TestErasing:
    def warned(self, review: Review) -> Review:
        erasure.warn(today=DUE - NOTICE)
        review.refresh_from_db()
        return review

    def test_on_its_day_and_not_before(self, closed: Review) -> None:
        self.warned(closed)
        with pytest.raises(Refused):
            erasure.erase(review=closed, today=DUE - timedelta(days=1))
        assert Case.objects.count() == 1
        assert erasure.erase(review=closed, today=DUE) > 0
        assert Case.objects.count() == 0

    def test_never_under_a_hold(self, closed: Review, bola: User) -> None:
        self.warned(closed)
        retention.place_hold(review=closed, reason="A court has asked for it.", by=bola)
        Review.objects.update(erasure_warned_on=DUE - NOTICE)
        with pytest.raises(Refused):
            erasure.erase(review=closed, today=date(2040, 1, 1))
        assert Case.objects.count() == 1

    def test_never_twice_and_nothing_is_held_or_changed_afterwards(self, closed: Review, bola: User) -> None:
        erasure.erase(review=self.warned(closed), today=DUE)
        with pytest.raises(Refused):
            erasure.erase(review=closed, today=DUE)
        with pytest.raises(Refused, match="has been erased"):
            retention.place_hold(review=closed, reason="Late.", by=bola)
        with pytest.raises(Refused, match="has been erased"):
            retention.change_term(review=closed, months=24, lawful_basis="", by=bola)

    def test_its_event_tells_how_many_rows_and_no_more(self, closed: Review) -> None:
        rows = erasure.erase(review=self.warned(closed), today=DUE)
        event = AuditEvent.objects.newest_first()[0]
        assert (event.action, event.actor_id) == ("review.erased", None)
        assert event.after == {"review": erasure.name_of(closed), "rows": rows, "again": False}

    def test_a_ledger_that_cannot_be_written_keeps_everything(
        self, closed: Review, settings: Settings
    ) -> None:
        self.warned(closed)
        settings.ERASURE_LEDGER = "/dev/null/erasures"
        with pytest.raises(ledger.UnreadableLedger):
            erasure.erase(review=closed, today=DUE)
        assert Case.objects.count() == 1
        assert not AuditEvent.objects.filter(action="review.erased").exists()

    def test_a_lost_ledger_is_written_anew_from_the_audit(
        self, closed: Review, settings: Settings, tmp_path: Any
    ) -> None:
        erasure.erase(review=self.warned(closed), today=DUE)
        settings.ERASURE_LEDGER = str(tmp_path / "another" / "erasures")
        assert erasure.complete_ledger() == 1
        assert erasure.complete_ledger() == 0
        assert set(ledger.read(tmp_path / "another" / "erasures")) == {erasure.name_of(closed)}

    def test_the_database_refuses_to_call_an_open_review_erased(self, review: Review) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Review.objects.update(erased_at=timezone.now())


@pytest.mark.django_db
class TestTheCommand:
    def test_dry_run_says_what_would_be_done_and_does_nothing(
        self, closed: Review, capsys: pytest.CaptureFixture[str]
    ) -> None:
        closed_on(closed, timezone.localdate() - timedelta(days=400))
        call_command("erase_expired", dry_run=True)
        assert "babies: would be warned of now, and erased on " in capsys.readouterr().out
        Review.objects.update(erasure_warned_on=timezone.localdate() - NOTICE)
        call_command("erase_expired", dry_run=True)
        assert "babies: would be erased now: closed on " in capsys.readouterr().out
        assert Case.objects.count() == 1
        assert not Message.objects.filter(kind=MessageKind.ERASURE).exists()

    def test_a_review_closed_long_ago_is_warned_of_first(
        self, closed: Review, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """As on the first day after an upgrade: nothing goes that nobody was warned of."""
        closed_on(closed, timezone.localdate() - timedelta(days=4000))
        for _ in range(2):
            call_command("erase_expired")
        assert capsys.readouterr().out.splitlines()[-2:] == [
            "0 reviews erased, 1 warned of",
            "0 reviews erased, 0 warned of",
        ]
        assert Case.objects.count() == 1

    def test_without_its_ledger_it_says_so_and_fails(self, closed: Review, settings: Settings) -> None:
        settings.ERASURE_LEDGER = "/dev/null/erasures"
        with pytest.raises(CommandError, match="nothing is erased without it"):
            call_command("erase_expired")


@pytest.mark.django_db
class TestTermAndHold:
    def test_the_business_team_sets_how_long_and_on_what_basis(self, review: Review, bola: User) -> None:
        changed = retention.change_term(review=review, months=24, lawful_basis=" Public task ", by=bola)
        assert (changed.retention_months, changed.lawful_basis) == (24, "Public task")

    @pytest.mark.parametrize("months", [0, 121])
    def test_it_is_one_to_120_months(self, months: int, review: Review, bola: User) -> None:
        with pytest.raises(Refused, match="1 to 120"):
            retention.change_term(review=review, months=months, lawful_basis="", by=bola)

    def test_a_shorter_term_leaves_time_to_object(self, closed: Review, bola: User) -> None:
        closed_on(closed, timezone.localdate() - timedelta(days=100))
        with pytest.raises(Refused, match="30 days away"):
            retention.change_term(review=closed, months=4, lawful_basis="", by=bola)
        assert retention.change_term(review=closed, months=6, lawful_basis="", by=bola).retention_months == 6

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_placing_and_lifting_need_a_reason(self, reason: str, review: Review, bola: User) -> None:
        with pytest.raises(Refused, match="Say why"):
            retention.place_hold(review=review, reason=reason, by=bola)
        retention.place_hold(review=review, reason="A complaint.", by=bola)
        with pytest.raises(Refused, match="Say why"):
            retention.lift_hold(review=review, reason=reason, by=bola)

    def test_one_hold_at_a_time_and_each_stays_on_record(self, review: Review, bola: User) -> None:
        retention.place_hold(review=review, reason="A complaint.", by=bola)
        with pytest.raises(Refused, match="already"):
            retention.place_hold(review=review, reason="Another.", by=bola)
        retention.lift_hold(review=review, reason="It is settled.", by=bola)
        with pytest.raises(Refused, match="no legal hold"):
            retention.lift_hold(review=review, reason="Again.", by=bola)
        retention.place_hold(review=review, reason="Another.", by=bola)
        assert review.legal_holds.count() == 2

    def test_nobody_else_may(self, review: Review, rita: User) -> None:
        for act in (
            lambda: retention.place_hold(review=review, reason="So.", by=rita),
            lambda: retention.lift_hold(review=review, reason="So.", by=rita),
            lambda: retention.change_term(review=review, months=1, lawful_basis="", by=rita),
        ):
            with pytest.raises(NotAllowed):
                act()
