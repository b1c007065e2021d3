"""What the audit takes, and what it refuses."""

from datetime import date

import pytest

from kscmp_review.audit.models import AuditEvent
from kscmp_review.audit.record import LONGEST_VALUE, UnfitForAudit, record

pytestmark = pytest.mark.django_db


def test_fields_before_and_after_are_kept() -> None:
    record(
        "case.changed",
        by=None,
        object_type="case",
        object_id="abc",
        before={"on": date(2021, 3, 5), "count": 6},
        after={"answers": {"housing-issues": "present"}, "letter": None},
    )
    event = AuditEvent.objects.get()
    assert event.before == {"on": "2021-03-05", "count": 6}
    assert event.after == {"answers": {"housing-issues": "present"}, "letter": None}
    assert event.words == "case changed"


@pytest.mark.parametrize(
    "text", ["x" * (LONGEST_VALUE + 1), "two\nlines", ["a", "list"], {"nested": "y" * 200}]
)
def test_free_text_is_refused(text: object) -> None:
    with pytest.raises(UnfitForAudit):
        record("case.changed", by=None, object_type="case", object_id="abc", after={"note": text})
    assert not AuditEvent.objects.exists()
