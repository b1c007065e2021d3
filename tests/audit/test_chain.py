"""Every way to tamper with the chain is found, and the first event it touches is named."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from cases.exports import unmoving
from kscmp_review.accounts.models import User
from kscmp_review.audit import chain
from kscmp_review.audit.chain import Break, ChainState, NoChain, verify, verify_tail
from kscmp_review.audit.models import AuditEvent, ChainHead
from kscmp_review.audit.record import record
from tests.audit.chains import cut_tail, record_events, tampering

LENGTH = 12


@pytest.mark.django_db
class TestAChainThatNobodyTouched:
    def test_holds_with_no_event(self) -> None:
        assert verify() == ChainState(0, chain.START)
        assert verify_tail() == ChainState(0, chain.START)

    def test_holds_and_numbers_its_events_without_a_gap(self) -> None:
        record_events(LENGTH)
        assert list(AuditEvent.objects.values_list("pk", flat=True).order_by("pk")) == list(range(1, 13))
        assert verify() == chain.chain_state()
        assert verify_tail(5) == chain.chain_state()

    def test_an_event_that_was_rolled_back_leaves_no_gap(self) -> None:
        record_events(2)
        with transaction.atomic():
            record_events(3)
            transaction.set_rollback(True)
        record_events(1)
        state = verify()
        assert isinstance(state, ChainState)
        assert state.events == 3

    def test_holds_for_every_kind_of_value_that_the_audit_takes(self) -> None:
        record(
            "case.changed", by=None, object_type="é", object_id="–", review_id=4,
            before={"none": None, "yes": True, "whole": 1.0, "part": 0.1, "small": 1e-7, "large": 1e22},
            after={"on": datetime(2021, 3, 5, tzinfo=UTC), "in": {"b": {"z": "ö"}, "a": 2}, "big": 2**53 + 1},
        )  # fmt: skip
        assert isinstance(verify(), ChainState)

    def test_holds_when_a_newer_record_key_is_put_before_the_old(self, settings: Settings) -> None:
        record_events(2)
        settings.RECORD_KEYS = {"newer": bytes(32), **settings.RECORD_KEYS}
        record_events(2)
        assert isinstance(verify(), ChainState)

    def test_does_not_hold_under_another_key(self, settings: Settings) -> None:
        record_events(2)
        settings.RECORD_KEYS = {"other": bytes(32)}
        assert isinstance(verify(), Break)

    def test_an_event_costs_three_statements(self, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(3):
            record_events(1)


CHANGES = {
    "at": datetime(2020, 1, 1, tzinfo=UTC),
    "action": "case.viewed",
    "actor_id": 77,
    "actor_email": "other@kscmp.example",
    "review_id": 77,
    "object_type": "review",
    "object_id": "other",
    "before": {"place": 77},
    "after": {},
    "mac": "f" * 64,
}


def _remove(events: Any) -> None:
    events.filter(pk=5).delete()


def _remove_and_close_the_gap(events: Any) -> None:
    events.filter(pk=5).delete()
    for number in range(6, LENGTH + 1):
        events.filter(pk=number).update(id=number - 1)
    ChainHead.objects.update(events=LENGTH - 1)


def _swap(events: Any) -> None:
    for number, place in ((5, 99), (6, 5), (99, 6)):
        events.filter(pk=number).update(id=place)


def _forge(events: Any) -> None:
    """Made up as well as can be without the key: every code after it made anew under another."""
    previous = events.get(pk=4).mac
    events.filter(pk=5).update(action="case.viewed")
    for number in range(5, LENGTH + 1):
        values = events.filter(pk=number).values_list(*chain.FIELDS).get()
        previous = chain.mac_of(values, previous, b"not the key")
        events.filter(pk=number).update(mac=previous)
    ChainHead.objects.update(mac=previous)


def _replace_the_first_five(events: Any) -> None:
    events.filter(pk__lte=4).delete()


@pytest.mark.django_db
class TestTampering:
    @pytest.fixture(autouse=True)
    def _events(self) -> None:
        record_events(LENGTH)

    def test_every_field_of_an_event_is_covered(self) -> None:
        assert {field.attname for field in AuditEvent._meta.concrete_fields} == {"id", *CHANGES}

    @pytest.mark.parametrize("field", CHANGES)
    def test_a_changed_field_is_found(self, field: str) -> None:
        with tampering() as events:
            assert events.filter(pk=5).update(**{field: CHANGES[field]}) == 1
        assert str(verify()).startswith("the chain is broken at event 5:")
        assert isinstance(verify_tail(LENGTH - 4), Break)

    @pytest.mark.parametrize(
        ("tamper", "first"),
        [(_remove, 5), (_remove_and_close_the_gap, 5), (_swap, 5), (_forge, 5), (_replace_the_first_five, 1)],
    )
    def test_the_first_broken_event_is_named(self, tamper: Callable[[Any], None], first: int) -> None:
        with tampering() as events:
            tamper(events)
        found = verify()
        assert isinstance(found, Break)
        assert found.event == first

    def test_an_event_added_behind_the_head_is_found(self) -> None:
        AuditEvent.objects.create(id=LENGTH + 1, action="a.b", object_type="a", object_id="b", mac="f" * 64)
        assert verify() == verify_tail() == Break(13, "it was made up: the chain ends before it")

    def test_a_tail_cut_without_the_head_is_found(self) -> None:
        with tampering() as events:
            events.filter(pk__gt=9).delete()
        assert verify() == Break(10, "it is missing")
        assert isinstance(verify_tail(2), Break)
        assert isinstance(verify_tail(3), Break)

    def test_a_tail_cut_with_the_head_is_found_by_a_code_known_elsewhere(self) -> None:
        state = chain.chain_state()
        assert state is not None
        cut_tail(9)
        assert isinstance(verify(), ChainState)  # which is why there is an anchor
        assert verify(codes={state.events: state.mac}) == Break(
            10, "it is missing: the anchor knows 12 events"
        )

    def test_a_tail_cut_and_grown_again_is_found_by_a_code_known_elsewhere(self) -> None:
        state = chain.chain_state()
        assert state is not None
        cut_tail(9)
        record_events(8)
        assert verify(codes={state.events: state.mac}) == Break(
            12, "it is not the event that the anchor knows"
        )

    def test_a_head_that_points_elsewhere_is_found(self) -> None:
        ChainHead.objects.update(mac="f" * 64)
        assert verify() == Break(12, "it is not the event at which the chain ends")

    def test_without_its_head_nothing_holds_and_nothing_is_recorded(self) -> None:
        ChainHead.objects.all().delete()
        assert verify() == Break(1, "the head of the chain is missing")
        with pytest.raises(NoChain):
            record_events(1)


WORDS = st.text(st.characters(exclude_categories=["C"]), max_size=20)
VALUES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | WORDS


@given(
    fields=st.dictionaries(WORDS, VALUES | st.dictionaries(WORDS, VALUES, max_size=3), max_size=4),
    hours=st.integers(-14, 14),
)
def test_a_code_is_of_what_is_said_and_not_of_how_it_is_kept(fields: dict[str, Any], hours: int) -> None:
    """Fields come back in another order, and moments in another zone."""
    import json
    from datetime import timezone

    moment = datetime(2021, 3, 5, 12, 30, tzinfo=UTC)
    kept = json.loads(json.dumps(dict(reversed(fields.items()))))
    elsewhere = moment.astimezone(timezone(timedelta(hours=hours)))
    assert chain.mac_of([moment, fields], chain.START, b"k") == chain.mac_of(
        [elsewhere, kept], chain.START, b"k"
    )


@pytest.mark.django_db(transaction=True)
def test_a_business_write_is_undone_when_its_event_cannot_be_written() -> None:
    ChainHead.objects.all().delete()

    @transaction.atomic
    def action() -> None:
        User.objects.create(email="ada@kscmp.example", name="Ada")
        record_events(1)

    with pytest.raises(NoChain):
        action()
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_read_as_at_one_moment_can_be_recorded_at_its_end() -> None:
    record_events(1)
    with unmoving():
        assert AuditEvent.objects.count() == 1
        record_events(1)
    assert isinstance(verify(), ChainState)
