"""A backup of the release before restores and is migrated to this one.

`release.backup` was made by that release, on an empty database, with
`KSCMP_RECORD_KEYS="release:$(printf 'r%.0s' $(seq 32) | base64)"`, by `manage.py migrate`, `demo` and
`backup release.backup`. Make it anew, in the same way, before each release.
"""

import json
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from cases import liberi
from cases.models import Case, Review
from kscmp_review.audit.chain import ChainState, verify
from kscmp_review.audit.models import AuditEvent
from kscmp_review.backup import state
from tests.backup.installations import restore

FILE = Path(__file__).with_name("release.backup")


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_it_is_restored_migrated_and_whole(settings: Settings) -> None:
    settings.RECORD_KEYS = {"release": b"r" * 32}
    contents = restore(FILE)
    assert contents.migrations < state.known(connection)
    assert state.is_current(connection)
    assert isinstance(verify(), ChainState)
    before = contents.tables[AuditEvent._meta.db_table].rows
    assert AuditEvent.objects.count() == before + 1
    assert Case.objects.count() == contents.tables["cases_case"].rows == 12
    assert all(liberi.digest(case.liberi_id) == case.liberi_id_digest for case in Case.objects.all())
    assert Review.objects.get().retention_months == 12


def test_its_header_names_no_address_and_is_of_an_older_release() -> None:
    header = json.loads(FILE.read_bytes().split(b"\n", 2)[1])
    assert header["key"] == "release"
    assert ["cases", "0008_retention"] not in header["migrations"]
