"""The case page, the list of cases, and the pages on which findings are written."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Membership
from kscmp_review.audit.models import AuditEvent
from tests.themes import build
from themes.actions import findings, passages
from themes.models import Finding, Source
from themes.progress import KINDS_TO_READ
from themes.tabs import coverage_panels, waiting_for_reviewers

pytestmark = pytest.mark.django_db
TYPED = {"record_kind": "case note", "expectation": "beyond", "quality": "strength", "revision": 0}


@pytest.fixture
def home() -> build.House:
    return build.house()


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def client(home) -> Client:
    return signed_in(home.reviewer)


def address(home: build.House, name: str = "case", *args: str, case: int = 0) -> str:
    return reverse(name, args=[home.review.slug, home.cases[case].public_id, *args])


def unselected(home: build.House, name: str = "case") -> str:
    return reverse(name, args=[home.review.slug, home.unselected.public_id])


# Who sees what


@pytest.mark.parametrize("name", ["case", "finding_new", "interview"])
def test_reviewer_cannot_reach_an_unselected_case(home, client, name):
    assert client.get(unselected(home, name)).status_code == 404
    assert client.post(unselected(home, name), TYPED).status_code in (404, 405)
    assert not Finding.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("team", 200), ("board", 403), ("outsider", 404)])
def test_who_reaches_a_selected_case(home, who, status):
    assert signed_in(getattr(home, who)).get(address(home)).status_code == status


@pytest.mark.parametrize(
    "name", ["cases", "codebook", "matrix", "interviews", "topic_guide", "matrix_export"]
)
@pytest.mark.parametrize(
    ("who", "status"), [("team", 200), ("reviewer", 200), ("lead", 403), ("board", 403), ("outsider", 404)]
)
def test_who_reaches_the_pages_of_findings(home, name, who, status):
    assert signed_in(getattr(home, who)).get(reverse(name, args=[home.review.slug])).status_code == status


def test_business_team_reads_a_case_and_cannot_write_about_it(home):
    finding = build.finding(home)
    team = signed_in(home.team)
    shown = team.get(address(home)).content.decode()
    assert finding.text in shown
    assert "Add a finding" not in shown
    assert team.get(address(home, "finding_new")).status_code == 403
    assert team.post(address(home, "finding_delete", finding.public_id), {"revision": 1}).status_code == 403
    assert team.post(address(home, "passage_tag", finding.public_id), {}).status_code == 403
    assert Finding.objects.exists()


def test_no_district_and_no_liberi_id_stands_beside_a_letter(home):
    for person in (home.reviewer, home.team):
        client = signed_in(person)
        for url in (address(home), reverse("cases", args=[home.review.slug])):
            shown = client.get(url).content.decode()
            assert f"Case {home.cases[0].letter}" in shown
            assert "North" not in shown
            assert "South" not in shown
            assert home.cases[0].liberi_id not in shown


def test_district_lead_sees_answers_of_their_own_cases_and_no_letter(home):
    lead = signed_in(home.lead)
    own = next(case for case in home.cases if case.district.name == "North")
    build.finding(home, "A finding.", case=home.cases.index(own))
    for case in (own, home.unselected):
        shown = lead.get(reverse("case", args=[home.review.slug, case.public_id])).content.decode()
        assert case.reference in shown
        assert "Seen at the assessment." in shown
        assert "A finding." not in shown
        assert not re.search(rf"\bCase {own.letter}\b", shown)  # a reference may begin with its letter


def test_district_lead_cannot_see_another_districts_case(home):
    other = next(case for case in home.cases if case.district.name == "South")
    url = reverse("case", args=[home.review.slug, other.public_id])
    assert signed_in(home.lead).get(url).status_code == 404


def test_a_finding_of_one_case_is_not_found_under_another(home, client):
    finding = build.finding(home)
    for name in ("finding_change", "finding_delete"):
        url = address(home, name, finding.public_id, case=1)
        assert client.get(url).status_code == 404
        assert client.post(url, {**TYPED, "text": "Moved.", "revision": 1}).status_code == 404
    finding.refresh_from_db()
    assert finding.revision == 1


def test_viewing_a_case_is_on_record(home, client):
    client.get(address(home))
    event = AuditEvent.objects.get(action="case.viewed")
    assert (event.object_id, event.actor_id) == (home.cases[0].public_id, home.reviewer.pk)


# Writing


def test_a_finding_is_written_from_the_page_with_its_line_ends_made_one(home, client):
    posted = {**TYPED, "text": "One.\r\nTwo.", "record_date": "14/4/2021"}
    response = client.post(address(home, "finding_new"), posted)
    finding = Finding.objects.get()
    assert response.url.endswith(f"#text-{finding.public_id}")
    assert finding.text == "One.\nTwo."


def test_a_form_with_faults_keeps_what_was_typed(home, client):
    response = client.post(address(home, "finding_new"), {"text": "Seen twice.", "revision": 0})
    shown = response.content.decode()
    assert "Seen twice." in shown
    assert "Select kind of record" in shown
    assert "<title>Error:" in shown


def test_a_late_save_shows_both_texts_and_writes_nothing(home, client):
    finding = build.finding(home, "As it was.")
    findings.change(
        finding=finding,
        record_kind="case note",
        expectation="beyond",
        quality="strength",
        record_date=None,
        text="As a colleague wrote it.",
        revision=1,
        by=home.colleague,
    )
    url = address(home, "finding_change", finding.public_id)
    response = client.post(url, {**TYPED, "text": "As I wrote it.", "revision": 1})
    shown = response.content.decode()
    assert response.status_code == 409
    assert "As a colleague wrote it." in shown
    assert "As I wrote it." in shown
    finding.refresh_from_db()
    assert finding.text == "As a colleague wrote it."
    chosen = {**TYPED, "text": "As I wrote it.", "revision": response.context["form"]["revision"].value()}
    assert client.post(url, chosen).status_code == 302
    finding.refresh_from_db()
    assert finding.text == "As I wrote it."


def test_what_was_typed_into_a_deleted_finding_is_not_lost(home, client):
    finding = build.finding(home)
    findings.delete(finding=Finding.objects.get(), revision=1, by=home.colleague)
    url = address(home, "finding_change", finding.public_id)
    response = client.post(url, {**TYPED, "text": "Days of reading.", "revision": 1})
    shown = response.content.decode()
    assert response.status_code == 409
    assert "Days of reading." in shown
    assert f'action="{address(home, "finding_new")}"' in shown


def test_a_finding_is_deleted_after_being_asked(home, client):
    finding = build.finding(home)
    url = address(home, "finding_delete", finding.public_id)
    assert finding.text in client.get(url).content.decode()
    assert client.post(url, {"revision": 1}).status_code == 302
    assert not Finding.objects.exists()


# What is missing, and what waits


def test_the_page_says_what_is_still_missing(home, client):
    build.finding(home)
    shown = client.get(address(home)).content.decode()
    assert (
        "Not read yet: C&amp;F assessment, Case note, FGC referral, Supervision record, Chronology" in shown
    )
    assert "Nothing is recorded about the interview" in shown
    assert "1 text without a tag" in shown


def test_what_is_done_is_missing_no_more(home, client):
    theme, about = build.theme(home, "Supervision"), build.question(home)
    build.interview(home)
    texts: list[Source] = [build.note(home, about)]
    texts += [build.finding(home, record_kind=kind) for kind in KINDS_TO_READ]
    for text in texts:
        passages.tag(source=text, themes=[theme], by=home.reviewer)
    assert client.get(address(home)).context["progress"].missing == []


def test_what_waits_for_a_reviewer_is_told_in_words(home):
    build.finding(home)
    membership = Membership.objects.select_related("review").get(user=home.reviewer)
    waiting = waiting_for_reviewers([membership])[membership.pk]
    assert waiting.state == "1 of the 2 cases have findings; none of the 2 interviews done"


def test_coverage_is_told_on_the_overview(home):
    build.interview(home)
    assert [panel.state for panel in coverage_panels(home.review)] == [
        "Findings for none of the 2 cases",
        "1 of the 2 interviews done",
    ]


# Constant queries

MOST_QUERIES = 22


def test_case_page_holds_its_queries_as_findings_grow(home, client, django_assert_max_num_queries):
    theme, other = build.theme(home, "Supervision"), build.theme(home, "Agency checks")
    about = build.question(home)
    build.interview(home)
    first = build.note(home, about)
    for text in (first, build.finding(home)):
        passages.tag(source=text, themes=[theme], by=home.reviewer)
    with django_assert_max_num_queries(100) as few:
        client.get(address(home))
    assert len(few) <= MOST_QUERIES
    for number in range(6):
        finding = build.finding(home, f"Checks number {number} were sent.")
        passages.tag(source=finding, start=0, end=6, themes=[theme, other], by=home.reviewer)
        build.note(home, build.question(home, f"Question {number}?"))
    with django_assert_max_num_queries(len(few)):
        client.get(address(home))


def test_list_of_cases_holds_its_queries_as_findings_grow(home, client, django_assert_max_num_queries):
    build.finding(home)
    url = reverse("cases", args=[home.review.slug])
    with django_assert_max_num_queries(100) as few:
        client.get(url)
    for number in range(5):
        build.finding(home, f"Finding {number}", case=number % 2)
    with django_assert_max_num_queries(len(few)):
        client.get(url)
