"""Releasing: put forward as it stands, approved by two people, neither of whom wrote it alone."""

import pytest

from cases.actions import reviews
from cases.errors import Refused
from cases.models import Stage
from cases.permissions import NotAllowed, NotFound
from kscmp_review.audit.models import AuditEvent
from tests.themes import build_report_case as build
from themes.actions import learning, passages, release, report
from themes.models import ReportVersion
from themes.report.document import document_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> build.Reported:
    home = build.reported()
    home.write()
    return home


def proposed(home: build.Reported) -> ReportVersion:
    return release.propose(review=home.review, by=home.team)


def test_what_is_put_forward_is_fixed(home):
    version = proposed(home)
    assert (version.number, version.released_at, version.overtaken_at) == (1, None, None)
    before = document_of(version)
    assert "Version 1," in before.html
    home.review.title = "Another title"
    home.review.save()
    again = document_of(ReportVersion.objects.get(pk=version.pk))
    assert again == before
    assert again.digest == version.digest
    assert again.content("xlsx").startswith(b"PK")


def test_its_authors_are_those_who_wrote_since_the_last_release(home):
    assert set(proposed(home).authors.all()) == {home.reviewer}
    home.write("Another word.", by=home.second)
    assert set(proposed(home).authors.all()) == {home.reviewer, home.second}


def test_laying_out_empty_sections_makes_nobody_an_author(home):
    assert home.team not in proposed(home).authors.all()


def moves(home: build.Reported) -> None:
    report.move_section(section=home.section(), to="down", by=home.second)


def saves_what_stands(home: build.Reported) -> None:
    home.write(by=home.second)


def adds_an_empty_section(home: build.Reported) -> None:
    report.add_section(review=home.review, heading="Thanks", by=home.second)


def removes(home: build.Reported) -> None:
    section = report.add_section(review=home.review, heading="Thanks", by=home.reviewer)
    report.remove_section(section=section, revision=1, by=home.second)


def brings_back(home: build.Reported) -> None:
    section = report.add_section(review=home.review, heading="Thanks", by=home.reviewer)
    section = home.write("To all who took part.", key=section.key)
    report.remove_section(section=section, revision=2, by=home.reviewer)
    report.restore_section(review=home.review, key=section.key, by=home.second)


def writes_a_section_and_takes_it_out(home: build.Reported) -> None:
    section = report.add_section(review=home.review, heading="Thanks", by=home.second)
    section = home.write("To all who took part.", key=section.key, by=home.second)
    report.remove_section(section=section, revision=2, by=home.second)


def adds_a_learning_point_and_withdraws_it(home: build.Reported) -> None:
    point = learning.Point(text="Ask early.", audiences=["health"], owner="Head of practice")
    made = learning.add(review=home.review, point=point, by=home.second)
    learning.withdraw(learning_point=made, because="Said twice.", revision=1, by=home.second)


@pytest.mark.parametrize(
    "act",
    [
        moves,
        saves_what_stands,
        adds_an_empty_section,
        removes,
        brings_back,
        writes_a_section_and_takes_it_out,
        adds_a_learning_point_and_withdraws_it,
    ],
)
def test_who_writes_no_word_is_no_author_beside_who_does(home, act):
    act(home)
    assert set(proposed(home).authors.all()) == {home.reviewer}


def test_nobody_is_let_approve_what_they_wrote_by_another_who_moves_a_section():
    home = build.reported()
    home.write(by=home.team)
    moves(home)
    version = proposed(home)
    with pytest.raises(Refused, match="You alone wrote"):
        release.approve(version=version, by=home.team)


def test_where_nobody_wrote_a_word_who_changed_something_is_the_author(home):
    version = proposed(home)
    for person in (home.team, home.second):
        version = release.approve(version=version, by=person)
    moves(home)
    following = proposed(home)
    assert set(following.authors.all()) == {home.second}
    with pytest.raises(Refused, match="You alone wrote"):
        release.approve(version=following, by=home.second)


def test_two_different_people_release_it(home):
    version = release.approve(version=proposed(home), by=home.team)
    assert version.released_at is None
    version = release.approve(version=version, by=home.second)
    assert version.released_at is not None
    events = AuditEvent.objects.about("report version", "1").order_by("pk")
    assert [(event.action, event.actor_id) for event in events] == [
        ("report.proposed", home.team.pk),
        ("report.approved", home.team.pk),
        ("report.released", home.second.pk),
    ]


def test_nobody_approves_twice(home):
    version = release.approve(version=proposed(home), by=home.team)
    with pytest.raises(Refused, match="You have approved this version"):
        release.approve(version=version, by=home.team)
    version.refresh_from_db()
    assert version.released_at is None


def test_who_wrote_it_alone_does_not_approve_it():
    home = build.reported()
    home.write(by=home.team)
    version = proposed(home)
    with pytest.raises(Refused, match="You alone wrote this version"):
        release.approve(version=version, by=home.team)
    release.approve(version=version, by=home.second)
    with pytest.raises(Refused, match="You alone wrote this version"):
        release.approve(version=version, by=home.team)


def test_who_wrote_it_with_others_may_approve_it(home):
    home.write("Together.", by=home.team)
    release.approve(version=proposed(home), by=home.team)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("reviewer", NotAllowed), ("lead", NotAllowed), ("board", NotAllowed), ("outsider", NotFound)],
)
def test_only_the_business_team_puts_forward_and_approves(home, who, refusal):
    with pytest.raises(refusal):
        release.propose(review=home.review, by=getattr(home, who))
    version = proposed(home)
    with pytest.raises(refusal):
        release.approve(version=version, by=getattr(home, who))


@pytest.mark.parametrize("edit", ["change", "add", "move", "remove", "restore"])
def test_an_edit_overtakes_what_was_put_forward(home, edit):
    added = report.add_section(review=home.review, heading="Thanks", by=home.reviewer)
    version = release.approve(version=proposed(home), by=home.team)
    if edit == "change":
        home.write("Another word.")
    elif edit == "add":
        report.add_section(review=home.review, heading="More thanks", by=home.reviewer)
    elif edit == "restore":
        report.remove_section(section=added, revision=added.revision, by=home.reviewer)
        version = release.approve(version=proposed(home), by=home.team)
        report.restore_section(review=home.review, key=added.key, by=home.reviewer)
    elif edit == "move":
        report.move_section(section=added, to="up", by=home.reviewer)
    else:
        report.remove_section(section=added, revision=added.revision, by=home.reviewer)
    with pytest.raises(Refused, match="overtaken"):
        release.approve(version=version, by=home.second)
    version.refresh_from_db()
    assert version.overtaken_at is not None
    assert version.released_at is None


def test_evidence_that_changed_since_keeps_it_from_being_approved(home):
    version = release.approve(version=proposed(home), by=home.team)
    passages.mark_quotable(passage=home.passage, quotable=False, by=home.reviewer)
    with pytest.raises(Refused, match="have changed since this version was put forward"):
        release.approve(version=version, by=home.second)
    assert release.propose(review=home.review, by=home.team).number == 2
    version.refresh_from_db()
    assert version.overtaken_at is not None


def test_putting_the_same_words_forward_again_is_refused(home):
    proposed(home)
    with pytest.raises(Refused, match="Version 1, which has been put forward, says the same already"):
        proposed(home)


def test_a_problem_keeps_it_from_being_put_forward(home):
    home.write("Seen in all 3 cases.")
    with pytest.raises(Refused, match="The checks found 1 problem"):
        proposed(home)
    assert not ReportVersion.objects.exists()


def test_a_report_without_words_is_not_put_forward():
    with pytest.raises(Refused, match="Nothing has been written yet"):
        proposed(build.reported())


def test_it_is_put_forward_and_approved_while_reporting_alone(home):
    version = proposed(home)
    home.review = reviews.move_to_stage(
        review=home.review, stage=Stage.REVIEWING, by=home.team, reason="More to read."
    )
    with pytest.raises(Refused, match="Reviewing"):
        release.approve(version=version, by=home.team)
    home.write("Another word.")
    with pytest.raises(Refused, match="Reviewing"):
        proposed(home)


def test_a_released_version_stays_and_the_next_has_its_own_authors(home):
    version = proposed(home)
    for person in (home.team, home.second):
        version = release.approve(version=version, by=person)
    home.write("Another word.", by=home.second)
    version.refresh_from_db()
    assert version.overtaken_at is None
    following = proposed(home)
    assert (following.number, set(following.authors.all())) == (2, {home.second})


def test_nothing_is_put_forward_where_the_audit_fails(home, monkeypatch):
    def fails(*args: object, **kwargs: object) -> None:
        raise RuntimeError("no audit")

    monkeypatch.setattr("themes.actions.release.record", fails)
    with pytest.raises(RuntimeError):
        proposed(home)
    assert not ReportVersion.objects.exists()
