"""Every page that writes, sent as a person would send it: exactly one event a request.

A row of tests/requests_sent.py names who sends, in which stage the review is, and what is typed into the
page's own form; a page of tests/test_authorisation.py that takes a POST and has no row there fails. Where two
rooms of the house each keep an event for readers of their own, TWO names both (docs/adr/0046).
"""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client, TestCase
from django.urls import reverse

from cases.models import Review, Stage
from kscmp_review.accounts.models import User
from kscmp_review.audit.models import AuditEvent
from kscmp_review.audit.record import record
from tests import build
from tests.forms_sent import sent_by, typed
from tests.requests_prepared import Sent, Typed, colleague, team
from tests.requests_sent import SENT, TWO, WRITES_NOTHING
from tests.test_authorisation import NOT_ALLOWED, ROWS, Row
from tests.world import World, world


def expected(sent: Sent) -> list[str]:
    return [TWO[sent.event], sent.event] if sent.event in TWO else [sent.event]


def events_of(row: Row, sent: Sent, at: World) -> tuple[int, list[str]]:
    """The status that the request met, and the events it made, oldest first; all is undone."""
    with transaction.atomic():
        Review.objects.filter(pk=at.review.pk).update(stage=sent.stage)
        person = at.people.get(sent.by) or colleague(at, sent.by)
        client = Client()
        client.force_login(person)
        if sent.prepare:
            sent.prepare(at, client)
            Review.objects.filter(pk=at.review.pk).exclude(stage=Stage.SELECTING).update(stage=sent.stage)
        url = reverse(row.name, args=(sent.arguments or row.arguments)(at))
        shown = b"" if row.get == NOT_ALLOWED else client.get(url).content
        fields = sent_by(shown, url) if shown.strip().startswith(b"<") else {}
        before = AuditEvent.objects.count()
        more = sent.typed(at) if callable(sent.typed) else sent.typed
        status = client.post(url, typed(fields, more)).status_code
        made = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True)[before:])
        transaction.set_rollback(True)
    return status, made


def made_outside(user: User, name: str, fields: Typed, *arguments: object) -> list[str]:
    """The events of a request to a page that is of no review, oldest first."""
    client = Client()
    client.force_login(user)
    before = AuditEvent.objects.count()
    assert client.post(reverse(name, args=arguments), fields).status_code == 302
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True)[before:])


def new_review() -> Typed:
    numbers = {"cases_per_district": 3, "cases_to_select": 2, "minimum_matches": 1, "minimum_per_district": 0}
    words = {
        "title": "New",
        "districts": "North",
        "key_characteristics": "Housing",
        "other_characteristics": "",
    }
    return words | numbers


def wrong(row: Row, sent: Sent, at: World) -> list[str]:
    status, made = events_of(row, sent, at)
    if status in (200, 302) and made == expected(sent):
        return []
    return [f"{row.name}: {status}, {made}, not {expected(sent)}"]


def page_of(name: str) -> str:
    """ "report_approve, the second" → the page's name."""
    return name.split(",")[0]


def test_every_page_that_writes_has_its_row() -> None:
    assert {row.name for row in ROWS if row.post} == {page_of(name) for name in SENT} | WRITES_NOTHING


class TestEachPageThatWrites(TestCase):
    """One world; each request is undone."""

    here: World
    rows: dict[str, Row]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.here = world("babies", first_id=7001001)
        cls.rows = {row.name: row for row in reversed(ROWS) if row.post}

    def test_makes_exactly_one_event(self) -> None:
        faults = [wrong(self.rows[page_of(name)], sent, self.here) for name, sent in SENT.items()]
        assert [fault for each in faults for fault in each] == []

    def test_a_step_towards_it_makes_none(self) -> None:
        for name in sorted(WRITES_NOTHING):
            assert events_of(self.rows[name], team(""), self.here)[1] == [], name

    def test_opening_a_review_makes_one(self) -> None:
        with transaction.atomic():
            assert made_outside(self.here.people["business"], "review_create", new_review()) == [
                "review.created"
            ]
            transaction.set_rollback(True)

    def test_taking_up_an_invitation_makes_one_in_each_room(self) -> None:
        invited = build.user("babies-invited")
        made = made_outside(invited, "offer_accept", {}, self.here.offer.pk)
        assert made == ["member.added", "invitation.accepted"]

    def test_a_second_event_of_one_request_is_noticed(self) -> None:
        def twice(action: str, **fields: Any) -> None:
            record(action, **fields)
            record(action, **fields)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("themes.actions.topic_guide.record", twice)
            found = wrong(self.rows["topic_guide"], SENT["topic_guide"], self.here)
        assert found == ["topic_guide: 302, ['question.added', 'question.added'], not ['question.added']"]

    def test_a_page_that_is_refused_is_noticed(self) -> None:
        found = wrong(self.rows["topic_guide"], Sent("question.added", {"text": ""}), self.here)
        assert found == ["topic_guide: 200, [], not ['question.added']"]
