"""Reviews that nobody closes: asked about after months without a change, never erased, never forgotten."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from cases.actions import staying_open
from cases.actions.viewing import record_view_of_submissions
from cases.errors import Refused
from cases.left_open import LeftOpen, left_open
from cases.messages.delivery import email_for
from cases.messages.need import is_still_needed
from cases.models import Case, Message, MessageKind, Review, Role, Stage
from cases.permissions import NotAllowed
from cases.retention import months_after
from kscmp_review.accounts.models import User
from kscmp_review.audit.models import AuditEvent
from kscmp_review.audit.record import record
from tests import build
from tests.audit.chains import tampering

SINCE = date(2021, 1, 31)
DUE = date(2022, 7, 31)
LONG_AGO = timedelta(days=1000)


def found(**fields: object) -> LeftOpen:
    return LeftOpen(**{"months": 18, "untouched_since": SINCE, "asked_on": None, **fields})  # type: ignore[arg-type]


@pytest.fixture
def untouched(review: Review, bola: User) -> Review:
    """With one case; nobody has changed anything since SINCE."""
    build.case(review, "North", "0071", "pppp", by=bola)
    last_changed(SINCE)
    return review


def last_changed(day: date) -> None:
    """Everything so far happened on that day, as if a clock had been set back."""
    with tampering() as events:
        events.update(at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC))


class TestWhenItIsAsked:
    @pytest.mark.parametrize(
        ("fields", "today", "asked"),
        [
            ({}, DUE - timedelta(days=1), False),
            ({}, DUE, True),
            ({"months": 1}, date(2021, 2, 28), True),
            ({"asked_on": DUE}, DUE, False),
            ({"asked_on": DUE}, DUE + timedelta(days=91), False),
            ({"asked_on": DUE}, date(2022, 10, 31), True),
            # Asked once before, then worked on, and left again.
            ({"asked_on": SINCE - timedelta(days=1)}, DUE, True),
        ],
    )
    def test_after_its_months_and_again_every_three(
        self, fields: dict[str, object], today: date, asked: bool
    ) -> None:
        assert found(**fields).is_to_be_asked_about(today) is asked

    @given(st.dates(date(2029, 1, 1), date(2035, 1, 1)), st.integers(1, 120))
    def test_whole_months_are_counted(self, since: date, months: int) -> None:
        each = found(untouched_since=since)
        assert each.months_until(months_after(since, months)) == months
        assert each.months_until(months_after(since, months) + timedelta(days=25)) == months

    def test_a_daily_command_asks_every_three_months_for_as_long_as_nobody_answers(self) -> None:
        asked: list[date] = []
        for today in (DUE + timedelta(days=days) for days in range(-100, 2000)):
            if found(asked_on=asked[-1] if asked else None).is_to_be_asked_about(today):
                asked.append(today)
        assert asked[0] == DUE
        assert all(later == months_after(day, 3) for day, later in pairwise(asked))


@pytest.mark.django_db
class TestAsking:
    def test_the_business_team_is_asked_by_e_mail_and_nothing_goes(
        self, untouched: Review, bola: User
    ) -> None:
        build.member(untouched, "bert", Role.BOARD_READER, by=bola)
        last_changed(SINCE)
        assert staying_open.ask(today=DUE - timedelta(days=1)) == 0
        assert staying_open.ask(today=DUE) == 1
        assert staying_open.ask(today=DUE) == 0
        message = Message.objects.with_need().get(kind=MessageKind.LEFT_OPEN)
        assert message.recipient == bola
        assert is_still_needed(message, DUE)
        email = email_for(message)
        assert "/reviews/babies/data-protection/" in str(email.body)
        assert "say why it stays open" in " ".join(str(email.body).split())
        assert "0071" not in str(email.body)
        assert Case.objects.count() == 1
        event = AuditEvent.objects.newest_first()[0]
        assert (event.action, event.actor_id) == ("review.asked why open", None)
        assert event.after == {"untouched_since": SINCE.isoformat()}

    def test_looking_is_no_work_and_working_is(self, untouched: Review, bola: User) -> None:
        record_view_of_submissions(untouched, bola, cases=1, liberi_ids=False)
        record("permission.denied", by=bola, review_id=untouched.pk, object_type="page", object_id="audit")
        assert left_open([untouched])[untouched.pk].untouched_since == SINCE
        build.case(untouched, "North", "0072", "pppp", by=bola)
        assert left_open([untouched])[untouched.pk].untouched_since == timezone.localdate()

    def test_a_reason_is_an_answer_for_as_many_months_again(self, untouched: Review, bola: User) -> None:
        today = timezone.localdate()
        last_changed(today - LONG_AGO)
        assert staying_open.ask(today=today) == 1
        staying_open.say_why(review=untouched, reason=" A trial goes on. ", by=bola)
        message = Message.objects.with_need().get(kind=MessageKind.LEFT_OPEN)
        assert not is_still_needed(message, today)
        assert untouched.staying_open.get().reason == "A trial goes on."
        assert staying_open.ask(today=months_after(today, 17)) == 0
        assert staying_open.ask(today=months_after(today, 18)) == 1

    def test_a_closed_review_is_not_asked_about(self, untouched: Review, bola: User) -> None:
        Review.objects.update(stage=Stage.CLOSED)
        assert staying_open.ask(today=date(2050, 1, 1)) == 0
        with pytest.raises(Refused, match="closed already"):
            staying_open.say_why(review=untouched, reason="So.", by=bola)

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_the_reason_is_said(self, reason: str, untouched: Review, bola: User) -> None:
        with pytest.raises(Refused, match="Say why"):
            staying_open.say_why(review=untouched, reason=reason, by=bola)

    def test_only_the_business_team_says_it(self, untouched: Review, bola: User) -> None:
        rita = build.reviewer(untouched, "rita", by=bola)
        with pytest.raises(NotAllowed):
            staying_open.say_why(review=untouched, reason="So.", by=rita)

    def test_where_the_audit_fails_nobody_is_asked(
        self, untouched: Review, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*args: object, **kwargs: object) -> None:
            raise RuntimeError("the audit is broken")

        monkeypatch.setattr(staying_open, "record_about_review", broken)
        with pytest.raises(RuntimeError):
            staying_open.ask(today=DUE)
        assert not Message.objects.filter(kind=MessageKind.LEFT_OPEN).exists()
        untouched.refresh_from_db()
        assert untouched.asked_why_open_on is None

    def test_many_reviews_are_looked_at_in_one_query(self, untouched: Review, bola: User) -> None:
        for number in range(5):
            build.review(f"more-{number}", by=bola)
        every = list(Review.objects.all())
        with CaptureQueriesContext(connection) as asked:
            assert len(left_open(every)) == 6
        assert len(asked) == 1

    def test_the_daily_command_asks_and_says_so(
        self, untouched: Review, capsys: pytest.CaptureFixture[str], settings: Settings, tmp_path: object
    ) -> None:
        settings.ERASURE_LEDGER = f"{tmp_path}/erasures"
        last_changed(timezone.localdate() - LONG_AGO)
        call_command("erase_expired", dry_run=True)
        assert "babies: left open, no change since" in capsys.readouterr().out
        assert not Message.objects.filter(kind=MessageKind.LEFT_OPEN).exists()
        call_command("erase_expired")
        assert "1 review left open: the business team is asked why" in capsys.readouterr().out
        assert Case.objects.count() == 1


@pytest.mark.django_db
class TestThePages:
    def test_overview_and_page_point_it_out_until_a_reason_is_given(
        self, untouched: Review, bola: User
    ) -> None:
        last_changed(timezone.localdate() - LONG_AGO)
        client = Client()
        client.force_login(bola)
        for page in ("/reviews/babies/", "/reviews/babies/data-protection/"):
            assert "say why it stays open" in client.get(page).content.decode()
        assert "Left open for 32 months" in client.get("/reviews/babies/").content.decode()
        answer = client.post(
            "/reviews/babies/data-protection/stays-open/", {"reason": "A trial."}, follow=True
        )
        assert "Why the review stays open is on record." in answer.content.decode()
        page = client.get("/reviews/babies/data-protection/").content.decode()
        assert "A trial." in page
        assert "say why it stays open" not in page

    def test_after_how_many_months_is_set_with_the_retention(self, untouched: Review, bola: User) -> None:
        client = Client()
        client.force_login(bola)
        typed = {"months": "12", "asked_after_months": "6", "lawful_basis": ""}
        client.post("/reviews/babies/data-protection/retention/", typed)
        assert Review.objects.get().asked_after_months == 6
        refused = client.post(
            "/reviews/babies/data-protection/retention/", {**typed, "asked_after_months": "0"}
        )
        assert "must be 1 or more" in refused.content.decode()
