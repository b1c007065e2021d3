"""What each action owes by e-mail: to whom, once, and in the action's own transaction."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.actions import answers, members, reviews, submissions
from cases.actions.imports import import_cases
from cases.errors import Refused
from cases.imports import SheetCase
from cases.messages import outbox
from cases.messages.outbox import queue_reminders
from cases.models import District, Membership, Message, MessageKind, Review, Role, Stage
from kscmp_review.accounts.models import User
from tests import build

CLOSES = date(2040, 3, 10)


def owed(kind: str) -> list[str]:
    """To whom messages of this kind are owed, one name a message."""
    people = Message.objects.filter(kind=kind).values_list("recipient__email", flat=True)
    return sorted(email.split("@")[0] for email in people)


def back_and_open(review: Review, by: User) -> Review:
    """Back to setting up and open again."""
    reviews.move_to_stage(review=review, stage=Stage.SETTING_UP, reason="A date is wrong.", by=by)
    return reviews.move_to_stage(review=review, stage=Stage.OPEN, by=by)


@pytest.fixture
def closing(bola: User) -> Review:
    """Closes on 10 March 2040; nobody has submitted anything."""
    return build.review(by=bola, submissions_close_on=CLOSES)


class TestOpening:
    def test_each_district_lead_is_told_and_nobody_else(
        self, review: Review, bola: User, nora: User, sam: User, rita: User, bert: User
    ) -> None:
        back_and_open(review, bola)
        assert owed(MessageKind.OPENED) == ["nora", "sam"]

    def test_each_lead_is_told_of_their_own_district(
        self, review: Review, bola: User, nora: User, sam: User
    ) -> None:
        back_and_open(review, bola)
        told = Message.objects.values_list("recipient__email", "district__name")
        assert set(told) == {("nora@kscmp.example", "North"), ("sam@kscmp.example", "South")}

    def test_opening_again_is_told_again(self, review: Review, bola: User, nora: User) -> None:
        back_and_open(review, bola)
        back_and_open(review, bola)
        assert owed(MessageKind.OPENED) == ["nora", "nora"]

    def test_no_other_stage_is_told(self, review: Review, bola: User, nora: User) -> None:
        reviews.move_to_stage(review=review, stage=Stage.SELECTING, by=bola)
        assert not Message.objects.exists()

    def test_a_disabled_account_or_an_ended_membership_is_told_nothing(
        self, review: Review, bola: User, nora: User, sam: User
    ) -> None:
        User.objects.filter(pk=nora.pk).update(is_active=False)
        members.end(membership=Membership.objects.get(user=sam), by=bola)
        back_and_open(review, bola)
        assert not Message.objects.exists()

    def test_where_the_audit_fails_nothing_is_owed(
        self, review: Review, bola: User, nora: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        reviews.move_to_stage(review=review, stage=Stage.SELECTING, by=bola)

        def broken(*args: object, **kwargs: object) -> None:
            raise RuntimeError("the audit is broken")

        monkeypatch.setattr(reviews, "record_about_review", broken)
        with pytest.raises(RuntimeError):
            reviews.move_to_stage(review=review, stage=Stage.OPEN, reason="Again.", by=bola)
        assert not Message.objects.exists()


class TestAsking:
    def test_the_districts_leads_are_told(self, review: Review, bola: User, nora: User, sam: User) -> None:
        case = build.case(review, "North", "7001", "??pp", by=bola)
        answers.ask(case=case, slug="parental-mental-health", by=bola)
        assert owed(MessageKind.ASKED) == ["nora"]
        with pytest.raises(Refused, match="already"):
            answers.ask(case=case, slug="parental-mental-health", by=bola)
        assert owed(MessageKind.ASKED) == ["nora"]

    def test_several_questions_in_a_row_are_told_of_once(
        self, review: Review, bola: User, nora: User
    ) -> None:
        for number in range(3):
            case = build.case(review, "North", f"700{number}", "??pp", by=bola)
            answers.ask(case=case, slug="parental-mental-health", by=bola)
        assert owed(MessageKind.ASKED) == ["nora"]

    def test_a_question_after_the_others_have_been_answered_is_told_again(
        self, review: Review, bola: User, nora: User
    ) -> None:
        case = build.case(review, "North", "7001", "??pp", by=bola)
        first = answers.ask(case=case, slug="parental-mental-health", by=bola)
        answers.reply(question=first, presence="present", by=nora)
        answers.ask(case=case, slug="parental-substance-misuse", by=bola)
        assert owed(MessageKind.ASKED) == ["nora", "nora"]

    def test_a_question_on_another_day_is_told_again_though_the_first_still_waits(
        self, review: Review, bola: User, nora: User
    ) -> None:
        case = build.case(review, "North", "7001", "??pp", by=bola)
        question = answers.ask(case=case, slug="parental-mental-health", by=bola)
        question.asked_at += timedelta(days=1)
        outbox.question_asked(question)
        assert owed(MessageKind.ASKED) == ["nora", "nora"]


class TestCompleting:
    @pytest.fixture(autouse=True)
    def two_cases(self, review: Review, bola: User, nora: User) -> None:
        for liberi_id in ("7001", "7002"):
            build.case(review, "North", liberi_id, "pppp", by=nora)

    def test_one_case_short_of_the_quota_nobody_is_told(self) -> None:
        assert not Message.objects.exists()

    def test_the_whole_business_team_is_told_at_the_last_case(
        self, review: Review, bola: User, nora: User, rita: User
    ) -> None:
        build.member(review, "bea", Role.BUSINESS_TEAM, by=bola)
        build.case(review, "North", "7003", "pppp", by=nora)
        assert owed(MessageKind.COMPLETE) == ["bea", "bola"]
        assert set(Message.objects.values_list("district__name", flat=True)) == {"North"}

    def test_a_change_after_the_last_case_tells_nobody(self, review: Review, bola: User, nora: User) -> None:
        case = build.case(review, "North", "7003", "pppp", by=nora)
        changed = submissions.Submission(liberi_id="7004", assessment_date=build.ASSESSED)
        submissions.change(case=case, submission=changed, revision=case.revision, by=nora)
        build.case(review, "South", "8001", "pppp", by=bola)
        assert owed(MessageKind.COMPLETE) == ["bola"]

    def test_complete_a_second_time_is_told_again(self, review: Review, nora: User) -> None:
        case = build.case(review, "North", "7003", "pppp", by=nora)
        submissions.withdraw(case=case, by=nora)
        build.case(review, "North", "7004", "pppp", by=nora)
        assert owed(MessageKind.COMPLETE) == ["bola", "bola"]

    def test_a_sheet_tells_of_the_districts_it_completes(self, review: Review, bola: User) -> None:
        sheet = [
            SheetCase(
                row=row,
                liberi_id=f"900{row}",
                district="North" if row == 2 else "South",
                assessment_date=build.ASSESSED,
                answers={},
            )
            for row in range(2, 5)
        ]
        import_cases(review=review, cases=sheet, by=bola)
        told = Message.objects.filter(kind=MessageKind.COMPLETE).values_list("district__name", flat=True)
        assert list(told) == ["North"]


class TestReminding:
    @pytest.mark.parametrize(("days", "reminded"), [(4, 0), (3, 1), (2, 1), (0, 1), (-1, 0)])
    def test_within_three_days_of_the_closing_day(
        self, closing: Review, bola: User, days: int, reminded: int
    ) -> None:
        build.member(closing, "nora", Role.DISTRICT_LEAD, by=bola, district="North")
        assert queue_reminders(today=CLOSES - timedelta(days=days)) == reminded
        assert len(owed(MessageKind.CLOSING)) == reminded

    def test_once_however_often_it_runs(self, closing: Review, bola: User) -> None:
        build.member(closing, "nora", Role.DISTRICT_LEAD, by=bola, district="North")
        counts = [queue_reminders(today=CLOSES - timedelta(days=days)) for days in (3, 3, 2, 0)]
        assert counts == [1, 0, 0, 0]

    def test_once_more_when_the_closing_day_has_moved(self, closing: Review, bola: User) -> None:
        build.member(closing, "nora", Role.DISTRICT_LEAD, by=bola, district="North")
        queue_reminders(today=CLOSES)
        later = CLOSES + timedelta(days=14)
        Review.objects.filter(pk=closing.pk).update(submissions_close_on=later)
        assert queue_reminders(today=later - timedelta(days=3)) == 1

    def test_a_district_that_has_put_forward_all_its_cases_is_left_alone(
        self, closing: Review, bola: User
    ) -> None:
        for name, district in (("nora", "North"), ("sam", "South")):
            build.member(closing, name, Role.DISTRICT_LEAD, by=bola, district=district)
        cases = [build.case(closing, "North", f"700{each}", "pppp", by=bola) for each in range(3)]
        assert queue_reminders(today=CLOSES) == 1
        assert owed(MessageKind.CLOSING) == ["sam"]
        submissions.withdraw(case=cases[0], by=bola)
        queue_reminders(today=CLOSES)
        assert owed(MessageKind.CLOSING) == ["nora", "sam"]

    def test_only_while_the_review_is_open(self, closing: Review, bola: User) -> None:
        build.member(closing, "nora", Role.DISTRICT_LEAD, by=bola, district="North")
        reviews.move_to_stage(review=closing, stage=Stage.SELECTING, by=bola)
        assert queue_reminders(today=CLOSES) == 0

    def test_a_review_without_a_closing_day_reminds_nobody(self, review: Review, nora: User) -> None:
        assert queue_reminders(today=timezone.localdate()) == 0


class TestNothingConfigured:
    def test_the_command_queues_and_says_that_no_mail_server_is_configured(
        self, bola: User, capsys: Any
    ) -> None:
        review = build.review(by=bola, submissions_close_on=timezone.localdate() + timedelta(days=2))
        build.member(review, "nora", Role.DISTRICT_LEAD, by=bola, district="North")
        with pytest.raises(CommandError, match="no mail server configured"):
            call_command("send_reminders")
        assert (
            capsys.readouterr().out
            == "1 new reminders, 0 sent, 0 failed, 0 not needed, 0 invitations sent, 1 waiting\n"
        )

    def test_the_command_has_nothing_to_say_where_nothing_is_owed(self, db: None, capsys: Any) -> None:
        call_command("send_reminders")
        assert (
            capsys.readouterr().out
            == "0 new reminders, 0 sent, 0 failed, 0 not needed, 0 invitations sent, 0 waiting\n"
        )


def test_opening_takes_as_many_statements_for_many_leads_as_for_one(
    review: Review, bola: User, nora: User, django_assert_num_queries: Any
) -> None:
    with CaptureQueriesContext(connection) as for_one:
        back_and_open(review, bola)
    north = District.objects.get(review=review, name="North")
    for number in range(12):
        lead = build.user(f"lead{number}")
        members.add(review=review, user=lead, role=Role.DISTRICT_LEAD, district=north, by=bola)
    with django_assert_num_queries(len(for_one)):
        back_and_open(review, bola)
    assert len(owed(MessageKind.OPENED)) == 1 + 13
