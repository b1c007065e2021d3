"""Sections: laid out, written, added, moved and removed, each save on record."""

import pytest

from cases.actions import reviews
from cases.errors import Refused, Stale
from cases.models import Stage
from cases.permissions import NotAllowed, NotFound
from kscmp_review.audit.models import AuditEvent
from tests.themes import build_report_case as build
from themes.actions import report
from themes.models import ReportSection
from themes.report.sections import STANDARD
from themes.versions import section_versions

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> build.Reported:
    return build.reported()


def keys(home: build.Reported) -> list[str]:
    return list(ReportSection.objects.filter(review=home.review).values_list("key", flat=True))


def test_a_report_starts_with_the_standard_sections_in_order(home):
    assert keys(home) == list(STANDARD)
    with pytest.raises(Refused, match="started already"):
        report.start(review=home.review, by=home.team)


def test_a_section_is_written_and_its_earlier_words_are_kept(home):
    home.write(" One.\r\nTwo. ")
    section = home.write("Three.", by=home.team)
    assert (section.body, section.revision, section.changed_by) == ("Three.", 3, home.team)
    saves = section.history.order_by("history_id").values_list("body", "changed_by")
    assert list(saves) == [
        ("", home.team.pk),
        ("One.\nTwo.", home.reviewer.pk),
        ("Three.", home.team.pk),
    ]


def test_a_colleagues_save_is_not_written_over(home):
    section = home.section()
    home.write("Theirs.")
    with pytest.raises(Stale):
        report.change_section(section=section, heading="Context", body="Mine.", revision=1, by=home.team)
    assert home.section().body == "Theirs."


def test_the_audit_holds_none_of_the_words(home):
    home.write("A very particular turn of phrase.")
    told = str(list(AuditEvent.objects.values_list("object_id", "before", "after")))
    assert "particular" not in told


@pytest.mark.parametrize(
    ("who", "refusal"), [("lead", NotAllowed), ("board", NotAllowed), ("outsider", NotFound)]
)
def test_the_business_team_and_reviewers_alone_write(home, who, refusal):
    with pytest.raises(refusal):
        home.write("Mine.", by=getattr(home, who))


def test_nothing_is_written_in_a_closed_review(home):
    reviews.move_to_stage(review=home.review, stage=Stage.CLOSED, by=home.team)
    with pytest.raises(Refused, match="Closed"):
        home.write("Mine.")


def test_a_section_needs_a_heading(home):
    section = home.section()
    with pytest.raises(Refused, match="Enter a heading"):
        report.change_section(section=section, heading=" ", body="x", revision=1, by=home.team)


def test_sections_are_added_moved_and_removed(home):
    added = report.add_section(review=home.review, heading="Thanks to all", by=home.team)
    assert keys(home) == [*STANDARD, "added-1"]
    report.move_section(section=added, to="up", by=home.team)
    assert keys(home)[-2:] == ["added-1", "observations-and-analysis"]
    report.move_section(section=added, to="down", by=home.team)
    with pytest.raises(Refused, match="at that end"):
        report.move_section(section=added, to="down", by=home.team)
    revision = ReportSection.objects.get(pk=added.pk).revision
    report.remove_section(section=added, revision=revision, by=home.team)
    assert keys(home) == list(STANDARD)


def test_a_section_that_was_removed_leaves_its_key_to_its_history(home):
    added = report.add_section(review=home.review, heading="Thanks", by=home.team)
    report.remove_section(section=added, revision=1, by=home.team)
    assert report.add_section(review=home.review, heading="Thanks", by=home.team).key == "added-2"


@pytest.mark.parametrize("heading", ["New", "Context", "What Priya did in 70010001", "…"])
def test_a_key_holds_no_word_of_the_heading(home, heading):
    assert report.add_section(review=home.review, heading=heading, by=home.team).key == "added-1"


def test_a_section_with_evidence_is_not_removed_and_any_other_is(home):
    with pytest.raises(Refused, match="Every report has this section"):
        report.remove_section(section=home.section("desk-top-review"), revision=1, by=home.team)
    report.remove_section(section=home.section(), revision=1, by=home.team)
    assert "context" not in keys(home)


def test_a_section_that_was_removed_is_put_back_with_its_words_and_its_past(home):
    section = home.write("Why we asked.")
    report.remove_section(section=section, revision=section.revision, by=home.team)
    back = report.restore_section(review=home.review, key="context", by=home.reviewer)
    assert (back.body, back.heading, keys(home)[-1]) == ("Why we asked.", "Context", "context")
    assert [version.text for version in section_versions(back)] == ["Why we asked.", "Why we asked.", ""]
    for key, refusal in (("context", "The report has this section"), ("nothing", "never had this")):
        with pytest.raises(Refused, match=refusal):
            report.restore_section(review=home.review, key=key, by=home.reviewer)
