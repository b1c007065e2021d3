"""Accepting with a reason what a check found: by whom, for what, and until when it holds."""

import pytest
from django.test import Client

from cases.errors import Refused
from cases.models import Stage
from cases.permissions import NotAllowed, NotFound
from kscmp_review.audit.models import AuditEvent
from tests.themes import build_report_case as build
from themes.actions import acceptances, release
from themes.models import ReportAcceptance
from themes.report.checks import Outcome, outcome_of
from themes.report.checks.problem import Problem
from themes.report.document import document_of, draft_of, material_of

pytestmark = pytest.mark.django_db
RING = "The helpline is 01632 960123."
REASON = "It is a helpline that anybody may ring."
CHECKS = "/reviews/babies/report/checks/"


@pytest.fixture
def home() -> build.Reported:
    home = build.reported()
    home.write(RING)
    return home


def outcome(home: build.Reported) -> Outcome:
    return outcome_of(material_of(home.review))


def helpline(home: build.Reported) -> Problem:
    return next(each for each in outcome(home).blocking if each.check.slug == "telephone-number")


def accepted(home: build.Reported) -> ReportAcceptance:
    fingerprint = helpline(home).fingerprint
    return acceptances.accept(review=home.review, fingerprint=fingerprint, reason=REASON, by=home.team)


def slugs(home: build.Reported) -> list[str]:
    return [problem.check.slug for problem in outcome(home).blocking]


def test_what_is_accepted_is_in_the_way_no_more_and_stays_listed(home):
    acceptance = accepted(home)
    assert "telephone-number" not in slugs(home)
    ((problem, found),) = [each for each in outcome(home).accepted if each[1] == acceptance]
    assert (problem.at.section, found.reason, found.accepted_by) == ("context", REASON, home.team)


def test_it_falls_away_when_the_words_around_it_change(home):
    accepted(home)
    home.write(f"{RING} Another sentence.")
    assert "telephone-number" not in slugs(home)
    home.write("The mother's telephone is 01632 960123.")
    assert "telephone-number" in slugs(home)


def test_it_holds_for_one_place_alone(home):
    accepted(home)
    home.write(RING, key="desk-top-review")
    assert slugs(home).count("telephone-number") == 1


def test_taken_back_it_is_in_the_way_again_and_stays_on_record(home):
    acceptance = acceptances.withdraw(acceptance=accepted(home), by=home.second)
    assert "telephone-number" in slugs(home)
    assert (acceptance.ended_by, acceptance.reason) == (home.second, REASON)
    with pytest.raises(Refused, match="does not stand any more"):
        acceptances.withdraw(acceptance=acceptance, by=home.second)


def test_what_fell_away_ends_when_the_report_is_put_forward(home):
    acceptance = accepted(home)
    home.write("Nothing to ring.")
    version = release.propose(review=home.review, by=home.team)
    acceptance.refresh_from_db()
    assert acceptance.ended_at is not None
    assert acceptance.ended_by is None
    assert not version.accepted.filter(pk=acceptance.pk).exists()
    assert REASON not in document_of(version).html


def test_a_version_keeps_what_was_accepted_when_it_was_put_forward(home):
    acceptance = accepted(home)
    version = release.propose(review=home.review, by=home.team)
    assert acceptance in version.accepted.all()
    assert f"Telephone number: {REASON}" in document_of(version).html
    acceptances.withdraw(acceptance=acceptance, by=home.team)
    assert acceptance in version.accepted.all()
    with pytest.raises(Refused, match="The checks found 1 problem"):
        release.approve(version=version, by=home.second)


def test_the_method_note_gives_reasons_and_no_names(home):
    accepted(home)
    html = draft_of(home.review).html
    assert "What was accepted before release" in html
    assert REASON in html
    assert str(home.team) not in html


def test_a_reason_is_looked_at_itself(home):
    fingerprint = helpline(home).fingerprint
    acceptances.accept(review=home.review, fingerprint=fingerprint, reason="As 70010001 shows.", by=home.team)
    assert "liberi-id" in slugs(home)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("See 70010001.", "liberi-id"),
        ("Of 999 000 0018.", "nhs-number"),
        ("One said that the plan was written by everyone round that table together.", "quoting-not-agreed"),
        ("In {{ cases_wanted }}.", "unknown-count"),
    ],
)
def test_an_identifier_or_words_not_agreed_to_is_never_accepted(home, text, slug):
    home.write(text)
    problem = next(each for each in outcome(home).blocking if each.check.slug == slug)
    with pytest.raises(Refused, match="cannot be accepted"):
        acceptances.accept(review=home.review, fingerprint=problem.fingerprint, reason=REASON, by=home.team)
    client = Client()
    client.force_login(home.team)
    assert client.get(f"{CHECKS}{problem.fingerprint}/accept/").status_code == 404


def test_even_a_row_in_the_database_accepts_no_identifier(home):
    home.write("See 70010001.")
    problem = next(each for each in outcome(home).blocking if each.check.slug == "liberi-id")
    ReportAcceptance.objects.create(
        review=home.review,
        kind="liberi-id",
        fingerprint=problem.fingerprint,
        sentence="x",
        reason="x",
        accepted_by=home.team,
    )
    assert "liberi-id" in slugs(home)


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * 501])
def test_a_reason_is_needed_and_no_essay(home, reason):
    fingerprint = helpline(home).fingerprint
    with pytest.raises(Refused):
        acceptances.accept(review=home.review, fingerprint=fingerprint, reason=reason, by=home.team)
    assert not ReportAcceptance.objects.filter(kind="telephone-number").exists()


def test_what_the_checks_do_not_find_is_not_accepted(home):
    fingerprint = helpline(home).fingerprint
    home.write("Nothing to ring.")
    with pytest.raises(Refused, match="do not find this any more"):
        acceptances.accept(review=home.review, fingerprint=fingerprint, reason=REASON, by=home.team)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("reviewer", NotAllowed), ("lead", NotAllowed), ("board", NotAllowed), ("outsider", NotFound)],
)
def test_the_business_team_alone_accepts_and_takes_back(home, who, refusal):
    fingerprint, person = helpline(home).fingerprint, getattr(home, who)
    with pytest.raises(refusal):
        acceptances.accept(review=home.review, fingerprint=fingerprint, reason=REASON, by=person)
    acceptance = accepted(home)
    with pytest.raises(refusal):
        acceptances.withdraw(acceptance=acceptance, by=person)


def test_the_audit_says_who_accepted_which_check_and_holds_no_word_of_it(home):
    acceptances.withdraw(acceptance=accepted(home), by=home.second)
    events = list(AuditEvent.objects.filter(object_type="report acceptance").order_by("pk"))[-2:]
    assert [(event.action, event.actor_id) for event in events] == [
        ("report problem.accepted", home.team.pk),
        ("report acceptance.withdrawn", home.second.pk),
    ]
    for event in events:
        assert set(event.after) == {"check", "fingerprint"}
        assert event.after["check"] == "telephone-number"


def test_nothing_is_accepted_where_the_audit_fails(home, monkeypatch):
    fingerprint = helpline(home).fingerprint
    standing = ReportAcceptance.objects.standing(home.review).count()

    def fail(**fields: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("kscmp_review.audit.record.AuditEvent", fail)
    with pytest.raises(RuntimeError):
        acceptances.accept(review=home.review, fingerprint=fingerprint, reason=REASON, by=home.team)
    assert ReportAcceptance.objects.standing(home.review).count() == standing
    first = ReportAcceptance.objects.create(
        review=home.review, kind="x", fingerprint="x", sentence="x", reason="x", accepted_by=home.team
    )
    with pytest.raises(RuntimeError):
        acceptances.withdraw(acceptance=first, by=home.team)
    first.refresh_from_db()
    assert first.ended_at is None


def test_nothing_is_accepted_before_the_report_can_be_written():
    home = build.reported(stage=Stage.REVIEWING)
    home.write(RING)
    problem = helpline(home)
    home.review.stage = Stage.CLOSED
    home.review.save()
    with pytest.raises(Refused, match="at the stage"):
        acceptances.accept(review=home.review, fingerprint=problem.fingerprint, reason=REASON, by=home.team)


def test_a_problem_is_accepted_and_taken_back_on_its_pages(home):
    client = Client()
    client.force_login(home.team)
    desk = client.get("/reviews/babies/report/").content.decode()
    address = f"{CHECKS}{helpline(home).fingerprint}/accept/"
    assert address in desk
    assert "Accept it with a reason" in desk
    page = client.get(address).content.decode()
    assert RING in page
    assert "Enter why this may stand" in client.post(address, {"reason": " "}).content.decode()
    done = client.post(address, {"reason": REASON}, follow=True).content.decode()
    assert "Accepted, with your reason." in done
    assert REASON in done
    assert str(home.team) in done
    acceptance = ReportAcceptance.objects.get(kind="telephone-number")
    back = client.post(f"{CHECKS}acceptances/{acceptance.pk}/withdraw/", follow=True).content.decode()
    assert "The acceptance has been taken back" in back
    assert "1 acceptance taken back or fallen away" in back


def test_a_reviewer_reads_the_checks_and_is_offered_no_acceptance(home):
    client = Client()
    client.force_login(home.reviewer)
    page = client.get(CHECKS).content.decode()
    assert "telephone number" in page
    assert "Accept it with a reason" not in page
