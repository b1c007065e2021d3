"""Delivery to a real mail server: once, to the right person, with a link and no case content."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from email.message import EmailMessage
from threading import Barrier
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import TestCase, override_settings
from django.utils import timezone

from cases.actions import answers, members, reviews, submissions
from cases.messages.delivery import deliver
from cases.models import Case, Membership, Message, MessageState, Review, Role, Stage
from kscmp_review.accounts.models import User
from tests import build
from tests.cases.conftest import signed_in
from tests.mail import Mailbox, configured, free_port, server

LIBERI_IDS = ("7331001", "7331002", "7331003")
EVIDENCE = "canary evidence"
TODAY = date(2022, 3, 1)


@pytest.fixture
def port() -> Iterator[int]:
    """Where the service believes its mail server to be."""
    with configured(chosen := free_port()):
        yield chosen


@pytest.fixture
def mailbox(port: int) -> Iterator[Mailbox]:
    with server(port, Mailbox()) as mailbox:
        yield mailbox


def committed() -> Any:
    """What happens once the block's transaction is committed, happens at its end."""
    return TestCase.captureOnCommitCallbacks(execute=True)


def ask(review: Review, by: User) -> Case:
    case = build.case(review, "North", LIBERI_IDS[0], "??pp", by=by, evidence=EVIDENCE)
    answers.ask(case=case, slug="parental-mental-health", by=by)
    return case


def written(message: EmailMessage) -> str:
    """Subject and text, and every header, as they arrived."""
    headers = [f"{name}: {value}" for name, value in message.items()]
    return "\n".join([*headers, *message.get_content().splitlines()])


def canaries() -> list[str]:
    """Everything of the cases that must never be in a message."""
    found = [
        *LIBERI_IDS,
        EVIDENCE,
        *(line.name for line in build.LINES),
        *(line.slug for line in build.LINES),
    ]
    for case in Case.objects.all():
        found += [case.public_id, case.reference, case.letter, str(case.assessment_date)]
    return [canary for canary in found if canary]


class TestWhatArrives:
    def test_asking_sends_one_message_to_the_districts_lead(
        self, mailbox: Mailbox, review: Review, bola: User, nora: User, sam: User
    ) -> None:
        with committed():
            ask(review, bola)
        assert mailbox.recipients == ["nora@kscmp.example"]
        assert mailbox.only()["To"] == "nora@kscmp.example"
        assert mailbox.only()["Subject"].startswith("Positive practice review: ")

    def test_it_holds_the_link_and_nothing_of_the_case(
        self, mailbox: Mailbox, review: Review, bola: User, nora: User
    ) -> None:
        with committed():
            ask(review, bola)
        told = written(mailbox.only())
        assert "https://review.example/reviews/babies/submissions/" in told.split("\n")
        assert [canary for canary in canaries() if canary.casefold() in told.casefold()] == []

    def test_completing_a_district_tells_the_business_team_nothing_of_its_cases(
        self, mailbox: Mailbox, review: Review, bola: User, nora: User
    ) -> None:
        with committed():
            for liberi_id in LIBERI_IDS:
                build.case(review, "North", liberi_id, "pa?p", by=nora, evidence=EVIDENCE)
        assert mailbox.recipients == ["bola@kscmp.example"]
        told = written(mailbox.only())
        assert [canary for canary in canaries() if canary.casefold() in told.casefold()] == []

    def test_opening_tells_the_leads_by_the_page_that_opens(
        self, mailbox: Mailbox, review: Review, bola: User, nora: User, sam: User
    ) -> None:
        reviews.move_to_stage(review=review, stage=Stage.SETTING_UP, reason="A date.", by=bola)
        with committed():
            response = signed_in(bola).post(
                "/reviews/babies/stage/open-for-submissions/", {"stage": Stage.OPEN}
            )
        assert response.status_code == 302
        assert mailbox.recipients == ["nora@kscmp.example", "sam@kscmp.example"]

    def test_nothing_leaves_before_the_action_is_committed(
        self, mailbox: Mailbox, review: Review, bola: User, nora: User
    ) -> None:
        with TestCase.captureOnCommitCallbacks(execute=False):
            ask(review, bola)
        assert mailbox.arrived == []

    def test_absence_notes_do_not_answer_and_a_repeat_can_be_told(
        self, mailbox: Mailbox, review: Review, bola: User, nora: User
    ) -> None:
        with committed():
            ask(review, bola)
        assert mailbox.only()["Auto-Submitted"] == "auto-generated"
        assert mailbox.only()["Message-ID"] == f"<message-{Message.objects.get().pk}@review.example>"


class TestWhatCannotBeSent:
    def test_a_server_that_is_down_breaks_no_page_and_the_message_is_kept(
        self, port: int, review: Review, bola: User, nora: User
    ) -> None:
        case = build.case(review, "North", LIBERI_IDS[0], "??pp", by=bola)
        with committed():
            response = signed_in(bola).post(
                f"/reviews/babies/selection/cases/{case.public_id}/ask/",
                {"characteristic": "parental-mental-health"},
            )
        assert response.status_code == 302
        kept = Message.objects.get()
        assert (kept.state, kept.failures, kept.last_failure) == (
            MessageState.WAITING,
            1,
            "ConnectionRefusedError",
        )

    def test_it_is_retried_by_the_command_and_then_sent_once(
        self, port: int, review: Review, bola: User, nora: User, capsys: Any
    ) -> None:
        with committed():
            ask(review, bola)
        with pytest.raises(CommandError, match="1 message has not been sent; the next run tries again"):
            call_command("send_reminders")
        assert Message.objects.get().failures == 2
        with server(port, Mailbox()) as mailbox:
            call_command("send_reminders")
            call_command("send_reminders")
        assert mailbox.recipients == ["nora@kscmp.example"]
        assert capsys.readouterr().out.splitlines() == [
            "0 new reminders, 0 sent, 1 failed, 0 not needed, 0 invitations sent, 1 waiting",
            "0 new reminders, 1 sent, 0 failed, 0 not needed, 0 invitations sent, 0 waiting",
            "0 new reminders, 0 sent, 0 failed, 0 not needed, 0 invitations sent, 0 waiting",
        ]

    def test_one_address_that_is_refused_does_not_keep_the_others_from_theirs(
        self, port: int, review: Review, bola: User, nora: User, sam: User
    ) -> None:
        reviews.move_to_stage(review=review, stage=Stage.SETTING_UP, reason="A date.", by=bola)
        with server(port, Mailbox("nora@kscmp.example")) as mailbox, committed():
            reviews.move_to_stage(review=review, stage=Stage.OPEN, by=bola)
        assert mailbox.recipients == ["sam@kscmp.example"]
        kept = Message.objects.unsent().get()
        assert (kept.recipient, kept.last_failure) == (nora, "SMTPRecipientsRefused")

    def test_what_is_kept_of_a_failure_holds_no_address(
        self, port: int, review: Review, bola: User, nora: User
    ) -> None:
        with server(port, Mailbox("nora@kscmp.example")), committed():
            ask(review, bola)
        assert "nora" not in Message.objects.get().last_failure

    @override_settings(MAIL_SERVER_CONFIGURED=False)
    def test_without_a_mail_server_nothing_is_tried(self, review: Review, bola: User, nora: User) -> None:
        with committed():
            ask(review, bola)
        kept = Message.objects.get()
        assert (kept.state, kept.failures) == (MessageState.WAITING, 0)

    def test_a_page_does_not_start_another_message_when_its_time_is_up(
        self, mailbox: Mailbox, review: Review, bola: User, nora: User
    ) -> None:
        ask(review, bola)
        deliver(Message.objects.all(), today=TODAY, seconds=-1)
        assert mailbox.arrived == []
        assert Message.objects.get().state == MessageState.WAITING


class TestTwoAtOnce:
    def test_what_another_has_claimed_is_left_to_it(
        self, mailbox: Mailbox, review: Review, bola: User, nora: User
    ) -> None:
        ask(review, bola)
        Message.objects.update(state=MessageState.SENDING, claimed_at=timezone.now())
        assert deliver(Message.objects.all(), today=TODAY).sent == 0
        assert mailbox.arrived == []

    def test_a_claim_left_behind_by_a_process_that_died_is_taken_over(
        self, mailbox: Mailbox, review: Review, bola: User, nora: User
    ) -> None:
        ask(review, bola)
        long_ago = timezone.now() - timedelta(hours=1)
        Message.objects.update(state=MessageState.SENDING, claimed_at=long_ago)
        assert deliver(Message.objects.all(), today=TODAY).sent == 1
        assert mailbox.recipients == ["nora@kscmp.example"]

    @pytest.mark.django_db(transaction=True)
    def test_four_runs_at_the_same_moment_send_each_message_once(self, port: int) -> None:
        bola = build.user("bola", opens_reviews=True)
        review = build.review(by=bola, stage=Stage.SETTING_UP)
        names = [f"lead{number}" for number in range(8)]
        for name in names:
            build.member(review, name, Role.DISTRICT_LEAD, by=bola, district="North")
        reviews.move_to_stage(review=review, stage=Stage.OPEN, by=bola)
        start = Barrier(4)

        def run(_: int) -> int:
            try:
                start.wait(timeout=60)
                return deliver(Message.objects.all(), today=TODAY).sent
            finally:
                connection.close()

        with server(port, Mailbox()) as mailbox, ThreadPoolExecutor(4) as threads:
            assert sum(threads.map(run, range(4))) == len(names)
        assert mailbox.recipients == sorted(f"{name}@kscmp.example" for name in names)


class TestNoLongerNeeded:
    """What waited so long that it is not true any more is never sent."""

    def undelivered(self) -> None:
        done = deliver(Message.objects.all(), today=TODAY)
        assert (done.sent, done.not_needed) == (0, 1)
        assert Message.objects.get().state == MessageState.NOT_NEEDED

    def test_a_question_that_has_been_answered(
        self, mailbox: Mailbox, review: Review, bola: User, nora: User
    ) -> None:
        case = ask(review, bola)
        answers.reply(question=case.questions.get(), presence="present", by=nora)
        self.undelivered()

    def test_a_question_to_somebody_who_leads_the_district_no_more(
        self, mailbox: Mailbox, review: Review, bola: User, nora: User
    ) -> None:
        ask(review, bola)
        members.end(membership=Membership.objects.get(user=nora), by=bola)
        self.undelivered()

    def test_a_question_to_a_lead_who_has_moved_to_another_district(
        self, mailbox: Mailbox, review: Review, bola: User, nora: User
    ) -> None:
        ask(review, bola)
        members.end(membership=Membership.objects.get(user=nora), by=bola)
        south = review.districts.get(name="South")
        members.add(review=review, user=nora, role=Role.DISTRICT_LEAD, district=south, by=bola)
        self.undelivered()

    def test_a_message_to_an_account_that_has_been_disabled(
        self, mailbox: Mailbox, review: Review, bola: User, nora: User
    ) -> None:
        ask(review, bola)
        User.objects.filter(pk=nora.pk).update(is_active=False)
        self.undelivered()

    def test_an_opening_after_the_closing_day(
        self, mailbox: Mailbox, bola: User, review: Review, nora: User
    ) -> None:
        reviews.move_to_stage(review=review, stage=Stage.SETTING_UP, reason="A date.", by=bola)
        reviews.move_to_stage(review=review, stage=Stage.OPEN, by=bola)
        Review.objects.update(submissions_close_on=TODAY - timedelta(days=1))
        self.undelivered()

    def test_a_complete_district_after_the_selection(
        self, mailbox: Mailbox, review: Review, bola: User
    ) -> None:
        for liberi_id in LIBERI_IDS:
            build.case(review, "North", liberi_id, "pppp", by=bola)
        build.confirmed(review, by=bola)
        self.undelivered()

    @override_settings(MAIL_SERVER_CONFIGURED=False)
    def test_also_where_no_mail_server_is_configured(self, review: Review, bola: User, nora: User) -> None:
        case = ask(review, bola)
        submissions.withdraw(case=case, by=bola)
        self.undelivered()


class TestReminders:
    def test_the_command_reminds_once_however_often_it_runs(self, mailbox: Mailbox, bola: User) -> None:
        closes = timezone.localdate() + timedelta(days=2)
        review = build.review(by=bola, submissions_close_on=closes)
        build.member(review, "nora", Role.DISTRICT_LEAD, by=bola, district="North")
        for _ in range(3):
            call_command("send_reminders")
        assert mailbox.recipients == ["nora@kscmp.example"]
        assert f"{closes.day} {closes:%B %Y}" in " ".join(mailbox.only().get_content().split())


@override_settings(MAIL_SERVER_CONFIGURED=False)
def test_reading_what_is_owed_takes_one_query_for_any_number(
    review: Review, bola: User, nora: User, sam: User, django_assert_num_queries: Any
) -> None:
    ask(review, bola)
    with django_assert_num_queries(1):
        deliver(Message.objects.all(), today=TODAY)
    for number in range(8):
        build.member(review, f"lead{number}", Role.DISTRICT_LEAD, by=bola, district="North")
    reviews.move_to_stage(review=review, stage=Stage.SETTING_UP, reason="A date.", by=bola)
    reviews.move_to_stage(review=review, stage=Stage.OPEN, by=bola)
    with django_assert_num_queries(1):
        deliver(Message.objects.all(), today=TODAY)
    assert Message.objects.unsent().count() == 1 + 2 + 8
