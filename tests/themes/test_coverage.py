"""What has been read, by whom, and what is left."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.errors import Refused
from cases.permissions import NotAllowed
from tests.themes import build
from themes.actions import interviews, records_read
from themes.coverage import coverage_of
from themes.models import RecordKind, RecordRead
from themes.progress import progress_of

pytestmark = pytest.mark.django_db
COVERAGE = ["babies"]


@pytest.fixture
def home() -> build.House:
    return build.house()


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def coverage_page(client: Client, **query: int) -> str:
    return client.get(reverse("coverage", args=["babies"]), query).content.decode()


def place(home, kind: str, case: int = 0):
    _, places, _ = coverage_of(home.review).rows[case]
    return next(each for each in places if each.kind == kind)


def test_a_record_is_read_by_a_finding_or_by_a_mark(home):
    assert coverage_of(home.review).left == 2 * (len(RecordKind.values) + 1)
    build.finding(home)
    records_read.mark(
        case=home.cases[0], record_kind="chronology", outcome="no such record", by=home.colleague
    )
    found = coverage_of(home.review)
    assert found.told(place(home, "agency check")) == [f"1 finding, {home.reviewer.name}"]
    assert found.told(place(home, "chronology")) == [f"No such record, {home.colleague.name}"]
    assert found.told(place(home, "chronology"), only=home.reviewer.pk) == []
    assert found.left == 2 * (len(RecordKind.values) + 1) - 2


def test_an_interview_is_settled_by_notes_or_by_a_reason_why_there_is_none(home):
    build.interview(home)
    _, _, heard = coverage_of(home.review).rows[0]
    assert not heard.is_settled
    build.note(home, build.question(home))
    interviews.record(case=home.cases[1], status="unavailable", reason="On leave.", by=home.reviewer)
    assert [heard.is_settled for _, _, heard in coverage_of(home.review).rows] == [True, True]


def test_a_marked_record_is_missing_no_more(home):
    assert "Chronology" in " ".join(progress_of(home.review)[0].missing)
    records_read.mark(
        case=home.cases[0], record_kind="chronology", outcome="nothing to note", by=home.reviewer
    )
    assert "Chronology" not in " ".join(progress_of(home.review)[0].missing)


def test_a_second_mark_replaces_the_first_and_only_ones_own_is_taken_off(home):
    case = home.cases[0]
    for outcome in ("nothing to note", "no such record"):
        records_read.mark(case=case, record_kind="chronology", outcome=outcome, by=home.reviewer)
    assert RecordRead.objects.get().outcome == "no such record"
    with pytest.raises(Refused, match="not marked"):
        records_read.unmark(case=case, record_kind="chronology", by=home.colleague)
    records_read.unmark(case=case, record_kind="chronology", by=home.reviewer)
    assert not RecordRead.objects.exists()


@pytest.mark.parametrize(("kind", "outcome"), [("letter", "nothing to note"), ("chronology", "read")])
def test_what_is_no_record_or_no_outcome_is_refused(home, kind, outcome):
    with pytest.raises(Refused):
        records_read.mark(case=home.cases[0], record_kind=kind, outcome=outcome, by=home.reviewer)


def test_only_reviewers_mark(home):
    with pytest.raises(NotAllowed):
        records_read.mark(
            case=home.cases[0], record_kind="chronology", outcome="nothing to note", by=home.team
        )


def test_the_page_says_who_read_what_and_marks_in_place(home):
    client = signed_in(home.reviewer)
    url = reverse("record_read", args=["babies", home.cases[0].public_id])
    client.post(url, {"record_kind": "chronology", "outcome": "nothing to note"})
    page = coverage_page(client)
    assert f"Read, nothing to note, {home.reviewer.name}" in page
    assert "Take my mark off" in page
    assert "Not by this person" in coverage_page(client, reviewer=home.colleague.pk)
    client.post(url, {"record_kind": "chronology", "outcome": "not read"})
    assert not RecordRead.objects.exists()
    assert "Nothing to note" not in coverage_page(signed_in(home.team))


def test_the_number_of_queries_does_not_grow(home):
    client = signed_in(home.reviewer)
    build.finding(home)
    coverage_page(client)
    with CaptureQueriesContext(connection) as few:
        coverage_page(client)
    for kind in ("case note", "other"):
        build.finding(home, record_kind=kind, case=1)
    records_read.mark(
        case=home.cases[1], record_kind="chronology", outcome="no such record", by=home.colleague
    )
    with CaptureQueriesContext(connection) as many:
        coverage_page(client)
    assert len(many) <= len(few)
