"""Writing, changing and deleting findings."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from cases.actions import reviews
from cases.errors import Refused, Stale
from cases.models import Stage
from cases.permissions import NotAllowed, NotFound
from kscmp_review.audit.models import AuditEvent
from tests.themes import build
from themes.actions import findings, passages
from themes.models import Finding, Passage

pytestmark = pytest.mark.django_db
CHOICES: dict[str, Any] = {"record_kind": "case note", "expectation": "beyond", "quality": "strength"}


@pytest.fixture
def home() -> build.House:
    return build.house()


def change(finding: Finding, text: str, by, revision: int | None = None) -> Finding:
    return findings.change(
        finding=finding,
        **CHOICES,
        record_date=None,
        text=text,
        revision=finding.revision if revision is None else revision,
        by=by,
    )


def test_reviewer_writes_a_finding(home):
    finding = findings.write(case=home.cases[0], text="  Seen.\r\nTwice. ", **CHOICES, by=home.reviewer)
    assert finding.text == "Seen.\nTwice."
    event = AuditEvent.objects.about("finding", finding.public_id).get()
    assert (event.action, event.after["case"]) == ("finding.written", home.cases[0].public_id)


def test_the_audit_of_a_finding_holds_none_of_its_words(home):
    finding = build.finding(home, "A very particular turn of phrase.")
    change(finding, "Another particular turn.", home.reviewer)
    findings.delete(finding=finding, revision=2, by=home.reviewer)
    told = str(list(AuditEvent.objects.values_list("before", "after")))
    assert "particular" not in told


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("team", NotAllowed), ("lead", NotAllowed), ("board", NotAllowed), ("outsider", NotFound)],
)
def test_only_reviewers_write_findings(home, who, refusal):
    with pytest.raises(refusal):
        findings.write(case=home.cases[0], text="Seen.", **CHOICES, by=getattr(home, who))
    assert not Finding.objects.exists()


def test_an_unselected_case_cannot_be_written_about(home):
    with pytest.raises(NotFound):
        findings.write(case=home.unselected, text="Seen.", **CHOICES, by=home.reviewer)


def test_nothing_is_written_in_a_closed_review(home):
    for stage in (Stage.REPORTING, Stage.CLOSED):
        reviews.move_to_stage(review=home.review, stage=stage, by=home.team)
    with pytest.raises(Refused, match="Closed"):
        build.finding(home)


@pytest.mark.parametrize(
    "wrong",
    [
        {"record_kind": "letter"},
        {"expectation": "hoped for"},
        {"quality": "excellent"},
        {"text": " \n "},
        {"record_date": timezone.localdate() + timedelta(days=2)},
    ],
)
def test_a_finding_that_breaks_a_rule_is_refused(home, wrong):
    fields = {**CHOICES, "text": "Seen.", "record_date": date(2021, 3, 5), **wrong}
    with pytest.raises(Refused):
        findings.write(case=home.cases[0], **fields, by=home.reviewer)


@pytest.mark.parametrize("unseen", [" \n", "\u200b", "\ufeff \u2060\u00ad", "\u2028\u202e"])
def test_a_finding_of_which_nothing_is_seen_is_none(home, unseen):
    with pytest.raises(Refused, match="Enter what you found"):
        findings.write(case=home.cases[0], text=unseen, **CHOICES, by=home.reviewer)


def test_a_late_save_writes_nothing(home):
    finding = build.finding(home)
    change(finding, "Theirs.", home.colleague)
    with pytest.raises(Stale):
        change(finding, "Mine.", home.reviewer, revision=1)
    finding.refresh_from_db()
    assert (finding.text, finding.revision) == ("Theirs.", 2)


def test_a_late_deletion_deletes_nothing(home):
    finding = build.finding(home)
    change(finding, "Theirs.", home.colleague)
    with pytest.raises(Stale):
        findings.delete(finding=finding, revision=1, by=home.reviewer)
    assert Finding.objects.exists()


def test_deleting_a_finding_takes_its_passages_and_keeps_its_history(home):
    finding = build.finding(home)
    passages.tag(source=finding, themes=[build.theme(home, "Agency checks")], by=home.reviewer)
    findings.delete(finding=finding, revision=1, by=home.reviewer)
    assert not Passage.objects.exists()
    assert Finding.history.filter(text="Checks were sent to five agencies.").exists()


def test_changing_a_deleted_finding_is_refused(home):
    finding = build.finding(home)
    findings.delete(finding=Finding.objects.get(), revision=1, by=home.colleague)
    with pytest.raises(Refused, match="deleted"):
        change(finding, "Mine.", home.reviewer)
