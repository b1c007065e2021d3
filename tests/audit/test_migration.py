"""Events recorded before there was a chain become part of it."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import StateApps

from kscmp_review.audit.chain import ChainState, verify
from kscmp_review.audit.models import AuditEvent
from tests.audit.chains import record_events


def migrate(name: str) -> StateApps:
    executor = MigrationExecutor(connection)
    executor.migrate([("audit", name)])
    return executor.loader.project_state([("audit", name)]).apps


@pytest.mark.django_db(transaction=True)
def test_events_from_before_are_chained_in_their_order() -> None:
    old = migrate("0001_initial").get_model("audit", "AuditEvent")
    for number in (2, 3, 7, 40):
        old.objects.create(
            pk=number, action="a.b", object_type="a", object_id=str(number), after={"part": 0.5}
        )
    # On to the newest, where the other tests expect the database to be.
    call_command("migrate", "audit", verbosity=0)
    assert isinstance(verify(), ChainState)
    assert list(AuditEvent.objects.order_by("pk").values_list("pk", "object_id")) == [
        (1, "2"), (2, "3"), (3, "7"), (4, "40"),
    ]  # fmt: skip
    record_events(1)
    assert isinstance(verify(), ChainState)
