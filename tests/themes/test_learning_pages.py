"""The pages of learning: what each person meets there, and what they can do."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Stage
from kscmp_review.accounts.models import User
from kscmp_review.audit.models import AuditEvent
from tests.themes import build_report_case as build
from themes.actions import following_up, learning, release
from themes.models import FollowUp, LearningPoint, PointDraft

pytestmark = pytest.mark.django_db
LEARNING = "/reviews/babies/learning/"
VERSION = "/reviews/babies/report/versions/1/"
TYPED = {
    "text": "Ask early.",
    "audiences": ["health", "police"],
    "owner": "Lead midwife",
    "due_on": "1/6/2022",
    "revision": 0,
}


@pytest.fixture
def home() -> build.Reported:
    home = build.reported()
    home.write()
    return home


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page(person: User, path: str = LEARNING) -> str:
    response = as_(person).get(path)
    assert response.status_code == 200
    return response.content.decode()


def add(home, text: str = "Ask early.", audiences=("health",), **fields: Any) -> LearningPoint:
    said = learning.Point(text, audiences, themes=[home.checks], **fields)
    return learning.add(review=home.review, point=said, by=home.reviewer)


def autosave(client: Client, key: object, text: str, *, revision: int = 0, token: str = "t"):
    sent = {**TYPED, "text": text, "draft_token": token, "draft_revision": revision}
    return client.post(f"{LEARNING}drafts/{key}/", sent)


class TestKeptWhileTyped:
    def test_a_new_point_is_there_again_for_its_writer_alone_and_gone_once_saved(self, home):
        assert autosave(as_(home.reviewer), "new", "Half a").json()["revision"] == 1
        form = page(home.reviewer, LEARNING + "new/")
        assert "What you typed and did not save" in form
        assert ">Half a<" in form.replace("\r", "").replace("\n", "")
        assert "govuk-error-summary" not in form
        assert b"Half" not in bytes(PointDraft.objects.get().sealed)
        assert "Half a" not in page(home.team, LEARNING + "new/")
        as_(home.reviewer).post(LEARNING + "new/", {**TYPED, "text": "Half a point."})
        assert "Half a" not in page(home.reviewer, LEARNING + "new/")
        assert bytes(PointDraft.objects.get().sealed) == b""

    def test_a_save_still_on_its_way_when_the_point_was_saved_brings_no_draft_back(self, home):
        point, client = add(home), as_(home.reviewer)
        autosave(client, point.pk, "Ask ear")
        client.post(f"{LEARNING}{point.pk}/", {**TYPED, "text": "Ask earlier.", "revision": 1})
        assert autosave(client, point.pk, "Ask earl", revision=1).status_code == 409
        assert not PointDraft.objects.filter(ended_at=None).exists()

    def test_a_draft_of_a_point_a_colleague_has_saved_since_meets_both(self, home):
        point, client = add(home), as_(home.reviewer)
        sent = {**TYPED, "text": "Ask sooner.", "revision": 1, "draft_token": "t", "draft_revision": 0}
        client.post(f"{LEARNING}drafts/{point.pk}/", sent)
        as_(home.team).post(f"{LEARNING}{point.pk}/", {**TYPED, "text": "Ask at once.", "revision": 1})
        assert "Ask sooner." in page(home.reviewer, f"{LEARNING}{point.pk}/")
        answer = client.post(f"{LEARNING}{point.pk}/", {**TYPED, "text": "Ask sooner.", "revision": 1})
        assert answer.status_code == 409
        assert "Ask at once." in answer.content.decode()

    @pytest.mark.parametrize("new", [True, False])
    def test_it_is_discarded(self, home, new):
        key = "new" if new else add(home).pk
        client = as_(home.reviewer)
        autosave(client, key, "Half a")
        answer = client.post(f"{LEARNING}drafts/{key}/discard/", follow=True)
        assert answer.redirect_chain == [(f"{LEARNING}{key}/", 302)]
        assert "Half a" not in answer.content.decode()

    def test_none_is_kept_of_what_never_was_or_in_a_closed_review(self, home):
        client = as_(home.reviewer)
        for key in ("999999", "nothing", "9" * 30):
            assert autosave(client, key, "Half a").status_code == 404
            assert client.post(f"{LEARNING}drafts/{key}/discard/").status_code == 404
        type(home.review).objects.update(stage=Stage.CLOSED)
        assert autosave(client, "new", "Half a").status_code == 409


def test_a_point_is_typed_and_listed_with_what_it_rests_on(home):
    assert "No learning point yet" in page(home.team)
    as_(home.reviewer).post(LEARNING + "new/", {**TYPED, "themes": [home.checks.pk]})
    html = page(home.team)
    assert "1. Ask early." in html
    assert "Health; Police" in html
    assert "(2 of the 3 cases)" in html
    assert "1 June 2022" in html


def test_a_form_without_an_audience_comes_back_with_what_was_typed(home):
    html = as_(home.team).post(LEARNING + "new/", {**TYPED, "audiences": []}).content.decode()
    assert "Select who it is for" in html
    assert "Ask early." in html
    assert not LearningPoint.objects.exists()


def test_the_list_is_narrowed_to_one_agency(home):
    add(home, "For the ward.")
    add(home, "For the beat.", ["police"])
    html = page(home.team, LEARNING + "?audience=police")
    assert "2. For the beat." in html
    assert "For the ward." not in html
    assert "Health (1)" in html
    assert "For the ward." in page(home.team, LEARNING + "?audience=press")


def test_a_colleagues_save_is_shown_beside_ones_own(home):
    point = add(home)
    as_(home.team).post(f"{LEARNING}{point.pk}/", {**TYPED, "text": "Ask at once.", "revision": 1})
    answer = as_(home.reviewer).post(f"{LEARNING}{point.pk}/", {**TYPED, "text": "Ask late.", "revision": 1})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Ask at once." in html
    assert "Ask late." in html
    as_(home.reviewer).post(f"{LEARNING}{point.pk}/", {**TYPED, "text": "Ask late.", "revision": 2})
    point.refresh_from_db()
    assert point.text == "Ask late."


def test_withdrawing_asks_why_and_bringing_back_is_a_button(home):
    point = add(home)
    client = as_(home.team)
    client.post(f"{LEARNING}{point.pk}/withdraw/", {"because": "Said twice.", "revision": 1})
    html = page(home.reviewer)
    assert "Said twice." in html
    assert "No learning point yet" in html
    client.post(f"{LEARNING}{point.pk}/restore/")
    assert "1. Ask early." in page(home.reviewer)


def test_buttons_move_a_point(home):
    add(home, "One.")
    second = add(home, "Two.")
    as_(home.team).post(f"{LEARNING}{second.pk}/move/", {"to": "up"})
    assert "1. Two." in page(home.team)
    answer = as_(home.team).post(f"{LEARNING}{second.pk}/move/", {"to": "up"}, follow=True)
    assert "cannot be moved further up" in answer.content.decode()


def test_an_earlier_version_is_read_and_restored_with_its_themes(home):
    point = add(home)
    learning.change(
        learning_point=point, point=learning.Point("Ask at once.", ["ics"]), revision=1, by=home.team
    )
    url = f"{LEARNING}{point.pk}/versions/"
    assert "Restore this version" in page(home.reviewer, url)
    as_(home.reviewer).post(url, {"revision": "1"})
    point.refresh_from_db()
    assert (point.text, point.audiences) == ("Ask early.", ["health"])
    assert list(point.themes.all()) == [home.checks]
    assert as_(home.reviewer).post(url, {"revision": "9"}).status_code == 404


class TestFollowingUp:
    def test_the_team_records_a_step_and_reviewers_read_it(self, home):
        point = add(home, due_on=date(2022, 1, 1))
        url = f"{LEARNING}follow-up/{point.pk}/"
        as_(home.team).post(url, {"status": "in progress", "note": "A guide is written.", "revision": 0})
        html = page(home.reviewer, LEARNING + "follow-up/")
        for words in ("In progress: 1", "A guide is written.", "1 learning point is overdue", home.team.name):
            assert words in html
        assert "Record it" not in page(home.reviewer, url)
        assert "Record it" in page(home.team, url)

    def test_not_doing_it_without_a_reason_comes_back(self, home):
        url = f"{LEARNING}follow-up/{add(home).pk}/"
        answer = as_(home.team).post(url, {"status": "will not be done", "note": "", "revision": 0})
        assert "Enter why it will not be done" in answer.content.decode()
        assert not FollowUp.objects.exists()

    def test_a_step_of_a_colleague_is_shown_beside_ones_own(self, home):
        point = add(home)
        following_up.record_step(point=point, status="done", note="All of it.", seen=0, by=home.second)
        url = f"{LEARNING}follow-up/{point.pk}/"
        answer = as_(home.team).post(url, {"status": "in progress", "note": "Half of it.", "revision": 0})
        assert answer.status_code == 409
        assert "All of it." in answer.content.decode()
        assert "Half of it." in answer.content.decode()

    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ("", {"Ward.", "Beat."}),
            ("?audience=police", {"Beat."}),
            ("?status=done", {"Ward."}),
            ("?status=overdue", {"Beat."}),
            ("?audience=health&status=overdue", set()),
            ("?status=perhaps", {"Ward.", "Beat."}),
        ],
    )
    def test_the_list_is_filtered_by_agency_and_status(self, home, query, shown):
        ward = add(home, "Ward.", due_on=date(2022, 1, 1))
        add(home, "Beat.", ["police"], due_on=date(2022, 1, 1))
        following_up.record_step(point=ward, status="done", seen=0, by=home.team)
        html = page(home.team, f"{LEARNING}follow-up/{query}")
        assert {text for text in ("Ward.", "Beat.") if text in html} == shown

    def test_queries_do_not_grow_with_the_points(self, home):
        def queries(path: str) -> int:
            client = as_(home.team)
            client.get(path)
            with CaptureQueriesContext(connection) as made:
                client.get(path)
            return len(made)

        following_up.record_step(point=add(home), status="done", seen=0, by=home.team)
        few = [queries(LEARNING), queries(LEARNING + "follow-up/")]
        for _ in range(4):
            following_up.record_step(point=add(home), status="done", seen=0, by=home.team)
        assert [queries(LEARNING), queries(LEARNING + "follow-up/")] == few


class TestBriefings:
    def test_the_draft_is_seen_and_downloaded_for_one_agency_on_record(self, home):
        add(home)
        html = page(home.reviewer, LEARNING + "briefing/?audience=health")
        assert "Five-minute briefing for Health" in html
        answer = as_(home.reviewer).get(LEARNING + "briefing/health/html/")
        assert '"babies-draft-briefing-health-20' in answer["Content-Disposition"]
        event = AuditEvent.objects.newest_first()[0]
        assert (event.action, event.after["audience"]) == ("briefing.downloaded", "health")
        for path in ("briefing/?audience=press", "briefing/press/html/", "briefing/all/xlsx/"):
            assert as_(home.team).get(LEARNING + path).status_code == 404

    def test_one_that_does_not_fit_says_so_on_the_page(self, home):
        for _ in range(14):
            add(home, "Ask early, and say what was seen. " * 11)
        assert "do not fit on one page" in page(home.team, LEARNING + "briefing/")
        answer = as_(home.team).get(LEARNING + "briefing/all/pdf/", follow=True)
        assert "do not fit on one page" in answer.content.decode()

    def test_board_readers_meet_the_briefing_of_a_released_version_alone(self, home):
        add(home)
        version = release.propose(review=home.review, by=home.team)
        board = as_(home.board)
        for path in ("briefing/all/", "briefing/health/", "briefing/health/pdf/"):
            assert board.get(VERSION + path).status_code == 404
        for person in (home.team, home.second):
            release.approve(version=version, by=person)
        assert f"{VERSION}briefing/health/" in page(home.board, "/reviews/babies/report/")
        assert "Five-minute briefing for Health. Version 1," in page(home.board, VERSION + "briefing/health/")
        answer = board.get(VERSION + "briefing/all/pdf/")
        assert answer.content.startswith(b"%PDF")
        assert answer["Content-Disposition"].startswith('attachment; filename="babies-v1-briefing-20')
        assert board.get(VERSION + "briefing/housing/").status_code == 404
        assert board.get(VERSION + "briefing/all/xlsx/").status_code == 404
        for path in ("", "follow-up/", "briefing/"):
            assert board.get(LEARNING + path).status_code == 403
