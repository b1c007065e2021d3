"""Events recorded at once form one chain."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection, transaction

from cases.exports import unmoving
from kscmp_review.audit.chain import ChainState, verify
from kscmp_review.audit.models import AuditEvent
from tests.audit.chains import record_events

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(work: Callable[[], object], workers: int) -> None:
    def one(_: int) -> None:
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(one, range(workers)))


def test_four_that_record_at_once_form_one_chain() -> None:
    at_once(lambda: [record_events(1) for _ in range(10)], workers=4)
    state = verify()
    assert isinstance(state, ChainState)
    assert state.events == AuditEvent.objects.count() == 40


def test_some_that_roll_back_leave_no_gap_between_the_others() -> None:
    def half() -> None:
        for place in range(10):
            with transaction.atomic():
                record_events(1)
                transaction.set_rollback(place % 2 == 1)

    at_once(half, workers=4)
    state = verify()
    assert isinstance(state, ChainState)
    assert state.events == 20


def test_nobody_records_while_someone_reads_as_at_one_moment_and_will_record() -> None:
    if connection.vendor == "sqlite":
        return  # there, whoever is to write has the database from their first statement on

    def impatient() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '50ms'")
            with pytest.raises(OperationalError, match="lock timeout"):
                record_events(1)
            transaction.set_rollback(True)

    with unmoving():
        assert not AuditEvent.objects.exists()
        at_once(impatient, workers=1)
        record_events(1)
    assert verify() == ChainState(1, AuditEvent.objects.get().mac)
